"""A running Telegram channel for tests: a parrot or an assistant on stores in memory."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.clock import real_clock
from bot.materials.receiving import Door
from bot.telegram.service import Listened, TelegramConfig, TelegramService, open_telegram
from bot.testing.telegram import FakeBot
from dialogs.ports import Outbox
from storage.memory import memory_stores
from storage.ports import Leases, Stores
from tests.bot.telegram.parrot import Parrot
from tests.parts.telegram import TelegramTestApi

TOKEN = "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qcK"
"""Shaped like a token, belongs to nobody."""


@dataclass
class Running:
    """A channel at work. ``refused`` lists the reasons of what was not taken."""

    service: TelegramService
    stop: asyncio.Event
    task: "asyncio.Task[None]"
    stores: Stores
    refused: list[str] = field(default_factory=list)

    async def settle_with(self, bot: FakeBot) -> None:
        """Wait until this bot's updates are confirmed and every reply is delivered."""
        await bot.updates.emptied(30)
        await self._deliver()

    async def settle_with_npm(self, api: TelegramTestApi) -> None:
        """The same on the server from npm."""
        async with asyncio.timeout(30):
            while await api.pending():
                await asyncio.sleep(0.01)
            await self._deliver()

    async def _deliver(self) -> None:
        await self.service.core.finish()
        await self.service.delivery.settled()


@asynccontextmanager
async def running(
    config: TelegramConfig,
    assistant: Listened | None = None,
    stores: Stores | None = None,
    outbox: Outbox | None = None,
    door: Door | None = None,
    leases: Leases | None = None,
) -> AsyncIterator[Running]:
    """The channel while the context lasts; then stopped in order."""
    stores = stores or memory_stores(real_clock)
    refused: list[str] = []
    async with open_telegram(
        config,
        assistant or Parrot(stores.cases),
        outbox or stores.outbox,
        real_clock,
        count=refused.append,
        door=door,
        leases=leases,
    ) as service:
        stop = asyncio.Event()
        task = asyncio.create_task(service.run(stop))
        try:
            yield Running(service, stop, task, stores, refused)
        finally:
            stop.set()
            async with asyncio.timeout(30):
                await asyncio.wait({task})


async def until(true: Callable[[], bool], patience: float = 30.0) -> None:
    """Wait for something to become true; TimeoutError if it does not."""
    async with asyncio.timeout(patience):
        while not true():
            await asyncio.sleep(0.01)


async def eventually(true: Callable[[], Awaitable[bool]], patience: float = 30.0) -> None:
    """The same for something that has to be asked."""
    async with asyncio.timeout(patience):
        while not await true():
            await asyncio.sleep(0.02)
