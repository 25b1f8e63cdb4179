"""An old and a new version side by side on one database, while processes are exchanged."""

import ast
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, text, update

import storage.migrations
from bot.settings import Settings
from bot.world import load_world
from desk.following import Follower
from desk.queue import State
from dialogs.ports import NewerCase
from dialogs.world import World
from storage import tables
from storage.migrate import HEAD
from storage.opening import open_database
from tests.desk.office import LI, Office
from tests.storage.conftest import Place

EXCEPTIONS = {
    "0011_door: create_index unique": "on a column added with it: nobody writes it yet",
    "0011_door: execute": "triggers that keep the audit trail from being changed",
    "0019_joined_channels: execute": "fills the columns it adds, from what stands beside them",
}
"""What is no mere addition, and why a process of the version before goes on all the same."""


@pytest.fixture(scope="module")
def world() -> World:
    """The shipped content, read once."""
    return load_world(Settings(_env_file=None))


@pytest.fixture
async def office(world: World, place: Place) -> AsyncIterator[Office]:
    """A process of this version."""
    async with place.opened() as stores:
        yield Office(world, stores)


async def _newer(place: Place, *statements: object) -> None:
    """What a process of a later version does."""
    database = open_database(place.url)

    def work(connection: Connection) -> None:
        for one in statements:
            connection.execute(text(one) if isinstance(one, str) else one)  # type: ignore[call-overload]

    await database.write(work)
    await database.close()


async def test_a_later_version_extends_every_table_while_this_one_serves(
    office: Office, place: Place
) -> None:
    identity, scope = await office.begin()
    more = [
        f'ALTER TABLE "{table.name}" ADD COLUMN {column}'
        for table in tables.metadata.sorted_tables
        for column in ("later TEXT", "later_count BIGINT NOT NULL DEFAULT 0")
    ]
    await _newer(
        place,
        *more,
        "CREATE TABLE later_table (id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL"
        " REFERENCES conversation (id) ON DELETE CASCADE)",
        "CREATE INDEX ix_later ON conversation (later)",
        "UPDATE alembic_version SET version_num = '9999'",
    )
    await office.stores.ready()
    office.stores.cases.evict()
    assert await office.say(identity, "转人工")
    for due in await office.next_out():  # else who takes it waits until each has been sent
        assert due.outgoing.identity == identity
        await office.stores.outbox.delivered(due, "1", office.now)
    await office.claims.take(LI, scope)
    await office.claims.say(LI, scope, "您好")
    await office.claims.hand_back(LI, scope)
    newcomer, _ = await office.begin()
    assert await office.say(newcomer, "备案要多久")
    follower = Follower(
        office.stores.cases, office.stores.dockets, office.assistant.world, office.clock
    )
    await follower.catch_up()
    assert (await office.stores.listing.counts()).of(State.ALL) >= 2
    await _shrunk(place)


async def _shrunk(place: Place) -> None:
    """The tables as they were: the next test finds them so."""
    columns = [
        f'ALTER TABLE "{table.name}" DROP COLUMN {column}'
        for table in tables.metadata.sorted_tables
        for column in ("later", "later_count")
    ]
    head = f"UPDATE alembic_version SET version_num = '{HEAD}'"
    await _newer(place, "DROP INDEX ix_later", "DROP TABLE later_table", *columns, head)


async def test_what_a_later_version_wrote_is_left_to_it_and_stops_nobody_else(
    office: Office, place: Place
) -> None:
    identity, _ = await office.begin()
    other, _ = await office.begin()
    for answer in ("同意", "都准备好了", "企业"):
        await office.say(identity, answer)
    case = await office.assistant.case(identity)
    assert case.active is not None
    row = {"filing_id": case.active, "n": len(case.filing.events) if case.filing else 0}
    happened = {"type": "later_kind", "at": 1, "recorded_at": 1, "sealed": b"\x01" + bytes(40)}
    await _newer(place, insert(tables.event).values(row | happened))
    office.stores.cases.evict()
    with pytest.raises(NewerCase, match="newer version"):
        await office.say(identity, "example.cn")
    assert (await office.stores.transcript.latest(identity, 1))[0].heard != "example.cn"
    assert await office.say(other, "备案要多久")
    follower = Follower(
        office.stores.cases, office.stores.dockets, office.assistant.world, office.clock
    )
    follower.tell(identity)
    follower.tell(other)
    await follower.catch_up()
    scope = (await office.assistant.case(other)).conversation_id
    assert [one.docket.conversation for one in await office.stores.dockets.get([scope])] == [scope]


async def test_a_case_on_a_later_flow_is_left_to_the_later_version(
    office: Office, place: Place
) -> None:
    identity, _ = await office.begin()
    for answer in ("同意", "都准备好了", "企业"):
        await office.say(identity, answer)
    case = await office.assistant.case(identity)
    raised = update(tables.filing).where(tables.filing.c.id == case.active).values(flow_version=99)
    await _newer(place, raised)
    office.stores.cases.evict()
    with pytest.raises(NewerCase, match="flow first_filing 99"):
        await office.say(identity, "example.cn")


async def test_a_reminder_of_a_later_purpose_is_not_given_by_this_version(
    office: Office, place: Place
) -> None:
    identity, _ = await office.begin()
    for answer in ("同意", "都准备好了", "企业"):
        await office.say(identity, answer)
    case = await office.assistant.case(identity)
    due = {"due_at": 1, "at": 1, "deadline_at": 2, "number": 1, "total": 1, "status": "planned"}
    names = {"filing_id": case.active, "deadline": "audit:-:2026-12-20", "kind": "audit"}
    planned = [
        {"key": f"{case.active}/{purpose}", "offset": "P1D", "purpose": purpose} | due | names
        for purpose in ("remind", "later_purpose")
    ]
    await _newer(place, insert(tables.reminder).values(planned))
    claimed = await office.stores.reminders.claim(office.clock(), 10)
    assert [one.reminder.purpose for one in claimed] == ["remind"]
    assert case.active is not None
    assert len(await office.stores.reminders.of_filing(case.active)) == 2


def test_every_migration_only_adds_or_is_a_known_exception() -> None:
    [folder] = storage.migrations.__path__
    found = {
        f"{path.stem}: {what}"
        for path in sorted((Path(folder) / "versions").glob("[0-9]*.py"))
        for what in _beyond_adding(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set(EXCEPTIONS)


def _beyond_adding(module: ast.Module) -> Iterator[str]:
    """What an upgrade does to a table of an earlier one beside adding columns and indices."""
    new: set[str] = set()
    for function in module.body:
        if not isinstance(function, ast.FunctionDef) or function.name == "downgrade":
            continue
        for call in ast.walk(function):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            name = call.func.attr
            words = {word.arg: ast.unparse(word.value) for word in call.keywords}
            first = ast.unparse(call.args[0]) if call.args else ""
            if name == "create_table":
                new.add(first)
            elif name == "add_column":
                column = ast.unparse(call.args[-1])
                if "nullable=False" in column and "server_default" not in column:
                    yield "add_column without a default"
            elif name == "create_index":
                if words.get("unique") == "True" and ast.unparse(call.args[1]) not in new:
                    yield "create_index unique"
            elif name == "execute" or name.startswith(
                ("drop_", "alter_", "rename_", "create_unique", "create_check", "create_foreign")
            ):
                yield name


@pytest.mark.parametrize(
    "does, found",
    [
        ("op.add_column('conversation', sa.Column('x', sa.Text()))", []),
        ("op.drop_column('conversation', 'x')", ["drop_column"]),
        ("op.alter_column('conversation', 'x', nullable=False)", ["alter_column"]),
        (
            "op.add_column('conversation', sa.Column('x', sa.Text(), nullable=False))",
            ["add_column without a default"],
        ),
        ("op.create_index('ix', 'conversation', ['x'], unique=True)", ["create_index unique"]),
    ],
)
def test_what_a_version_before_could_not_bear_is_noticed(does: str, found: list[str]) -> None:
    assert list(_beyond_adding(ast.parse(f"def upgrade():\n    {does}"))) == found
