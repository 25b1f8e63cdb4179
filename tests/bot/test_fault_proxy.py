"""The fault proxy is a faithful wire without a fault, and with one as bad as it says."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.testing.faults import (
    FAULTS,
    Bandwidth,
    Down,
    Fault,
    FaultProxy,
    HalfOpen,
    Latency,
    Reset,
    Slicer,
    Timeout,
    Way,
)

CONTENT = bytes(range(256)) * 40


@asynccontextmanager
async def echoing() -> AsyncIterator[FaultProxy]:
    """A proxy before a server that sends back what it gets."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server, FaultProxy("127.0.0.1", server.sockets[0].getsockname()[1]) as proxy:
        yield proxy


async def call(proxy: FaultProxy, content: bytes = CONTENT) -> bytes:
    """Send something through a connection of its own; what comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        writer.write(content)
        return await reader.readexactly(len(content))
    finally:
        writer.close()


async def test_without_a_fault_everything_passes_unchanged() -> None:
    async with echoing() as proxy:
        assert await asyncio.gather(*(call(proxy) for _ in range(20))) == [CONTENT] * 20
        assert proxy.connections == 20


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize(
    "fault", [Latency(0.02, 0.02), Bandwidth(400_000), Slicer(1000), Slicer(7, 0.0)]
)
async def test_slow_networks_lose_nothing(fault: Fault, way: Way) -> None:
    async with echoing() as proxy:
        proxy.suffer(fault, way)
        assert await call(proxy) == CONTENT


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("make", [Reset, lambda: Reset(after=10), lambda: Timeout(0.01), Down])
async def test_broken_connections_are_noticed_and_new_ones_work_once_healed(
    make: Callable[[], Fault], way: Way
) -> None:
    async with echoing() as proxy:
        proxy.suffer(make(), way)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await call(proxy)
        proxy.heal()
        assert await call(proxy) == CONTENT


async def test_nobody_listens_while_the_server_is_down() -> None:
    async with echoing() as proxy:
        port = proxy.port
        proxy.suffer(Down())
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()
        proxy.heal()
        assert proxy.port == port


@pytest.mark.parametrize("way", Way)
async def test_a_half_open_connection_stays_silent_even_when_new_ones_work(way: Way) -> None:
    async with echoing() as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        proxy.suffer(HalfOpen(), way)
        writer.write(b"is anybody there?")
        await writer.drain()
        silent = asyncio.create_task(reader.read(1))
        async with asyncio.timeout(30):
            while not proxy.silent:
                await asyncio.sleep(0.005)
        proxy.heal()
        assert await call(proxy) == CONTENT
        writer.write(b"still there?")
        assert await call(proxy) == CONTENT
        assert not silent.done()
        proxy.break_all()
        with pytest.raises(ConnectionError):
            await silent
        writer.close()


async def test_a_fault_meets_connections_that_are_open_already() -> None:
    async with echoing() as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(b"a")
        assert await reader.readexactly(1) == b"a"
        proxy.suffer(Reset(), Way.DOWN)
        writer.write(b"b")
        with pytest.raises(ConnectionError):
            await reader.readexactly(1)
        writer.close()


async def test_where_no_server_is_nobody_answers(unused_port: int) -> None:
    async with FaultProxy("127.0.0.1", unused_port) as proxy:
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await call(proxy)


def test_there_is_a_fault_of_every_kind() -> None:
    assert set(FAULTS) >= {"latency", "reset", "slow bytes", "half-open", "timeout", "down"}
    assert all(isinstance(make(), type(make())) for make in FAULTS.values())
