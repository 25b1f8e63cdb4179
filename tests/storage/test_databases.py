"""Opening databases, and how SQLite behaves beside other processes."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, get_ident

import pytest
from sqlalchemy import Connection, insert, make_url, select, text

from desk.dockets import Kept
from desk.placing import Placing
from desk.terms import Terms
from storage import listing, sqlite
from storage.engine import Durability
from storage.errors import StoreUnavailable, UnsupportedDatabase
from storage.opening import open_database
from storage.sqlite import SqliteDatabase
from storage.tables import applicant
from tests.desk.dockets import LIMITS, HalfAnHour, docket
from tests.storage.conftest import Place
from tests.storage.making import NOW, person, turn


def _add(name: str) -> Callable[[Connection], object]:
    row = insert(applicant).values(id=name, created_at=0)
    return lambda connection: connection.execute(row)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://host/db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x?mode=memory&uri=true",
        "no url",
    ],
)
def test_databases_that_are_not_served_are_refused_with_those_that_are(url: str) -> None:
    with pytest.raises(UnsupportedDatabase, match=r"sqlite:///.*postgresql://"):
        open_database(url)


@pytest.mark.parametrize("driver", ["sqlite", "sqlite+aiosqlite", "sqlite+pysqlite"])
async def test_the_driver_in_an_sqlite_url_does_not_matter(tmp_path: Path, driver: str) -> None:
    database = open_database(f"{driver}:///{tmp_path / 'a.db'}")
    assert await database.read(lambda c: c.execute(text("SELECT 1")).scalar()) == 1
    await database.close()


async def test_an_unreachable_server_is_told_in_one_sentence_with_a_cure(tmp_path: Path) -> None:
    database = open_database(f"postgresql://nobody@/x?host={tmp_path}")
    with pytest.raises(StoreUnavailable, match="check that it runs"):
        await database.read(lambda connection: None)
    await database.close()


async def test_an_unknown_database_on_a_server_is_told_so(postgres_url: str) -> None:
    url = make_url(postgres_url).set(database="no_such_database", drivername="postgresql")
    database = open_database(url.render_as_string(hide_password=False))
    with pytest.raises(StoreUnavailable, match="no_such_database"):
        await database.write(lambda connection: None)
    await database.close()


async def test_work_that_fails_stores_nothing(place: Place) -> None:
    database = open_database(place.url)

    def fail(connection: Connection) -> None:
        connection.execute(insert(applicant).values(id="half", created_at=0))
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(fail)
    assert await database.read(lambda c: c.execute(select(applicant)).all()) == []
    await database.close()


async def test_a_write_waits_for_another_process_without_stopping_the_loop(
    sqlite_place: Place,
) -> None:
    database = open_database(sqlite_place.url)
    other = sqlite3.connect(sqlite_place.folder / "beian.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    write = asyncio.create_task(database.write(_add("patient")))
    for _ in range(5):
        await asyncio.sleep(0.01)
    assert not write.done()
    other.execute("COMMIT")
    await write
    assert other.execute("SELECT id FROM applicant").fetchall() == [("patient",)]
    other.close()
    await database.close()


async def test_a_write_gives_up_on_a_lock_that_is_never_let_go(
    sqlite_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    database = open_database(sqlite_place.url)
    other = sqlite3.connect(sqlite_place.folder / "beian.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="held by another program"):
        await database.write(_add("late"))
    other.close()
    await database.write(_add("later"))
    await database.close()


@pytest.mark.parametrize("durability", list(Durability))
async def test_each_durability_sets_what_it_promises(
    sqlite_place: Place, durability: Durability
) -> None:
    database = SqliteDatabase(make_url(sqlite_place.url), durability)
    asked = {"synchronous": 2 if durability is Durability.FULL else 1, "foreign_keys": 1}

    def settings(connection: Connection) -> dict[str, object]:
        return {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in (*asked, "journal_mode")
        }

    for run in (database.write, database.read):
        assert await run(settings) == {**asked, "journal_mode": "wal"}
    await database.close()


async def test_a_rebuilt_table_keeps_its_children_and_a_broken_rebuild_changes_nothing(
    sqlite_place: Place,
) -> None:
    database = open_database(sqlite_place.url)

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO applicant VALUES ('a', 0)")
        connection.exec_driver_sql(
            "INSERT INTO filing (id, applicant_id, flow, flow_version, created_at) "
            "VALUES ('f', 'a', 'first', 1, 0)"
        )

    def rebuild(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE copy AS SELECT * FROM applicant")
        connection.exec_driver_sql("DROP TABLE applicant")
        connection.exec_driver_sql(
            "CREATE TABLE applicant (id TEXT PRIMARY KEY, created_at BIGINT NOT NULL)"
        )
        connection.exec_driver_sql("INSERT INTO applicant SELECT * FROM copy")
        connection.exec_driver_sql("DROP TABLE copy")

    def lose(connection: Connection) -> None:
        connection.exec_driver_sql("DELETE FROM applicant")

    def filings(connection: Connection) -> object:
        return (
            connection.exec_driver_sql("SELECT f.id FROM filing f JOIN applicant").scalars().all()
        )

    await database.write(begin)
    await database.restructure(rebuild)
    assert await database.read(filings) == ["f"]
    with pytest.raises(StoreUnavailable, match="lose their parent"):
        await database.restructure(lose)
    assert await database.read(filings) == ["f"]
    await database.close()


async def test_opening_many_rows_holds_up_nobody(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    loops_own, opened_in, may_end = get_ident(), list[int](), Event()

    def open_slowly(row: object, ciphers: object) -> None:
        opened_in.append(get_ident())
        may_end.wait(30)

    for module, name in ((listing, "open_sketch"), (listing, "open_docket")):
        monkeypatch.setattr(module, name, open_slowly)
    async with place.opened() as stores:
        case = await stores.cases.open(person("web"), NOW, "zh-CN")
        await stores.cases.commit(turn(case, heard="你好"))
        case = await stores.cases.open(case.identity, NOW, "zh-CN")
        made = replace(docket(), conversation=case.conversation_id, version=case.version)
        await stores.dockets.put([Kept(made, Terms())], Placing.by(HalfAnHour(), LIMITS))
        for looked in (
            stores.listing.sketches(None, 100),
            stores.listing.dockets([case.conversation_id]),
        ):
            opened_in.clear()
            may_end.clear()
            looking = asyncio.ensure_future(looked)
            async with asyncio.timeout(30):
                while not opened_in:
                    await asyncio.sleep(0.005)  # the event loop goes on
            may_end.set()
            await looking
            assert loops_own not in opened_in


async def test_whoever_stops_waiting_for_what_is_read_aside_stops_it(postgres_url: str) -> None:
    database = open_database(postgres_url)
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wait(connection: Connection) -> None:
        loop.call_soon_threadsafe(begun.set)
        connection.execute(text("SELECT pg_sleep(600)"))

    reading = asyncio.create_task(database.read_aside(wait))
    async with asyncio.timeout(30):
        await begun.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert await database.read_aside(lambda c: c.execute(text("SELECT 1")).scalar()) == 1
        await database.close()
