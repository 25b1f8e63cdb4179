"""SQLite in WAL mode: one thread that writes, two that read, none of them the event loop's.

A whole transaction is one hop to a thread. Why not aiosqlite, which hops for every statement, and
not the event loop itself: ``docs/adr/0012-sqlite-in-threads.md``.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from storage.engine import Database, Durability, failures_translated
from storage.errors import StoreUnavailable

T = TypeVar("T")

BUSY_SECONDS = 10.0
"""How long a write waits for another process's write to end."""

READERS: Final = 2  # more of them only compete for Python's lock
CHECKPOINT_PAGES: Final = 4000  # 16 MiB of journal are brought into the file at once


class SqliteDatabase(Database):
    """An SQLite file, written by one transaction at a time, read beside it."""

    def __init__(self, url: URL, durability: Durability = Durability.NORMAL) -> None:
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
        self._engine = partial(_engine, url, durability)
        self._writer = self._engine(1, "BEGIN IMMEDIATE")
        self._reader = self._engine(READERS, "BEGIN")
        self._write_thread = ThreadPoolExecutor(1, "beian-write")
        self._read_threads = ThreadPoolExecutor(READERS, "beian-read")
        self.dialect = self._writer.dialect

    async def read(self, work: Callable[[Connection], T]) -> T:
        """See ``Database``."""
        return await _in(self._read_threads, lambda: _transact(self._reader, work))

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See ``Database``."""
        return await _in(self._write_thread, lambda: _transact(self._writer, work))

    async def restructure(self, work: Callable[[Connection], T]) -> T:
        """See ``Database``."""
        engine = self._engine(1, "BEGIN IMMEDIATE", foreign_keys=False)

        def checked(connection: Connection) -> T:
            result = work(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise StoreUnavailable(
                    f"{len(broken)} rows would lose their parent, nothing was changed"
                )
            return result

        try:
            return await _in(self._write_thread, lambda: _transact(engine, checked))
        finally:
            engine.dispose()

    async def try_writing(self) -> None:
        """See ``Database``. Writes a page of the journal."""

        def write_page(connection: Connection) -> None:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar()
            connection.exec_driver_sql(f"PRAGMA user_version = {version}")

        await self.write(write_page)

    async def scrub(self) -> None:
        """See ``Database``."""
        await _in(self._write_thread, lambda: _empty_journal(self._writer))

    async def close(self) -> None:
        """See ``Database``."""

        def finish() -> None:
            self._write_thread.shutdown()
            self._read_threads.shutdown()
            self._reader.dispose()
            self._writer.dispose()

        await asyncio.to_thread(finish)


def _engine(
    url: URL, durability: Durability, connections: int, begin: str, foreign_keys: bool = True
) -> Engine:
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_reset_on_return=None,  # every transaction here is ended by its own block
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "cached_statements": 512},
    )

    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # Python's driver would begin transactions by itself, later than we need.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            f"synchronous = {durability}",
            f"foreign_keys = {foreign_keys:d}",
            "secure_delete = ON",  # an erased value is overwritten, not only unlinked
            "temp_store = MEMORY",
            "cache_size = -32768",  # KiB
            f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start)
    return engine


async def _in(threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(threads, work)


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
