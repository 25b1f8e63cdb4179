"""A process's stores from its start to its end, and deliveries that come five times at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import httpx
from fastapi import FastAPI

from bot.clock import real_clock
from dialogs.message import Identity
from storage.crypto import MasterKey
from storage.ports import Stores
from storage.stores import StoreSettings, open_stores

COPIES = 5
MESSAGES = 4
MASTER = MasterKey(b"k" * 32)


@asynccontextmanager
async def started(home: Path, clock: Callable[[], datetime] = real_clock) -> AsyncIterator[Stores]:
    """A process's stores, from its start to its end."""
    settings = StoreSettings(f"sqlite:///{home / 'beian.db'}", home / "files")
    stores = await open_stores(settings, MASTER, clock)
    try:
        yield stores
    finally:
        await stores.close()


async def copies_at_once(deliver: Callable[[], Awaitable[httpx.Response]]) -> list[int]:
    """Deliver one thing so many times at once; the statuses it was answered with, sorted."""
    answers = await asyncio.gather(*(deliver() for _ in range(COPIES)))
    return sorted(one.status_code for one in answers)


async def five_times(
    deliver: Callable[[int], Awaitable[httpx.Response]], messages: int = MESSAGES
) -> set[int]:
    """Deliver each so many times at once; the statuses it was answered with."""
    copies = [number for number in range(messages) for _ in range(COPIES)]
    answers = await asyncio.gather(*(deliver(number) for number in copies))
    return {one.status_code for one in answers}


async def heard_by(stores: Stores, who: Identity) -> list[str]:
    """What the transcript holds of somebody's words, sorted."""
    return sorted(one.heard for one in await stores.transcript.since(who, 0) if one.heard)


def http(app: FastAPI) -> httpx.AsyncClient:
    """A client of the application."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
