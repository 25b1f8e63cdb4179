"""What people do is posted sealed, again until acknowledged, and answers are read strictly."""

import asyncio

import pytest

from bot.clock import SimulatedClock
from bot.testing.wechat import FakeAccount, FakeWeChat, Follower, Way
from bot.testing.wechat.callbacks import FAULTY
from bot.testing.wechat.envelope import NotOurs, Sealed
from tests.bot.wechat_server.calling import Developer


async def shown_after(wechat: FakeWeChat, visitor: Follower, text: str = "你好") -> list[str]:
    await visitor.say(text)
    await wechat.callbacks.settled()
    return [one.text for one in await visitor.messages()]


async def test_the_address_is_verified_with_a_word(
    wechat: FakeWeChat, developer: Developer
) -> None:
    assert await wechat.callbacks.verify()


async def test_what_is_said_arrives_and_the_passive_reply_is_shown(
    wechat: FakeWeChat, developer: Developer, visitor: Follower
) -> None:
    async def answer(message: dict[str, str]) -> bytes:
        return developer.reply(message, Content=f"听到：{message['Content']} ]]> <b>&")

    await wechat.callbacks.settled()
    developer.answer = answer
    assert await shown_after(wechat, visitor) == ["听到：你好 ]]> <b>&"]
    (shown,) = await visitor.messages()
    assert shown.way is Way.PASSIVE
    assert [one["MsgType"] for one in developer.heard] == ["event", "text"]
    assert developer.heard[0]["Event"] == "subscribe"
    assert developer.queries[1]["encrypt_type"] == "aes"
    assert "你好" not in developer.bodies[1].decode()


async def test_an_answer_that_does_not_come_is_asked_for_three_more_times(
    clock: SimulatedClock,
) -> None:
    never = asyncio.Event()
    wechat = FakeWeChat(now=clock, patience=0.05)
    async with wechat, Developer(wechat.account) as developer:

        async def answer(_: dict[str, str]) -> bytes:
            await never.wait()
            return b"success"

        developer.answer = answer
        visitor = Follower(wechat.account)
        await visitor.subscribe()
        wechat.account.callback_url = developer.url
        assert await shown_after(wechat, visitor) == [FAULTY]
        assert {one["Content"] for one in developer.heard} <= {"你好"}
        assert wechat.callbacks.posted[-1].statuses == [None] * 4
        assert not wechat.callbacks.posted[-1].acknowledged
        never.set()


async def test_a_lost_answer_brings_the_same_message_again(
    wechat: FakeWeChat, developer: Developer, visitor: Follower
) -> None:
    await wechat.callbacks.settled()
    wechat.account.lost_answers = 2

    async def answer(message: dict[str, str]) -> bytes:
        return developer.reply(message, Content="好的")

    developer.answer = answer
    assert await shown_after(wechat, visitor) == ["好的"]
    assert wechat.callbacks.posted[-1].statuses == [200, 200, 200]
    texts = [one for one in developer.heard if one["MsgType"] == "text"]
    assert [one["Content"] for one in texts] == ["你好"] * 3
    assert len({query["nonce"] for query in developer.queries}) == len(developer.queries)


@pytest.mark.parametrize("same", [False, True])
async def test_copies_come_at_once_and_their_answers_are_shown_once(
    wechat: FakeWeChat, developer: Developer, visitor: Follower, same: bool
) -> None:
    await wechat.callbacks.settled()
    wechat.callbacks.copies, wechat.callbacks.same_envelope = 5, same

    async def answer(message: dict[str, str]) -> bytes:
        return developer.reply(message, Content="好的")

    developer.answer = answer
    assert await shown_after(wechat, visitor) == ["好的"]
    assert len(developer.heard) == 6
    assert len(set(developer.bodies[1:])) == (1 if same else 5)


@pytest.mark.parametrize(
    "content, why",
    [
        ({"Content": ""}, "empty content"),
        ({"Content": "字" * 683}, "content size out of limit"),
        ({"Content": "好", "MsgType": "markdown"}, "MsgType"),
        ({"Content": "好", "ToUserName": "o-somebody-else"}, "swapped"),
        ({"Content": "好", "FromUserName": "gh_other"}, "swapped"),
        ({"Content": "好", "CreateTime": "now"}, "CreateTime"),
    ],
)
async def test_an_odd_reply_becomes_a_notice_of_a_fault(
    wechat: FakeWeChat, developer: Developer, visitor: Follower, content: dict[str, str], why: str
) -> None:
    async def answer(message: dict[str, str]) -> bytes:
        return developer.reply(message, **content)

    await wechat.callbacks.settled()
    developer.answer = answer
    assert await shown_after(wechat, visitor) == [FAULTY]
    assert why in wechat.callbacks.posted[-1].odd


@pytest.mark.parametrize(
    "body, why",
    [
        (b'{"errcode": 0}', "no XML"),
        (b"<xml><Content>in the open</Content></xml>", "safe mode takes"),
        (b"<!DOCTYPE xml><xml/>", "DOCTYPE"),
        (b"\xff\xfe", "UTF-8"),
        (b"SUCCESS", "no XML"),
    ],
)
async def test_an_answer_outside_safe_mode_becomes_a_notice_of_a_fault(
    wechat: FakeWeChat, developer: Developer, visitor: Follower, body: bytes, why: str
) -> None:
    async def answer(_: dict[str, str]) -> bytes:
        return body

    await wechat.callbacks.settled()
    developer.answer = answer
    assert await shown_after(wechat, visitor) == [FAULTY]
    assert why in wechat.callbacks.posted[-1].odd


async def test_a_reply_without_cdata_is_odd(
    wechat: FakeWeChat, developer: Developer, visitor: Follower
) -> None:
    async def answer(message: dict[str, str]) -> bytes:
        text = (
            f"<xml><ToUserName>{message['FromUserName']}</ToUserName>"
            f"<FromUserName>{message['ToUserName']}</FromUserName>"
            "<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>hi</Content></xml>"
        )
        return developer.seal(text)

    await wechat.callbacks.settled()
    developer.answer = answer
    assert await shown_after(wechat, visitor) == [FAULTY]
    assert "CDATA" in wechat.callbacks.posted[-1].odd


def test_a_sealed_message_is_refused_after_any_change(account: FakeAccount) -> None:
    envelope = account.envelope
    sealed = envelope.seal("<xml>你好</xml>", 1_800_000_000)
    assert envelope.open(sealed) == "<xml>你好</xml>"
    for encrypt in ("", "!", sealed.encrypt[:-4], sealed.encrypt[4:], "A" + sealed.encrypt[1:]):
        if encrypt == sealed.encrypt:
            continue
        signature = envelope.sign(sealed.timestamp, sealed.nonce, encrypt)
        with pytest.raises(NotOurs):
            envelope.open(Sealed(encrypt, signature + "x", sealed.timestamp, sealed.nonce))
    other = type(envelope)(envelope.token, envelope.aes_key, "wx1111111111111111")
    with pytest.raises(NotOurs, match="app id"):
        other.open(sealed)


async def test_people_press_by_tapping_or_by_typing_a_number(
    account: FakeAccount, visitor: Follower
) -> None:
    account.show(visitor.profile, Way.PASSIVE, "text", "您是？\n1. 企业\n【2】个人")
    await visitor.press("个人")
    choices = (("101", "满意"),)
    account.show(visitor.profile, Way.SERVICE, "msgmenu", "如何？", choices=choices)
    await visitor.press("满意")
    assert [one.text for one in visitor.profile.wrote] == ["2", "满意"]
    with pytest.raises(LookupError):
        await visitor.press("不满意")


async def test_every_kind_of_message_and_event_arrives(
    wechat: FakeWeChat, developer: Developer, visitor: Follower, account: FakeAccount
) -> None:
    account.menu = [
        {"name": "备案", "sub_button": [{"name": "开始", "type": "click", "key": "start"}]},
        {"name": "网页", "type": "view", "url": "https://example.cn/"},
    ]
    account.notices.add("once", "备案提醒", "thing1", one_time=True)
    await visitor.photo(b"\xff\xd8\xff")
    await visitor.voice(b"#!AMR", recognised="我想备案")
    await visitor.video(b"    ftyp")
    await visitor.location(23.1, 113.2, "广州")
    await visitor.link("说明", "https://example.cn/")
    await visitor.menu("开始")
    await visitor.menu("网页")
    await visitor.scan("code-1")
    await visitor.consent("once")
    await visitor.unsubscribe()
    await visitor.scan("code-2")
    await wechat.callbacks.settled()
    heard = {one.get("Event", one["MsgType"]): one for one in developer.heard}
    assert heard.keys() == {
        "subscribe", "image", "voice", "video", "location", "link", "CLICK", "VIEW", "SCAN",
        "subscribe_msg_popup_event", "unsubscribe",
    }  # fmt: skip
    assert heard["voice"]["Recognition"] == "我想备案"
    assert heard["CLICK"]["EventKey"] == "start"
    assert heard["SCAN"]["EventKey"] == "code-1"
    assert any(one.get("EventKey") == "qrscene_code-2" for one in developer.heard)
    popup = heard["subscribe_msg_popup_event"]
    assert popup["SubscribeMsgPopupEvent/List/SubscribeStatusString"] == "accept"
    with pytest.raises(LookupError):
        await visitor.menu("没有")


async def test_nobody_writes_without_following(account: FakeAccount) -> None:
    with pytest.raises(LookupError):
        await Follower(account, 2).say("你好")
