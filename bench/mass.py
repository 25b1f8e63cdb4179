"""A database with a mass of stored conversations in it, made in bulk in a minute or two.

Each has one turn: a filing with an answer, two messages, a docket. Their sealed columns are bytes
that nobody opens, but for dockets if a desk is to show them; whoever is to go on talking is stored
by real turns.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import Any, Final, TypeAlias

import asyncpg
from sqlalchemy import Table, create_engine, make_url

from bench.mass_dockets import columns, docket_rows, key_of
from desk.docket import SHAPE
from desk.placing import Placing
from storage import tables
from storage.crypto import MasterKey
from storage.instant import from_micros

Rows: TypeAlias = Iterator[tuple[object, ...]]

YEAR: Final = 365 * 24 * 3600 * 1_000_000
_CHUNK: Final = 20_000
_MESSAGES = 2
_ID_LENGTH = 32


def fill(
    url: str,
    count: int,
    now: int,
    master: MasterKey,
    *,
    reminders: int = 0,
    due: int = 0,
    placing: Placing | None = None,
) -> None:
    """Add ``count`` conversations to an empty, up-to-date database.

    They changed last within the two years before ``now`` (microseconds). The first
    ``reminders`` of them have a reminder planned, ``due`` of which are due. With ``placing`` their
    dockets can be opened, and stand in the desk's queue.
    """
    mass = _Mass(count, now, master, reminders, due, placing)
    if make_url(url).get_backend_name() == "sqlite":
        _into_sqlite(url, mass)
        return
    import asyncio

    asyncio.run(_into_postgres(url, mass))


class _Mass:
    """The rows of every table, parents before children, each table's in the order of its key.

    Ids are spread evenly, so that those of real conversations come to lie among them.
    """

    def __init__(
        self,
        count: int,
        now: int,
        master: MasterKey,
        reminders: int,
        due: int,
        placing: Placing | None,
    ) -> None:
        self.key = master.id
        self._master = master
        self._placing = placing
        self.count = count
        self.reminders = reminders
        self.due = due
        self.now = now
        self._attention = os.urandom(60)
        self._answer = os.urandom(55)
        self._heard = os.urandom(40)
        self._said = os.urandom(400)
        self._docket = os.urandom(300)
        self._terms = os.urandom(100)
        self._wrapped = os.urandom(61)

    def tables(self) -> Iterable[tuple[Table, Sequence[str], Rows]]:
        """Table, columns, rows."""
        at = self._at
        yield (
            tables.applicant,
            ("id", "created_at"),
            ((self._id(n), at(n)) for n in range(self.count)),
        )
        yield (
            tables.conversation,
            (
                *("id", "applicant_id", "locale", "version", "active_filing", "attention"),
                *("updated_at", "epoch", "last_channel", "last_external_id"),
            ),
            (
                (
                    *(one := self._id(n), one, "zh-CN", 1, one, self._attention, at(n), 0),
                    *("telegram", _chat(n)),
                )
                for n in range(self.count)
            ),
        )
        yield (
            tables.identity,
            ("channel", "external_id", "conversation_id"),
            (("telegram", _chat(n), self._id(n)) for n in range(self.count)),
        )
        yield (
            tables.filing,
            ("id", "applicant_id", "flow", "flow_version", "created_at"),
            ((one := self._id(n), one, "first_filing", 1, at(n)) for n in range(self.count)),
        )
        yield (
            tables.data_key,
            ("scope", "wrapped", "key_id"),
            (
                (scope, self._wrap(scope), self.key)
                for n in range(self.count)
                for scope in (self._id(n), self._id(n) + "f")
            ),
        )
        yield (
            tables.answer,
            ("filing_id", "n", "step", "sealed", "at", "author"),
            (
                (self._id(n), 0, "domain", self._answer, at(n), "applicant")
                for n in range(self.count)
            ),
        )
        yield (tables.docket, *self._dockets())
        yield (
            tables.message,
            (
                *("public_id", "conversation_id", "turn", "kind", "channel", "external_id"),
                *("message_id", "sealed", "status", "settled_at", "at", "author"),
            ),
            self._messages(),
        )
        if self.reminders:
            yield (
                tables.reminder,
                (
                    *("key", "filing_id", "deadline", "kind", "offset", "purpose", "at"),
                    *("deadline_at", "number", "total", "status", "due_at"),
                ),
                self._planned(),
            )

    def _wrap(self, scope: str) -> bytes:
        if self._placing is None or len(scope) > _ID_LENGTH:  # a filing's
            return self._wrapped
        return self._master.wrap(key_of(scope), scope)

    def _dockets(self) -> tuple[Sequence[str], Rows]:
        if self._placing is None:
            names = ("conversation_id", "version", "shape", "seq", "made_at", "sealed", "terms")
            sealed = (self._docket, self._terms)
            return names, (
                (self._id(n), 1, SHAPE, n * _MESSAGES, self._at(n), *sealed)
                for n in range(self.count)
            )
        now, scopes = from_micros(self.now), map(self._id, range(self.count))
        rows = docket_rows(scopes, now, self._master, self._placing)
        return columns(now, self._placing), rows

    def _messages(self) -> Rows:
        for n in range(self.count):
            one, chat, at = self._id(n), _chat(n), self._at(n)
            heard = ("heard", "telegram", chat, str(n), self._heard, "heard", None, at, None)
            said = ("said", "telegram", chat, None, self._said, "sent", at, at, "assistant")
            yield (None, one, 1, *heard)
            yield (one, one, 1, *said)

    def _planned(self) -> Rows:
        deadline = "audit:-:2026-12-20"
        for n in range(self.reminders):
            one, is_due = self._id(n), n < self.due
            at = self.now - 1_000_000 if is_due else self.now + YEAR
            row = (deadline, "audit", "P1D", "remind", at, self.now + YEAR, 1, 1, "planned", at)
            yield (f"{one}/{deadline}/-/P1D", one, *row)

    def _id(self, n: int) -> str:
        return f"{(n * 2 + 1) * (2**127 // self.count):032x}"

    def _at(self, n: int) -> int:
        return self.now - 2 * YEAR + n * (2 * YEAR // self.count)


def _chat(n: int) -> str:
    return str(1_000_000_000 + n)


def _into_sqlite(url: str, mass: _Mass) -> None:
    engine = create_engine(make_url(url).set(drivername="sqlite+pysqlite"))
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        for pragma in ("journal_mode = WAL", "synchronous = OFF", "cache_size = -262144"):
            cursor.execute(f"PRAGMA {pragma}")
        for table, columns, rows in mass.tables():
            names = ", ".join(f'"{name}"' for name in columns)
            marks = ", ".join("?" * len(columns))
            while chunk := list(islice(rows, _CHUNK)):
                cursor.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', chunk)
            connection.commit()
        cursor.execute("ANALYZE")
        connection.commit()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


async def _into_postgres(url: str, mass: _Mass) -> None:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(address)
    try:
        # Triggers that check foreign keys are most of the time it takes; the rows are right.
        await connection.execute("SET session_replication_role = replica")
        for table, columns, rows in mass.tables():
            indices = await _without_indices(connection, table.name)
            await connection.copy_records_to_table(table.name, records=rows, columns=columns)
            for index in indices:
                await connection.execute(index)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _without_indices(connection: Any, table: str) -> list[str]:
    """Drop a table's indices; how to make them again."""
    found: Sequence[Mapping[str, str]] = await connection.fetch(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = $1"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        table,
    )
    for one in found:
        await connection.execute(f'DROP INDEX "{one["indexname"]}"')
    return [one["indexdef"] for one in found]
