"""SQLite in WAL mode: no wait on the event loop, and no thread hop where nothing waits.

A brief write only reaches the operating system's memory (WAL, ``synchronous = NORMAL``), so it
runs at once; whatever may wait goes to a thread: another process's lock, a disk flush, long
work. The figures behind this are in ``docs/adr/0011-sqlite-on-the-event-loop.md``.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from storage.engine import Database, Durability, failures_translated
from storage.errors import StoreUnavailable

T = TypeVar("T")

BUSY_SECONDS = 10.0
"""How long a write waits for another process's write to end."""

READERS = 4
CHECKPOINT_BYTES = 8 * 2**20
"""The journal's growth after which it is brought into the database file."""


class SqliteDatabase(Database):
    """An SQLite file, written by one transaction at a time, read beside it."""

    def __init__(self, url: URL, durability: Durability = Durability.NORMAL) -> None:
        self._url = url
        self._durability = durability
        path = Path(url.database or "")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._journal = path.with_name(path.name + "-wal")
        # The same file three times: to write if nobody else does, to wait for it, to read.
        self._prompt = _engine(url, durability, 1, "BEGIN IMMEDIATE", 0.0)
        self._patient = _engine(url, durability, 1, "BEGIN IMMEDIATE", BUSY_SECONDS)
        self._reader = _engine(url, durability, READERS + 1, "BEGIN", BUSY_SECONDS)
        self._threads = ThreadPoolExecutor(READERS, "beian-sqlite")
        self._turnstile = asyncio.Lock()
        self._brief_writes: Final = durability is Durability.NORMAL
        self._checkpoint_from = CHECKPOINT_BYTES
        self._checkpoint: asyncio.Task[None] | None = None
        self.dialect = self._prompt.dialect

    async def read(self, work: Callable[[Connection], T], *, brief: bool = False) -> T:
        """See ``Database``."""
        if brief:
            return _transact(self._reader, work)
        return await self._in_thread(lambda: _transact(self._reader, work))

    async def write(self, work: Callable[[Connection], T], *, brief: bool = False) -> T:
        """See ``Database``."""
        async with self._turnstile:
            self._consider_checkpoint()
            if brief and self._brief_writes:
                try:
                    return _transact(self._prompt, work)
                except StoreUnavailable as error:
                    if not _is_busy(error):
                        raise
            return await self._in_thread(lambda: _transact(self._patient, work))

    async def restructure(self, work: Callable[[Connection], T]) -> T:
        """See ``Database``."""
        engine = _engine(self._url, self._durability, 1, "BEGIN IMMEDIATE", BUSY_SECONDS, "OFF")

        def alone() -> T:
            with failures_translated(), engine.begin() as connection:
                result = work(connection)
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise StoreUnavailable(
                        f"{len(broken)} rows would lose their parent, nothing was changed"
                    )
                return result

        async with self._turnstile:
            try:
                return await self._in_thread(alone)
            finally:
                engine.dispose()

    async def scrub(self) -> None:
        """See ``Database``."""
        async with self._turnstile:
            await self._in_thread(lambda: _empty_journal(self._patient))

    async def close(self) -> None:
        """See ``Database``."""
        if self._checkpoint is not None:
            await asyncio.wait({self._checkpoint})
        await asyncio.to_thread(self._threads.shutdown)
        for engine in (self._reader, self._prompt, self._patient):
            engine.dispose()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _consider_checkpoint(self) -> None:
        if self._checkpoint is None and self._journal_size() >= self._checkpoint_from:
            self._checkpoint = asyncio.create_task(self._run_checkpoint())

    async def _run_checkpoint(self) -> None:
        """Empty the journal; where a reader still needs it, try again when it has grown."""
        try:
            async with self._turnstile:
                await self._in_thread(lambda: _empty_journal(self._prompt))
        finally:
            self._checkpoint_from = self._journal_size() + CHECKPOINT_BYTES
            self._checkpoint = None

    def _journal_size(self) -> int:
        try:
            return self._journal.stat().st_size
        except FileNotFoundError:
            return 0


def _engine(
    url: URL,
    durability: Durability,
    connections: int,
    begin: str,
    busy_seconds: float,
    foreign_keys: str = "ON",
) -> Engine:
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_reset_on_return=None,  # every transaction here is ended by its own block
        hide_parameters=True,
        connect_args={"timeout": busy_seconds, "cached_statements": 512},
    )

    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # Python's driver would begin transactions by itself, later than we need.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {BUSY_SECONDS * 1000:.0f}",  # for the change to WAL below
            "journal_mode = WAL",
            f"busy_timeout = {busy_seconds * 1000:.0f}",
            f"synchronous = {durability}",
            f"foreign_keys = {foreign_keys}",
            "secure_delete = ON",  # an erased value is overwritten, not only unlinked
            "temp_store = MEMORY",
            "cache_size = -32768",  # KiB
            # A checkpoint flushes the disk; it is taken in a thread, not inside a commit.
            "wal_autocheckpoint = 0",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start)
    return engine


def _transact(engine: Engine, work: Callable[[Connection], T]) -> T:
    with failures_translated(), engine.begin() as connection:
        return work(connection)


def _empty_journal(engine: Engine) -> None:
    with failures_translated():
        raw = engine.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.close()
        finally:
            raw.close()


def _is_busy(error: StoreUnavailable) -> bool:
    cause = error.__cause__
    if not isinstance(cause, DBAPIError):
        return False
    code = getattr(cause.orig, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
