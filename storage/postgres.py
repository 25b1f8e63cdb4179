"""PostgreSQL through asyncpg."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from time import monotonic
from typing import TypeVar

import asyncpg
from asyncpg.exceptions import InterfaceError, PostgresError
from sqlalchemy import URL, Connection, Engine, NullPool, event, func, select, text
from sqlalchemy.engine import AdaptedConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.aside import Aside
from storage.engine import Database, failures_translated, first_line
from storage.errors import StoreUnavailable

T = TypeVar("T")

CONNECTIONS = 15
ASIDE = 4
"""Connections more, for what is read beside the event loop."""

_RESTRUCTURING = 0xBE1A  # an advisory lock's number, the same in all processes
_LOCK_SECONDS = 10
_AGAIN_AFTER = 2.0
"""Seconds until a lost connection that listened is opened again."""

BELIEVED = 1.0
"""Seconds for which a connection that was just used is taken to lead to its server still.

Asking costs a way there and back, and SQLAlchemy's own asking three. One that the server has
closed is known without asking.
"""

PATIENCE = 20.0
"""Seconds for one statement. A server that is cut off says nothing, ever: without this whoever
waits for it would wait as long. Well inside the lease of an outgoing message."""


class PostgresDatabase(Database):
    """PostgreSQL, shared by any number of processes."""

    def __init__(self, url: URL, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._open = partial(create_async_engine, url, hide_parameters=True)
        patiently = {"timeout": patience, "command_timeout": patience}
        self._engine = self._open(pool_size=5, max_overflow=CONNECTIONS - 5, connect_args=patiently)
        # Connections belong to the event loop they were opened in.
        self._engine_aside = self._open(pool_size=1, max_overflow=ASIDE - 1, connect_args=patiently)
        for engine in (self._engine, self._engine_aside):
            _ask_whether_it_is_there(engine.sync_engine)
        as_one = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reading = self._engine.execution_options(**as_one)
        self._reading_aside = self._engine_aside.execution_options(**as_one)
        self._at_once = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._aside = Aside("beian-read")
        self.dialect = self._engine.dialect

    async def read(self, work: Callable[[Connection], T]) -> T:
        """See ``Database``."""
        return await _transact(self._reading, work)

    async def read_aside(self, work: Callable[[Connection], T]) -> T:
        """See ``Database``."""
        return await self._aside.run(lambda: _transact(self._reading_aside, work))

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See ``Database``."""
        return await _transact(self._engine, work)

    async def write_at_once(self, work: Callable[[Connection], T]) -> T:
        """See ``Database``."""
        return await _transact(self._at_once, work)

    async def restructure(self, work: Callable[[Connection], T]) -> T:
        """See ``Database``."""

        def alone(connection: Connection) -> T:
            connection.execute(select(func.pg_advisory_xact_lock(_RESTRUCTURING)))
            # Whoever waits for a table's lock makes all others wait behind it: rather fail soon.
            connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'"))
            return work(connection)

        # However long it takes: tables are rebuilt here, and another process may be at it.
        engine = self._open(poolclass=NullPool)
        try:
            return await _transact(engine, alone)
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def listening(self, channel: str, tell: Callable[[str], None]) -> AsyncIterator[None]:
        """See ``Database``. Takes a connection of its own."""
        task = asyncio.create_task(self._listen(channel, tell), name=f"listen-{channel}")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _listen(self, channel: str, tell: Callable[[str], None]) -> None:
        address = self._engine.url.set(drivername="postgresql")
        while True:
            lost = asyncio.Event()
            try:
                connection = await asyncpg.connect(
                    address.render_as_string(hide_password=False), timeout=self._patience
                )
            except (PostgresError, InterfaceError, OSError):
                await asyncio.sleep(_AGAIN_AFTER)
                continue
            try:
                connection.add_termination_listener(lambda _, lost=lost: lost.set())
                await connection.add_listener(channel, lambda *heard: tell(str(heard[-1])))
                tell("")
                await self._watch(connection, lost)
            except (PostgresError, InterfaceError, OSError):
                await asyncio.sleep(_AGAIN_AFTER)
            finally:
                connection.terminate()

    async def _watch(
        self, connection: "asyncpg.Connection[asyncpg.Record]", lost: asyncio.Event
    ) -> None:
        """Until the connection is lost. One that is cut off does not tell: it is asked."""
        while not lost.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience):
                    await lost.wait()
                    return
            await connection.execute("SELECT 1", timeout=self._patience)

    async def try_writing(self) -> None:
        """See ``Database``. Writes a message into the log that nobody reads."""
        tell = select(func.pg_logical_emit_message(True, "beian", "ready"))
        await self.write(lambda connection: connection.execute(tell))

    async def scrub(self) -> None:
        """PostgreSQL clears deleted rows by its own vacuum."""

    async def close(self) -> None:
        """See ``Database``."""
        if self._aside.has_begun:
            await self._aside.run(self._engine_aside.dispose)
            await self._aside.close()
        await self._engine.dispose()


def _ask_whether_it_is_there(engine: Engine) -> None:
    """Before a connection is used that has lain idle, ask; one that is closed is not used."""

    def note(_: object, entry: ConnectionPoolEntry) -> None:
        entry.info["left_at"] = monotonic()

    def ask(connection: AdaptedConnection, entry: ConnectionPoolEntry, _: object) -> None:
        if "left_at" not in entry.info:  # just opened: whatever is wrong, its first statement tells
            return
        idle = monotonic() - entry.info["left_at"]
        try:
            if connection.driver_connection.is_closed():
                raise InvalidatePoolError
            if idle > BELIEVED:
                connection.run_async(lambda driver: driver.execute("SELECT 1"))
        except (PostgresError, InterfaceError, OSError):  # a wait too long is an OSError
            raise InvalidatePoolError from None

    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", ask)


async def _transact(engine: AsyncEngine, work: Callable[[Connection], T]) -> T:
    try:
        with failures_translated():
            async with engine.begin() as connection:
                return await connection.run_sync(work)
    except (PostgresError, InterfaceError) as error:  # not wrapped while connecting
        raise StoreUnavailable(first_line(error)) from error
