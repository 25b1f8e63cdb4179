"""PostgreSQL through asyncpg."""

from collections.abc import Callable
from typing import TypeVar

from asyncpg.exceptions import PostgresError
from sqlalchemy import URL, Connection, func, select
from sqlalchemy.ext.asyncio import create_async_engine

from storage.engine import Database, failures_translated, first_line
from storage.errors import StoreUnavailable

T = TypeVar("T")

CONNECTIONS = 15
_RESTRUCTURING = 0xBE1A  # an advisory lock's number, the same in all processes


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

    async def scrub(self) -> None:
        """PostgreSQL clears deleted rows by its own vacuum."""

    async def close(self) -> None:
        """See ``Database``."""
        await self._engine.dispose()
