"""The queue as staff see it, and finding conversations in it."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from itertools import count
from urllib.parse import quote

import pytest

import desk.pages.queue
from bot.clock import SimulatedClock
from desk.door import Cookies
from desk.parts import Parts
from desk.sessions import session_id
from dialogs.assistant import Assistant
from dialogs.case import Attention, FilingRecord
from dialogs.message import Identity, Inbound
from dialogs.world import World
from filing.event import Event, EventType
from storage.ports import Stores
from tests.bot.web.real import START
from tests.desk.people import Person
from tests.dialogs.talk import Talk, fill
from tests.storage.making import NOW, turn, unique

_numbers = count(1)


async def say(assistant: Assistant, who: Identity, text: str) -> None:
    """Let an applicant write."""
    await assistant.handle(Inbound(who, f"q{next(_numbers)}", assistant.clock(), text=text))


async def hand(stores: Stores, who: Identity, filing: FilingRecord) -> None:
    """Give an applicant a filing with its answers."""
    before = await stores.cases.open(who, NOW, "zh-CN")
    after = before.with_filing(replace(filing, id=unique("filing")))
    after = replace(after, attention=Attention(seen_at=START))  # they have written before
    await stores.cases.commit(turn(before, after=after, at=START))


def filled(world: World, until: str, **other: str) -> FilingRecord:
    """A filing answered until a question is asked."""
    talk = fill(Talk(world, START), until, **other)
    assert talk.case.filing is not None
    return talk.case.filing


@pytest.fixture(scope="session")
def filings(world: World) -> tuple[FilingRecord, ...]:
    """What three applicants answered."""
    return (
        filled(world, "confirm"),
        filled(
            world,
            "email",
            subject_name="常州样例餐饮有限公司",
            domain="example-food.cn",
            province="浙江",
            phone="13700137000",
        ),
        filled(world, "email", subject_name="苏州样例软件有限公司"),
    )


def somebody(channel: str = "web") -> Identity:
    """A new applicant."""
    return Identity(channel, f"person{next(_numbers)}")


async def caught_up(parts: Parts) -> None:
    """Let the desk take notice of all that happened."""
    await parts.queue.follower.catch_up()
    await parts.queue.hub.flush()


def names_in(html: str) -> list[str]:
    """The names in a list of conversations, in order."""
    return re.findall(r"<strong[^>]*>([^<]*)</strong>", html)


@pytest.fixture
def assistant(parts: Parts) -> Assistant:
    """The assistant whose conversations the desk follows."""
    return parts.assistant


@pytest.fixture
async def three(
    assistant: Assistant,
    stores: Stores,
    parts: Parts,
    clock: SimulatedClock,
    filings: tuple[FilingRecord, ...],
) -> tuple[Identity, ...]:
    """An applicant with an open SMS window, one who waits, and one who gets on by themselves."""
    window, waiting, alone = somebody(), somebody("telegram"), somebody()
    for who, filing in zip((window, waiting, alone), filings, strict=True):
        await hand(stores, who, filing)
    await say(assistant, waiting, "转人工")
    clock.advance(timedelta(minutes=1))
    for kind in (EventType.SUBMITTED_TO_BUREAU, EventType.SMS_RECEIVED):
        await assistant.record(window, Event(kind, clock()))
    await caught_up(parts)
    return window, waiting, alone


async def test_the_queue_shows_who_needs_somebody_the_most_pressing_first(
    agent: Person, three: tuple[Identity, ...]
) -> None:
    html = (await agent.page("/")).text
    assert names_in(html) == ["南京样例茶业有限公司", "常州样例餐饮有限公司"]
    assert "短信核验还剩 24 小时" in html or "短信核验还剩 1 天" in html
    assert re.search(r"等人工 1 分钟，[\d: -]+ 前应答复", html)
    assert "13700137000" not in html


async def test_chips_and_filters_narrow_it_by_links_alone(
    agent: Person, three: tuple[Identity, ...]
) -> None:
    async def listed(path: str) -> list[str]:
        return names_in((await agent.page(path)).text)

    assert await listed("/?state=waiting") == ["常州样例餐饮有限公司"]
    assert len(await listed("/?state=all")) == 3
    assert await listed("/?state=mine") == []
    assert await listed("/?state=all&channel=telegram") == ["常州样例餐饮有限公司"]
    assert await listed("/?state=all&stage=sms_verification") == ["南京样例茶业有限公司"]
    assert len(await listed("/?state=nonsense&province=nowhere")) == 2
    html = (await agent.page("/?state=all&channel=telegram")).text
    assert "/desk/?state=waiting&amp;channel=telegram" in html
    assert re.search(r'data-state="all"[^<]*<span class="count">3<', html)


async def test_whose_data_is_to_be_deleted_stands_under_a_chip_with_until_when(
    agent: Person,
    three: tuple[Identity, ...],
    assistant: Assistant,
    clock: SimulatedClock,
    parts: Parts,
) -> None:
    window = three[0]
    await say(assistant, window, "删除我的所有资料")
    await say(assistant, window, "确认删除")
    await caught_up(parts)
    html = (await agent.page("/?state=erasing")).text
    assert names_in(html) == ["南京样例茶业有限公司"]
    assert re.search(r"申请人要求删除，[\d: -]+ 前可撤回，还剩 (24 小时|1 天)", html)
    assert "短信核验还剩" not in html  # nothing is chased any more
    await say(assistant, window, "保留")
    await caught_up(parts)
    assert names_in((await agent.page("/?state=erasing")).text) == []
    assert "短信核验还剩" in (await agent.page("/")).text


async def test_past_the_most_that_a_page_shows_more_leads_to_the_next_page(
    agent: Person, three: tuple[Identity, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.pages.queue, "_STEP", 1)
    monkeypatch.setattr(desk.pages.queue, "_MOST", 2)
    path, shown = "/?state=all&limit=1", []
    for _ in range(4):
        page = (await agent.page(path)).text
        shown.append(names_in(page))
        more = re.search(r'class="button" href="/desk(/[^"]*)">', page)
        if more is None:
            break
        path = unescape(more[1])
    assert [len(names) for names in shown] == [1, 2, 1]
    assert len({*shown[1], *shown[2]}) == 3


@pytest.mark.parametrize("behind", ["", "1", "9~0.000000~inf~c", "1~inf~inf~c", "0~1~2~'--"])
async def test_a_place_that_is_none_shows_the_first_page(
    agent: Person, three: tuple[Identity, ...], behind: str
) -> None:
    page = await agent.page(f"/?state=all&behind={quote(behind)}")
    assert page.status_code == 200
    assert len(names_in(page.text)) == 3


async def test_an_empty_queue_says_so(agent: Person) -> None:
    assert "现在没有人在等" in (await agent.page("/")).text
    assert "没有符合条件的会话" in (await agent.page("/?state=stuck")).text


async def test_the_page_says_where_its_stream_goes_on(
    agent: Person, three: tuple[Identity, ...], parts: Parts
) -> None:
    html = (await agent.page("/?state=all")).text
    seen = re.search(r'data-seen="([^"]+)"', html)
    assert seen
    assert 'data-events="/desk/queue/events?state=all"' in html
    script = re.search(r'data-script="([^"]+)"', html)
    assert script
    assert json.loads(script[1].replace("&#34;", '"').replace("&amp;", "&"))["minutes"]


async def test_nobody_is_told_anything_before_logging_in(anonymous: Person) -> None:
    for path in ("/queue/events", "/queue/alive"):
        answer = await anonymous.client.get(f"/desk{path}")
        assert answer.status_code == 401, path


async def test_what_a_page_asks_by_itself_does_not_keep_a_session_alive(
    agent: Person, clock: SimulatedClock, parts: Parts
) -> None:
    before = await _seen_at(parts, agent)
    clock.advance(timedelta(minutes=5))
    assert (await agent.client.get("/desk/queue/alive")).json() == {"alive": True}
    assert await _seen_at(parts, agent) == before
    await agent.page("/")
    assert await _seen_at(parts, agent) == clock()


async def _seen_at(parts: Parts, agent: Person) -> datetime:
    """When somebody's session was used last."""
    token = agent.client.cookies[Cookies(is_https=False).session]
    found = await parts.sessions.find(session_id(token))
    assert found is not None
    return found[0].seen_at


@pytest.mark.parametrize(
    "text, why",
    [
        ("常州样例餐饮有限公司", "名称相符"),
        ("样例餐饮", "名称相符"),
        ("example-food", "域名相符"),
        ("137 0013 7000", "手机号相符"),
        ("张样例", "名称相符"),
    ],
)
async def test_a_conversation_is_found_by_what_staff_were_told(
    agent: Person, three: tuple[Identity, ...], text: str, why: str
) -> None:
    html = (await agent.send("/search", text=text)).text
    assert "常州样例餐饮有限公司" in names_in(html)
    assert why in html


async def test_a_filing_number_is_found_in_part(
    agent: Person, assistant: Assistant, three: tuple[Identity, ...], parts: Parts
) -> None:
    told = {"filing_number": "苏ICP备2026000001号-1"}
    await assistant.record(three[0], Event(EventType.BUREAU_APPROVED, assistant.clock(), told))
    await caught_up(parts)
    html = (await agent.send("/search", text="ICP备2026000001号")).text
    assert names_in(html) == ["南京样例茶业有限公司"]
    assert "备案号相符" in html


async def test_words_of_the_chat_are_found_and_shown_masked(
    agent: Person, assistant: Assistant, three: tuple[Identity, ...], parts: Parts
) -> None:
    await say(assistant, three[2], "我的网站 example-late.cn 打不开核验页面，电话13600136000")
    await caught_up(parts)
    html = (await agent.send("/search", text="核验页面")).text
    assert names_in(html) == ["苏州样例软件有限公司"]
    assert "打不开核验页面" in html
    assert "聊天里提到" in html
    assert "13600136000" not in html
    assert names_in((await agent.send("/search", text="打不开短信")).text) == []


@pytest.mark.parametrize("text", ["", " ", "。", "不存在的公司", "<script>alert(1)</script>"])
async def test_what_is_not_found_says_what_can_be_looked_for(
    agent: Person, three: tuple[Identity, ...], text: str
) -> None:
    answer = await agent.send("/search", text=text)
    assert answer.status_code == 200
    assert "没有找到" in answer.text
    assert "<script>alert" not in answer.text


async def test_an_erased_applicant_is_gone_from_the_queue(
    agent: Person, three: tuple[Identity, ...], stores: Stores, parts: Parts
) -> None:
    case = await stores.cases.open(three[1], NOW, "zh-CN")
    await stores.filings.erase(case.applicant_id)
    await parts.queue.gatherer.look()
    await parts.queue.hub.flush()
    assert names_in((await agent.page("/?state=waiting")).text) == []
