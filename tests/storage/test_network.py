"""A PostgreSQL behind a bad network fails in time and is used again when it is back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Connection, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection

from bot.testing.faults import Down, FaultProxy, HalfOpen, Reset, Slicer, Timeout, Way
from storage.errors import StoreUnavailable
from storage.postgres import PostgresDatabase

PATIENCE = 0.5


@asynccontextmanager
async def behind_a_proxy(url: str) -> AsyncIterator[tuple[PostgresDatabase, FaultProxy]]:
    """The database by a network of its own."""
    address = make_url(url)
    folder = address.query.get("host")
    host = f"{folder}/.s.PGSQL.5432" if folder else str(address.host)
    async with FaultProxy(host, address.port or 5432) as proxy:
        there = address.set(host="127.0.0.1", port=proxy.port, query={})
        database = PostgresDatabase(there, patience=PATIENCE)
        try:
            yield database, proxy
        finally:
            proxy.heal()
            await database.close()


def one(connection: Connection) -> object:
    return connection.execute(text("SELECT 1")).scalar()


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("fault", [HalfOpen(), Reset(), Timeout(0.1), Down()])
async def test_a_lost_server_is_a_failure_and_not_a_wait(
    postgres_url: str, fault: HalfOpen | Reset | Timeout | Down, way: Way
) -> None:
    async with behind_a_proxy(postgres_url) as (database, proxy):
        assert await database.read(one) == 1
        proxy.suffer(fault, way)
        async with asyncio.timeout(30):
            for _ in range(2):  # the connection at hand, and a new one
                with pytest.raises(StoreUnavailable):
                    await database.write(one)
        proxy.heal()
        assert await _answered(database) == 1


async def test_connections_that_die_as_they_are_opened_are_a_failure_like_any(
    postgres_url: str,
) -> None:
    database = PostgresDatabase(make_url(postgres_url), patience=PATIENCE)

    def cut(connection: DBAPIConnection, _: object) -> None:
        connection.driver_connection.terminate()

    event.listen(database._engine.sync_engine, "connect", cut)
    for _ in range(3):
        with pytest.raises(StoreUnavailable):
            await database.write(one)
    event.remove(database._engine.sync_engine, "connect", cut)
    assert await database.read(one) == 1
    await database.close()


async def test_a_slow_server_is_waited_for(postgres_url: str) -> None:
    async with behind_a_proxy(postgres_url) as (database, proxy):
        proxy.suffer(Slicer(200), Way.DOWN)
        assert await database.read(one) == 1


@pytest.mark.parametrize("fault", [HalfOpen(), Down()])
async def test_who_listens_hears_again_after_the_line_was_cut(
    postgres_url: str, fault: HalfOpen | Down
) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    async with (
        behind_a_proxy(postgres_url) as (database, proxy),
        asyncio.timeout(60),
        database.listening("torture", heard.put_nowait),
    ):
        assert await heard.get() == ""
        proxy.suffer(fault)
        while isinstance(fault, HalfOpen) and not proxy.silent:
            await asyncio.sleep(0.01)  # until it has asked whether anybody is there
        proxy.heal()
        assert await heard.get() == ""
        notify = text("SELECT pg_notify('torture', 'here')")
        await database.write(lambda connection: connection.execute(notify))
        assert await heard.get() == "here"


async def _answered(database: PostgresDatabase) -> object:
    """What the server says once it is there again; what the fault broke may fail once more."""
    async with asyncio.timeout(30):
        while True:
            try:
                return await database.read(one)
            except StoreUnavailable:
                await asyncio.sleep(0.05)
