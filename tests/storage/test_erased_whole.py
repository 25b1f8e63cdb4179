"""Whoever asked for it is gone a day later, from every table, file and list; nobody had to help."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, LargeBinary, Table, Text, insert, select

from bot.clock import SimulatedClock
from bot.privacy.erasing import erase
from bot.wiring import new_assistant
from desk.audit import Wanted
from dialogs.assistant import Assistant
from dialogs.linking import mark_of
from dialogs.message import Identity, Inbound, Reply
from dialogs.ports import DeadLetter, FormGrant
from dialogs.world import World
from filing.event import Event, EventType
from scheduler.erasing import TO_SEND, WITHOUT_WORDS, ErasingJob
from storage.erasures import FILE_NAME, Erasures
from storage.opening import open_database
from storage.ports import Stores
from storage.tables import metadata
from tests.bot.web.real import SETTINGS, real_world
from tests.dialogs.talk import HAPPY
from tests.storage.conftest import Place
from tests.storage.making import NOW, turn, unique, with_answers

DAY = timedelta(days=1)
MARK = "person-of-the-mark"

OUTLIVE = frozenset(
    {
        "audit",  # who of the staff did what, to random ids: docs/privacy.md
        "asked",  # counts only
        "agent",
        "agent_recovery",
        "agent_session",
        "alert_choice",
        "article_draft",
        "lease",  # which process does what
        "login_attempt",
        "pace",  # how fast a channel may send, by its name
        "wechat_token",
        "wecom_account",
    }
)
"""Tables without a row of an applicant's, or with none that names them."""

_CHANNELS = ("channel", "used_channel", "asked_channel", "last_channel")


@pytest.fixture(scope="module")
def world() -> World:
    """The shipped content; numbers may be typed."""
    return replace(real_world(), cautious_channels=frozenset())


# --- every table of the schema ---------------------------------------------------------------


def _row(table: Table, known: Mapping[str, Mapping[str, Any]], n: int) -> dict[str, Any]:
    """A row of the marked person's, by the columns the table has."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.foreign_keys:
            [key] = column.foreign_keys
            row[column.name] = known[key.column.table.name][key.column.name]
        elif column.name in _CHANNELS:
            row[column.name] = "wechat"
        elif isinstance(column.type, Text):
            is_theirs = column.name in ("external_id", "used_external_id", "openid", "person")
            is_known = is_theirs or not (column.primary_key or column.name.endswith("hash"))
            row[column.name] = MARK if is_known else f"{MARK}-{table.name}"
        elif isinstance(column.type, LargeBinary):
            row[column.name] = MARK.encode()
        else:
            row[column.name] = bool(n) if column.type.python_type is bool else n
    return row


def _mark(connection: Connection, ids: dict[str, str]) -> set[str]:
    """Put a row of theirs into every table, but for those that outlive them."""
    known: dict[str, Mapping[str, Any]] = {}
    for n, table in enumerate(metadata.sorted_tables, 1):
        if table.name in OUTLIVE:
            continue
        known[table.name] = _row(table, known, n)
        connection.execute(insert(table).values(known[table.name]))
    for kind in ("conversation", "filing", "file", "applicant", "material", "contact"):
        ids[kind] = str(known[kind]["id"])
    keys = metadata.tables["data_key"]
    for kind in ("conversation", "filing"):
        values = {"scope": ids[kind], "wrapped": b"key", "key_id": "k"}
        connection.execute(insert(keys).values(values))
    connection.execute(keys.delete().where(keys.c.scope.endswith("-data_key")))
    return set(known)


def _found(connection: Connection) -> list[str]:
    """Where the person is still named."""
    return [
        f"{table.name}.{column}"
        for table in metadata.sorted_tables
        for row in connection.execute(select(table)).mappings()
        for column, value in row.items()
        if MARK in (value if isinstance(value, str) else repr(value))
    ]


async def test_no_row_of_any_table_of_the_schema_outlives_an_erasure(place: Place) -> None:
    ids: dict[str, str] = {}
    async with place.opened() as stores:
        database = open_database(place.url)
        try:
            marked = await database.write(lambda connection: _mark(connection, ids))
            assert marked | OUTLIVE == set(metadata.tables)
            assert await database.read(_found)
            assert await stores.filings.erase(ids["applicant"]) is not None
            assert await database.read(_found) == []
        finally:
            await database.close()


# --- the way there ---------------------------------------------------------------------------


class Life:
    """A person on Telegram and on the web with a filing, a picture and an address."""

    def __init__(self, stores: Stores, world: World) -> None:
        self.stores, self.clock = stores, SimulatedClock(NOW)
        self.assistant: Assistant = new_assistant(SETTINGS, world, self.clock, stores)
        self.who = Identity("telegram", unique("erased"))
        self.job = ErasingJob(self.assistant, stores.erasing, self.erase, self.clock)

    async def erase(self, applicant: str) -> object:
        """As the program does."""
        return await erase(self.stores, applicant)

    async def say(self, who: Identity | None = None, **what: Any) -> tuple[Reply, ...]:
        """One message and what was said to it."""
        inbound = Inbound(who or self.who, uuid4().hex, self.clock(), **what)
        return (await self.assistant.handle(inbound)).replies

    async def begin(self) -> None:
        """Fill a filing in, hand it in, and let a deadline start."""
        replies = await self.say(text="你好")
        while (step := replies[-1].step) and step != "confirm":
            replies = await self.say(button=f"answer:{step}:{HAPPY[step]}")
        await self.say(button="answer:confirm:confirm")
        for kind in (
            EventType.FIRST_REVIEW_PASSED,
            EventType.MATERIALS_SUBMITTED,
            EventType.AUTHENTICITY_PASSED,
            EventType.SUBMITTED_TO_BUREAU,
            EventType.SMS_RECEIVED,
        ):
            await self.assistant.record(self.who, Event(kind, self.clock(), {}))
        await self.stores.files.put(self.who, "证.jpg", "image/jpeg", b"the picture of a card")
        await self.say(text="什么是蓝色的备案号彩虹")

    async def deliver(self) -> list[str]:
        """What a channel sends now."""
        said = []
        while due := await self.stores.outbox.claim("telegram", self.clock(), 100):
            for one in due:
                if one.outgoing.identity == self.who and one.outgoing.reply is not None:
                    said.append(one.outgoing.reply.text)
                await self.stores.outbox.delivered(one, "1", self.clock())
        return said

    async def order(self) -> None:
        """Ask for deletion, and confirm it."""
        await self.say(text="删除我的所有资料")
        await self.say(button="yes:erase")
        await self.deliver()

    async def open_reminders(self) -> list[str]:
        """Reminders that are still to be given."""
        case = await self.assistant.case(self.who)
        records = [
            one for key in case.filings for one in await self.stores.reminders.of_filing(key)
        ]
        return [one.reminder.kind for one in records if str(one.status) == "planned"]


@pytest.fixture
async def life(stores: Stores, world: World) -> Life:
    """Somebody whose filing is under way."""
    begun = Life(stores, world)
    await begun.begin()
    return begun


async def test_whoever_asked_is_gone_a_day_later_by_itself(
    life: Life, place_or_memory: Place | None
) -> None:
    case = await life.assistant.case(life.who)
    assert await life.open_reminders()
    if place_or_memory is None:
        assert life.who.external_id in "\n".join(_texts(life.stores, set()))
    await life.order()
    assert await life.open_reminders() == []  # at once
    life.clock.advance(DAY - timedelta(minutes=1))
    assert (await life.job.run()).told == 0
    life.clock.advance(timedelta(minutes=1))
    assert (await life.job.run()).told == 1
    assert (await life.job.run()).erased == 0  # the last words are still to be sent
    [last] = await life.deliver()
    assert "全部删除" in last
    assert (await life.job.run()).erased == 1
    assert life.clock() - NOW < timedelta(hours=25)
    ids = [case.conversation_id, case.applicant_id, *case.filings, life.who.external_id]
    await _is_gone([*ids, mark_of(life.who)], life.stores, place_or_memory)
    entries = await life.stores.audit.entries(Wanted(action="data_erased"), limit=5)
    assert entries[0].draft.object == f"applicant:{case.applicant_id}"
    (welcome, *_) = await life.say(text="你好")
    assert "备案助手" in welcome.text
    afresh = await life.assistant.case(life.who)
    assert afresh.conversation_id != case.conversation_id and afresh.erasing is None


async def _is_gone(ids: list[str], stores: Stores, place: Place | None) -> None:
    if place is None:
        kept = "\n".join(_texts(stores, set()))
        kept = kept.replace(f"applicant:{ids[1]}", "")  # the trail
        assert [one for one in ids if one in kept] == []
        return
    database = open_database(place.url)
    try:
        cells = await database.read(_cells)
    finally:
        await database.close()
    for table, value in cells:
        if table != "audit":
            assert [one for one in ids if one in value] == [], table
    assert [path for path in (place.folder / "files").rglob("*") if path.is_file()] == []
    noted = Erasures(place.folder / FILE_NAME).all()
    assert ids[1] in {one.applicant for one in noted}  # a restored backup erases them again
    assert json.dumps([one.applicant for one in noted]).count(ids[1]) == 1


def _cells(connection: Connection) -> list[tuple[str, str]]:
    return [
        (table.name, value if isinstance(value, str) else repr(value))
        for table in metadata.sorted_tables
        for row in connection.execute(select(table))
        for value in row
        if value is not None
    ]


def _texts(thing: object, seen: set[int]) -> Iterator[str]:
    """Every text that can be reached from a thing."""
    if isinstance(thing, str):
        yield thing
        return
    if id(thing) in seen or isinstance(thing, int | float | bytes | type(None)):
        return
    seen.add(id(thing))
    if isinstance(thing, dict):
        for key, value in thing.items():
            yield from _texts(key, seen)
            yield from _texts(value, seen)
    elif isinstance(thing, list | tuple | set | frozenset):
        for one in thing:
            yield from _texts(one, seen)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from _texts(getattr(thing, field.name), seen)
    elif type(thing).__module__.startswith("storage."):
        yield from _texts(vars(thing), seen)


async def test_one_word_within_the_day_keeps_everything_and_reminders_go_on(life: Life) -> None:
    before = await life.open_reminders()
    await life.order()
    life.clock.advance(DAY - timedelta(minutes=1))
    await life.say(text="保留")
    life.clock.advance(2 * DAY)
    await life.job.run()
    case = await life.assistant.case(life.who)
    assert case.erasing is None and case.filings
    assert set(await life.open_reminders()) <= set(before) and await life.open_reminders()


async def test_last_words_that_cannot_be_sent_hold_nothing_up(life: Life) -> None:
    await life.order()
    life.clock.advance(DAY)
    assert (await life.job.run()).told == 1
    life.clock.advance(TO_SEND)
    assert (await life.job.run()).erased == 1


async def test_where_no_words_can_be_said_at_all_everything_goes_without(life: Life) -> None:
    await life.order()
    life.clock.advance(DAY)
    job = replace(life.job, assistant=_Broken())  # type: ignore[arg-type]
    assert (await job.run()).failed == 1
    life.clock.advance(WITHOUT_WORDS)
    assert (await job.run()).erased == 1


class _Broken:
    """An assistant that can read nothing."""

    async def act(self, *_: object) -> object:
        """Fail."""
        raise RuntimeError("this conversation cannot be read")

    async def case_anew(self, _: Identity) -> object:
        """Fail."""
        raise RuntimeError("this conversation cannot be read")

    def tell(self, people: object) -> None:
        """Nobody looks."""


async def test_a_code_joins_nothing_to_what_is_to_be_deleted(life: Life) -> None:
    other = Identity("web", unique("web"))
    await life.say(other, text="你好")
    code = await life.stores.links.open(life.who, "hash-of-a-code", "", life.clock())
    assert code is not None
    await life.order()
    used = await life.stores.links.use("hash-of-a-code", other, life.clock())
    assert used is not None and used.how == "busy"


async def test_a_filing_that_lies_still_goes_after_a_word_of_warning(
    stores: Stores, world: World
) -> None:
    life = Life(stores, world)
    await life.say(text="你好")
    handed_in = Life(stores, world)
    handed_in.clock = life.clock
    await handed_in.begin()
    life.clock.advance(89 * DAY)
    assert await life.job.announce() == 0
    life.clock.advance(DAY)
    assert await life.job.announce() == 1
    assert await life.job.announce() == 0
    assert "保留" in (await life.deliver())[-1]
    assert (await handed_in.assistant.case(handed_in.who)).erasing is None
    life.clock.advance(7 * DAY)
    assert (await life.job.run()).told == 1
    await life.deliver()
    assert (await life.job.run()).erased == 1
    assert not (await life.assistant.case(life.who)).version


async def test_whoever_is_warned_keeps_it_all_with_a_word(stores: Stores, world: World) -> None:
    life = Life(stores, world)
    await life.say(text="你好")
    life.clock.advance(90 * DAY)
    assert await life.job.announce() == 1
    await life.say(text="保留")
    assert (await life.assistant.case(life.who)).erasing is None
    life.clock.advance(80 * DAY)
    assert await life.job.announce() == 0


async def test_what_is_of_no_use_any_more_goes_at_night(stores: Stores) -> None:
    who = Identity("telegram", unique("leftover"))
    await stores.dead_letters.put(DeadLetter(who, "m", NOW, "ValueError at turn.py:7"))
    before = await stores.cases.open(who, NOW, "zh-CN")
    after = with_answers(before, domain="example.cn")
    assert after.filing is not None
    grant = FormGrant(unique("hash"), after.filing.id, ("phone",), NOW + timedelta(minutes=20), who)
    await stores.cases.commit(turn(before, after=after, forms=(grant,)))
    assert await stores.leftovers.clear(NOW + timedelta(hours=23)) == 0
    assert await stores.leftovers.clear(NOW + 2 * DAY) == 1
    assert await stores.leftovers.clear(NOW + 91 * DAY) == 1
    assert await stores.dead_letters.latest() == []
