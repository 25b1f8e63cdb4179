"""PostgreSQL through asyncpg."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

import asyncpg
from asyncpg.exceptions import PostgresError
from sqlalchemy import URL, Connection, func, select
from sqlalchemy.ext.asyncio import create_async_engine

from storage.engine import Database, failures_translated, first_line
from storage.errors import StoreUnavailable

T = TypeVar("T")

CONNECTIONS = 15
_RESTRUCTURING = 0xBE1A  # an advisory lock's number, the same in all processes
_AGAIN_AFTER = 2.0
"""Seconds until a lost connection that listened is opened again."""


class PostgresDatabase(Database):
    """PostgreSQL, shared by any number of processes."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(
            url, pool_size=5, max_overflow=CONNECTIONS - 5, pool_pre_ping=True, hide_parameters=True
        )
        self.dialect = self._engine.dialect

    async def read(self, work: Callable[[Connection], T]) -> T:
        """See ``Database``."""
        return await self.write(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See ``Database``."""
        try:
            with failures_translated():
                async with self._engine.begin() as connection:
                    return await connection.run_sync(work)
        except PostgresError as error:  # not wrapped while connecting
            raise StoreUnavailable(first_line(error)) from error

    async def restructure(self, work: Callable[[Connection], T]) -> T:
        """See ``Database``."""

        def alone(connection: Connection) -> T:
            connection.execute(select(func.pg_advisory_xact_lock(_RESTRUCTURING)))
            return work(connection)

        return await self.write(alone)

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
                connection = await asyncpg.connect(address.render_as_string(hide_password=False))
            except (PostgresError, OSError):
                await asyncio.sleep(_AGAIN_AFTER)
                continue
            try:
                connection.add_termination_listener(lambda _, lost=lost: lost.set())
                await connection.add_listener(channel, lambda *heard: tell(str(heard[-1])))
                tell("")
                await lost.wait()
            except PostgresError:
                await asyncio.sleep(_AGAIN_AFTER)
            finally:
                connection.terminate()

    async def try_writing(self) -> None:
        """See ``Database``. Writes a message into the log that nobody reads."""
        tell = select(func.pg_logical_emit_message(True, "beian", "ready"))
        await self.write(lambda connection: connection.execute(tell))

    async def scrub(self) -> None:
        """PostgreSQL clears deleted rows by its own vacuum."""

    async def close(self) -> None:
        """See ``Database``."""
        await self._engine.dispose()
