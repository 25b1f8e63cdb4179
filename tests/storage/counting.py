"""Counts what a piece of work asks of a database: its statements, and the ways to a server."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from sqlite3 import Connection as SqliteConnection
from typing import Any, Final

import pytest
from sqlalchemy import Engine, event, make_url
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_cursor

import storage.stores
from bot.testing.faults import FaultProxy, Onward, Way
from storage.engine import Database
from storage.opening import open_database
from storage.ports import Stores
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase
from tests.storage.conftest import Place

_NAMES: Final = (
    (re.compile(r'INSERT (?:OR \w+ )?INTO "?(\w+)'), "insert "),
    (re.compile(r'UPDATE "?(\w+)'), "update "),
    (re.compile(r'DELETE FROM "?(\w+)'), "delete "),
    (re.compile(r"SELECT pg_(notify)\("), ""),
    (re.compile(r'SELECT .*?\bFROM "?(\w+)', re.DOTALL), "select "),
    (re.compile(r"(BEGIN|COMMIT|ROLLBACK)\b"), ""),
)
_VALUES: Final = re.compile(r"[xX]?'(?:[^']|'')*'|\b\d+\b|\bNULL\b")


@dataclass
class Counted:
    """What was asked, one entry for each statement however many rows it is run with."""

    statements: list[str] = field(default_factory=list)
    ways: int = 0  # to a server and back
    _is_asking: bool = False
    _last: str = ""

    def clear(self) -> None:
        """Count from here."""
        self.statements.clear()
        self.ways, self._last = 0, ""

    def note(self, sql: str) -> None:
        """One statement, named by what it does to which table; of several rows in a row once."""
        plain, without = "", sql.strip()
        while plain != without:  # of a query the table it is of, not those of queries inside
            plain, without = without, re.sub(r"(?<!notify)\([^()]*\)", "", without)
        plain = re.sub(r"^WITH .*?(?=INSERT|UPDATE|SELECT)", "", plain, flags=re.DOTALL)
        found = next(
            (
                (prefix + match[1]).lower()
                for pattern, prefix in _NAMES
                if (match := pattern.match(plain))
            ),
            sql,
        )
        without_values = _VALUES.sub("?", sql)  # SQLite shows a statement with those of each row
        if without_values != self._last:
            self.statements.append(found)
        self._last = without_values

    def turned(self, way: Way) -> None:
        """Something went this way."""
        self.ways += way is Way.UP and not self._is_asking
        self._is_asking = way is Way.UP


@dataclass(frozen=True, slots=True)
class _Watched:
    """Counts how often the server is asked after it has answered."""

    counted: Counted
    way: Way

    async def carry(self, data: bytes, onward: Onward) -> None:
        """See ``Fault``: none is done."""
        self.counted.turned(self.way)
        await onward.send(data)


@asynccontextmanager
async def counted(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Stores, Counted]]:
    """The stores of a place, and what is asked of its database."""
    counts = Counted()

    def opened(url: str, *more: Any) -> Database:
        database = open_database(url, *more)
        if isinstance(database, SqliteDatabase):
            for engine in (database._writer, database._reader):
                event.listen(engine, "connect", trace)
        else:
            assert isinstance(database, PostgresDatabase)
            watch(database._engine.sync_engine)
        return database

    def trace(connection: SqliteConnection, _: object) -> None:
        connection.set_trace_callback(counts.note)

    def watch(engine: Engine) -> None:
        event.listen(engine, "begin", lambda _: counts.note("BEGIN"))
        event.listen(engine, "commit", lambda _: counts.note("COMMIT"))

    for name in ("execute", "executemany"):
        plain = getattr(AsyncAdapt_asyncpg_cursor, name)

        def noting(self: Any, sql: str, *more: Any, plain: Any = plain) -> Any:
            counts.note(sql)
            return plain(self, sql, *more)

        monkeypatch.setattr(AsyncAdapt_asyncpg_cursor, name, noting)
    monkeypatch.setattr(storage.stores, "open_database", opened)
    address = make_url(place.url)
    if address.get_backend_name() == "sqlite":
        async with place.opened() as stores:
            yield stores, counts
        return
    folder = address.query.get("host")
    host = f"{folder}/.s.PGSQL.5432" if folder else str(address.host)
    async with FaultProxy(host, address.port or 5432) as proxy:
        for way in Way:
            proxy.suffer(_Watched(counts, way), way)
        there = address.set(host="127.0.0.1", port=proxy.port, query={})
        url = there.render_as_string(hide_password=False)
        async with replace(place, url=url).opened() as stores:
            yield stores, counts
