"""One person on several channels, as they live it: a code, the owner's yes, one conversation."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.linking import GUESSES, ChannelLinks
from bot.settings import Settings
from bot.world import load_world
from dialogs.assistant import Assistant
from dialogs.case import Case, Colleague
from dialogs.linking import JOIN_CODE, LinkWay
from dialogs.message import Button, Identity, Inbound, Reply
from dialogs.pictures import QrPicture
from dialogs.turn import staff
from storage.memory import memory_stores
from storage.ports import Stores
from tests.storage.making import unique

WORLD = load_world(Settings(_env_file=None))


class _Ways:
    """Three channels, one of which is scanned or typed."""

    def served(self) -> tuple[str, ...]:
        return ("wechat", "telegram", "web")

    async def to(self, channel: str, code: str) -> LinkWay:
        word = f"{JOIN_CODE}{code}"
        if channel == "wechat":
            return LinkWay(channel, scan=f"http://weixin.qq.com/q/{code}")
        url = {
            "web": f"https://b.example.cn/#{word}",
            "telegram": f"https://t.me/beian_bot?start={word}",
        }[channel]
        return LinkWay(channel, url, url)


@dataclass
class Talk:
    """An assistant on three channels, and a clock."""

    now: datetime = datetime(2026, 11, 24, 1, tzinfo=UTC)
    stores: Stores = field(init=False)
    assistant: Assistant = field(init=False)

    def __post_init__(self) -> None:
        self.stores = memory_stores(lambda: self.now)
        self.assistant = Assistant(
            WORLD, self.stores.cases, self.stores.dead_letters, lambda: self.now
        )
        self.assistant.links = ChannelLinks(
            self.stores.links,
            self.stores.attempts,
            lambda: self.now,
            _Ways(),
        )

    async def _hear(self, who: Identity, **what: Any) -> tuple[Reply, ...]:
        inbound = Inbound(who, unique("m"), self.now, **what)
        return (await self.assistant.handle(inbound)).replies

    async def say(self, who: Identity, text: str) -> str:
        """Write something; what is answered."""
        return "\n".join(one.text for one in await self._hear(who, text=text))

    async def press(self, who: Identity, label: str) -> str:
        """Press the newest button of this label that was shown to somebody."""
        button = next(one for one in await self.buttons(who) if one.label == label)
        return "\n".join(one.text for one in await self._hear(who, button=button.value))

    async def buttons(self, who: Identity) -> list[Button]:
        """The buttons shown, the newest first."""
        entries = await self.stores.transcript.latest(who, 50)
        said = [one.said for one in entries if one.said is not None]
        return [button for reply in reversed(said) for button in reply.buttons]

    async def read(self, who: Identity) -> list[str]:
        """All that was said to somebody."""
        entries = await self.stores.transcript.latest(who, 50)
        return [one.said.text for one in entries if one.said is not None]

    async def code(self, who: Identity, words: str = "绑定") -> str:
        """Ask for a code."""
        found = re.search(r"[A-Z2-9]{3}-[A-Z2-9]{3}-[A-Z2-9]{3}", await self.say(who, words))
        assert found is not None
        return found[0]

    async def case(self, who: Identity) -> Case:
        """How things stand."""
        return await self.assistant.case(who)


@pytest.fixture
def talk() -> Talk:
    return Talk()


WEB, PHONE, OTHER = (
    Identity("web", "browser-7788"),
    Identity("telegram", "1234567"),
    Identity("telegram", "7654321"),
)


async def _linked(talk: Talk) -> None:
    await talk.say(WEB, "你好")
    code = await talk.code(WEB)
    await talk.say(PHONE, code)
    await talk.press(WEB, "是我，绑定")


async def test_a_person_goes_on_elsewhere_once_they_said_yes_where_they_were(talk: Talk) -> None:
    await talk.say(WEB, "你好")
    await talk.press(WEB, "同意")
    code = await talk.code(WEB, "换到 Telegram")
    used = await talk.say(PHONE, f"绑定 {code.lower()}")
    assert "请回到网页确认" in used
    number = re.search(r"核对数字：(\d\d)", used)
    asked = (await talk.read(WEB))[-1]
    assert "Telegram（尾号 4567）" in asked and number is not None and number[1] in asked
    assert (await talk.case(PHONE)).filings == {}  # nothing is linked yet
    assert "绑定好了：Telegram（尾号 4567）" in await talk.press(WEB, "是我，绑定")
    assert (await talk.case(PHONE)).filings == (await talk.case(WEB)).filings
    welcome = await talk.read(PHONE)
    assert any("这里和网页是同一份备案" in line for line in welcome)
    here = await talk.say(PHONE, "帮助")
    assert here in "\n".join(await talk.read(WEB))
    assert (await talk.case(WEB)).last_on == PHONE


async def test_a_deep_link_carries_the_code_and_greets_nobody_twice(talk: Talk) -> None:
    await talk.say(WEB, "你好")
    await talk.say(WEB, "绑定")
    link = next(one.url for one in await talk.buttons(WEB) if one.url and "t.me" in one.url)
    start = link.rpartition("=")[2]
    assert len(start) <= 64
    replies = await talk._hear(PHONE, button="cmd:resume", label="/start", start=start)
    assert [("核对数字" in one.text) for one in replies] == [True]


async def test_a_page_shows_a_code_to_scan_and_a_phone_does_not(talk: Talk) -> None:
    for who, scans in ((WEB, ["http://weixin.qq.com/q/"]), (PHONE, [])):
        await talk.say(who, "你好")
        [said] = await talk._hear(who, text="换到微信")
        pictures = [file.picture for file in said.files]
        assert [one.address[:23] for one in pictures if isinstance(one, QrPicture)] == scans
        assert ("二维码" in said.text) == bool(scans)
        assert "微信公众号里" in said.text


async def test_whoever_uses_somebody_elses_code_sees_nothing_and_the_owner_hears(
    talk: Talk,
) -> None:
    await talk.say(WEB, "你好")
    code = await talk.code(WEB)
    await talk.say(PHONE, code)
    assert "已经有人用过" in await talk.say(OTHER, code)
    assert "又被人用了一次" in (await talk.read(WEB))[-1]
    assert "没有绑定" in await talk.press(WEB, "不是我")
    assert "没有确认" in (await talk.read(PHONE))[-1]
    for who in (PHONE, OTHER):
        assert (await talk.case(who)).linked == ()
    assert "已经过了时间" in await talk.press(WEB, "是我，绑定")


async def test_a_code_for_one_channel_does_not_work_on_another(talk: Talk) -> None:
    await talk.say(WEB, "你好")
    code = await talk.code(WEB, "在微信继续")
    assert "不是给这里用的" in await talk.say(PHONE, code)
    assert "又被人用了一次" in (await talk.read(WEB))[-1]


async def test_guessing_ends_soon(talk: Talk) -> None:
    await talk.say(WEB, "你好")
    code = await talk.code(WEB)
    for _ in range(GUESSES[0]):
        assert "不对" in await talk.say(OTHER, "绑定码 ABC-DEF-GHJ")
    assert "太频繁" in await talk.say(OTHER, code)
    talk.now += GUESSES[1] + timedelta(minutes=1)
    assert "已经过期" in await talk.say(OTHER, code)


async def test_a_typed_yes_and_a_second_press_do_the_same(talk: Talk) -> None:
    await talk.say(WEB, "你好")
    await talk.say(PHONE, await talk.code(WEB))
    assert "绑定好了" in await talk.say(WEB, "是")
    assert "绑定好了" in await talk.press(WEB, "是我，绑定")
    assert (await talk.case(WEB)).linked == (PHONE,)


async def test_filings_of_both_sides_are_announced_and_kept_apart(talk: Talk) -> None:
    for who in (WEB, PHONE):
        await talk.say(who, "你好")
        await talk.press(who, "同意")
    await talk.say(PHONE, await talk.code(WEB))
    assert "已经有 1 个备案" in (await talk.read(WEB))[-1]
    mine = (await talk.case(WEB)).active
    await talk.press(WEB, "是我，绑定")
    case = await talk.case(PHONE)
    assert len(case.filings) == 2 and case.active == mine


async def test_a_channel_leaves_at_a_word_from_either_side(talk: Talk) -> None:
    await _linked(talk)
    assert "您绑定了" in await talk.say(WEB, "解除绑定")
    filings = (await talk.case(WEB)).filings
    told: list[Identity] = []
    talk.assistant.listeners.append(told.append)
    assert "已经解除：Telegram（尾号 4567）" in await talk.press(WEB, "解除 Telegram（尾号 4567）")
    assert PHONE in told  # so that a page of theirs shows what is theirs now
    assert await talk.read(PHONE) == []
    await talk.say(PHONE, await talk.code(WEB))
    await talk.press(WEB, "是我，绑定")
    await talk.say(PHONE, "解绑")
    assert "已经解除绑定" in await talk.press(PHONE, "解除这里")
    assert "已经自己解除了绑定" in (await talk.read(WEB))[-1]
    assert (await talk.case(WEB)).filings == filings
    assert "备案助手" in await talk.say(PHONE, "你好")  # welcomed as somebody new
    assert (await talk.case(PHONE)).linked == ()


async def test_whoever_has_one_channel_is_offered_another(talk: Talk) -> None:
    await talk.say(WEB, "你好")
    assert "只用了这一个渠道" in await talk.say(WEB, "解除绑定")
    assert "您的绑定码" in await talk.press(WEB, "绑定别的渠道")


async def test_the_very_first_words_may_ask_for_a_code(talk: Talk) -> None:
    assert "请再点一次" in await talk.say(WEB, "绑定")
    assert "您的绑定码" in await talk.press(WEB, "绑定别的渠道")


async def test_nobody_is_linked_while_a_colleague_helps(talk: Talk) -> None:
    await talk.say(WEB, "你好")
    await talk.say(PHONE, "你好")
    wang = Colleague("a1", "小王")
    code = await talk.code(WEB)
    await talk.assistant.act(
        PHONE, lambda case: staff.join(case, wang, talk.now, WORLD, timedelta(minutes=10))
    )
    await talk.assistant.act(PHONE, lambda case: staff.hand_back(case, wang, talk.now, WORLD))
    await talk.assistant.act(
        WEB, lambda case: staff.join(case, wang, talk.now, WORLD, timedelta(minutes=10))
    )
    assert "客服同事正在帮您处理" in await talk.say(PHONE, code)


@pytest.mark.parametrize(
    "words",
    [
        "换到微信",
        "在微信上继续",
        "用电脑继续填",
        "我想绑定微信",
        "绑定",
        "换手机继续",
        "continue on WeChat",
    ],
)
async def test_people_ask_for_it_in_many_ways(talk: Talk, words: str) -> None:
    await talk.say(WEB, "你好")
    assert await talk.code(WEB, words)


@pytest.mark.parametrize(
    "words", ["绑定域名", "微信小程序要备案吗", "换域名", "网站在电脑上打不开"]
)
async def test_other_words_are_left_to_others(talk: Talk, words: str) -> None:
    await talk.say(WEB, "你好")
    assert "绑定码" not in await talk.say(WEB, words)


async def test_what_staff_say_goes_where_the_person_wrote_last(talk: Talk) -> None:
    await _linked(talk)
    await talk.say(PHONE, "帮助")
    conversation = (await talk.case(WEB)).conversation_id
    held = await talk.stores.claims.find(conversation)
    assert held is not None and held.identity == PHONE
    await talk.say(WEB, "帮助")
    held = await talk.stores.claims.find(conversation)
    assert held is not None and held.identity == WEB
