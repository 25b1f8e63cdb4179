"""Stage events from a CSV sheet: foreseen line by line, recorded once, told to the applicant."""

from datetime import UTC, datetime

import pytest

from bot.clock import SimulatedClock
from bot.settings import Settings
from bot.world import load_world
from desk.event_sheets import COLUMNS, EventSheets, LineOutcome, SheetRefused, read_sheet, template
from dialogs.assistant import Assistant
from dialogs.message import Identity, Inbound
from dialogs.world import World
from storage.memory import memory_stores
from storage.ports import StorePolicy, Stores
from tests.storage.making import turn, with_answers

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
HEADER = "filing,event,at,person,filing_number,stage,code,reason\n"


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(Settings(_env_file=None))


@pytest.fixture
def stores() -> Stores:
    return memory_stores(lambda: NOW, StorePolicy(frozenset({"domain"})))


@pytest.fixture
def sheets(stores: Stores, world: World) -> EventSheets:
    assistant = Assistant(world, stores.cases, stores.dead_letters, SimulatedClock(NOW))
    return EventSheets(assistant, stores.filings, stores.receipts)


async def _begun(sheets: EventSheets, name: str = "a") -> str:
    identity = Identity("web", name)
    done = await sheets.assistant.handle(Inbound(identity, "m1", NOW, text="你好"))
    assert done.case.active is not None
    return done.case.active


def _sheet(*lines: str) -> bytes:
    return (HEADER + "\n".join(lines)).encode()


async def _outcomes(sheets: EventSheets, *lines: str) -> list[str]:
    return [line.outcome.value for line in await sheets.preview(_sheet(*lines))]


async def test_each_line_says_what_it_would_lead_to_and_nothing_is_changed(
    sheets: EventSheets, stores: Stores
) -> None:
    filing = await _begun(sheets)
    [passed, wrong, again] = await sheets.preview(
        _sheet(
            f"{filing},first_review_passed,2026-11-23T10:00",
            f"{filing},returned,2026-11-23T11:00,,,,R99,照片不清晰",
            f"{filing},first_review_passed,2026-11-23 12:00",
        )
    )
    assert (passed.outcome, passed.before, passed.after) == ("fine", "draft", "materials")
    assert (wrong.outcome, wrong.field, wrong.problem) == ("wrong", "code", "code")
    assert again.outcome is LineOutcome.REPEAT
    found = await stores.filings.find(filing)
    assert found is not None and found.filing.events == ()


async def test_a_line_stands_on_the_ground_of_those_above_it(sheets: EventSheets) -> None:
    filing = await _begun(sheets)
    verified = f"{filing},sms_verified,2026-11-23T12:00,principal"
    received = f"{filing},sms_received,2026-11-23T11:00"
    assert await _outcomes(sheets, verified) == ["out_of_place"]
    assert await _outcomes(sheets, received, verified) == ["fine", "fine"]


@pytest.mark.parametrize(
    "line, field, problem",
    [
        (",sms_received,2026-11-23", "filing", "missing"),
        ("x,sms_received,", "at", "missing"),
        ("x,lunch,2026-11-23", "event", "value"),
        ("x,reminder_snoozed,2026-11-23", "event", "value"),
        ("x,sms_received,yesterday", "at", "value"),
        ("x,sms_received,2027-01-01", "at", "future"),
        ("x,sms_verified,2026-11-23,boss", "person", "value"),
        ("x,bureau_approved,2026-11-23,,苏备1号", "filing_number", "number"),
    ],
)
async def test_a_field_that_cannot_be_read_is_named(
    sheets: EventSheets, line: str, field: str, problem: str
) -> None:
    [found] = await sheets.preview(_sheet(line))
    assert (found.outcome, found.field, found.problem) == (LineOutcome.WRONG, field, problem)
    assert found.number == 2


async def test_a_filing_nobody_has_is_told(sheets: EventSheets) -> None:
    assert await _outcomes(sheets, "0000,sms_received,2026-11-23") == ["unknown_filing"]


async def test_a_sheet_counts_once_however_often_it_is_uploaded(
    sheets: EventSheets, stores: Stores
) -> None:
    filing = await _begun(sheets)
    sheet = _sheet(
        f"{filing},first_review_passed,2026-11-23T10:00", f"{filing},lunch,2026-11-23T10:00"
    )
    assert [line.outcome for line in await sheets.apply(sheet)] == ["recorded", "wrong"]
    assert [line.outcome for line in await sheets.preview(sheet)] == ["duplicate", "wrong"]
    assert [line.outcome for line in await sheets.apply(sheet)] == ["duplicate", "wrong"]
    found = await stores.filings.find(filing)
    assert found is not None and len(found.filing.events) == 1
    entries = await stores.transcript.since(Identity("web", "a"), 0)
    told = [entry.said.text for entry in entries if entry.said is not None]
    assert sum("初审通过了" in text for text in told) == 1


async def test_the_same_line_twice_in_a_sheet_counts_once(sheets: EventSheets) -> None:
    filing = await _begun(sheets)
    line = f"{filing},sms_received,2026-11-23T10:00"
    assert await _outcomes(sheets, line, line) == ["fine", "duplicate"]


async def test_a_filing_may_be_named_by_its_domain(sheets: EventSheets, stores: Stores) -> None:
    line = "Example.cn,sms_received,2026-11-23"
    for name, outcome in (("a", "fine"), ("b", "ambiguous")):
        await _begun(sheets, name)
        case = await stores.cases.open(Identity("web", name), NOW, "zh-CN")
        await stores.cases.commit(turn(case, after=with_answers(case, domain="example.cn")))
        assert await _outcomes(sheets, line) == [outcome]


async def test_a_sheet_in_chinese_as_spreadsheets_save_it_is_read(sheets: EventSheets) -> None:
    filing = await _begun(sheets)
    sheet = f"备案编号,事件,时间,原因代码,原因\r\n{filing},退回,2026/11/23 10:00,R18,照片不清晰\r\n"
    for content in (sheet.encode("gb18030"), b"\xef\xbb\xbf" + sheet.encode()):
        [line] = await sheets.preview(content)
        assert (line.outcome, line.after) == (LineOutcome.FINE, "returned")


@pytest.mark.parametrize(
    "content, code",
    [
        (b"", "columns"),
        (b"filing,event\nx,y", "columns"),
        (b"filing,event,at,shoe_size\n", "columns"),
        (HEADER.encode(), "empty"),
        (HEADER.encode() + b'x,"y', "broken"),
        (b"\xff\xff\xff\xff", "encoding"),
        (HEADER.encode() + b"x,y,z\n" * 2001, "too_long"),
        (b"x" * 1_000_001, "too_big"),
    ],
)
def test_what_is_no_sheet_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        read_sheet(content)
    assert refused.value.code == code


def test_the_template_has_the_columns() -> None:
    header = template().decode("utf-8-sig").strip().split(",")
    assert tuple(header) == COLUMNS
