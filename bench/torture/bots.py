"""A bot in this process, watched: which of its sends have an outcome that nobody knows."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bench.platform import TOKEN
from bot.clock import real_clock
from bot.settings import Settings
from bot.telegram.aiogram_client import AiogramClient, open_aiogram
from bot.telegram.client import Keyboard
from bot.telegram.errors import Unreachable
from bot.telegram.service import Listened, TelegramConfig, TelegramService, open_telegram
from bot.world import load_world
from dialogs.assistant import Assistant
from dialogs.ports import Due, Outbox
from dialogs.world import World
from storage.ports import Stores


@dataclass(slots=True)
class Unknown:
    """Sends that may be repeated: what became of them was not told, or could not be recorded."""

    unanswered: int = 0
    unrecorded: int = 0

    @property
    def total(self) -> int:
        """Both."""
        return self.unanswered + self.unrecorded


class _WatchedClient(AiogramClient):
    unknown: Unknown

    async def send_text(self, chat: int, text: str, keyboard: Keyboard | None) -> int:
        """See ``Client``."""
        try:
            return await super().send_text(chat, text, keyboard)
        except Unreachable as fault:
            self.unknown.unanswered += fault.maybe_done
            raise


class _WatchedOutbox:
    def __init__(self, outbox: Outbox, unknown: Unknown) -> None:
        self._outbox = outbox
        self._unknown = unknown
        self.claim = outbox.claim
        self.retry = outbox.retry
        self.undeliverable = outbox.undeliverable
        self.find = outbox.find
        self.hurry = outbox.hurry
        self._missed: set[tuple[str, int]] = set()

    async def delivered(self, due: Due, platform_id: str | None, now: datetime) -> None:
        """See ``Outbox``."""
        claim = (due.outgoing.id, due.fence)
        try:
            await self._outbox.delivered(due, platform_id, now)
        except Exception:
            # Tried again under the same claim; however often, it is one message.
            self._unknown.unrecorded += claim not in self._missed
            self._missed.add(claim)
            raise


@asynccontextmanager
async def bot(
    stores: Stores,
    api_base: str,
    assistant: Listened | None = None,
    *,
    token: str = TOKEN,
    world: World | None = None,
    long_poll: int = 5,
    clock: Callable[[], datetime] = real_clock,
) -> AsyncIterator[tuple[TelegramService, Unknown]]:
    """A bot that reads by polling and answers while the context lasts; stopped in order."""
    unknown = Unknown()
    client = open_aiogram(token, api_base)
    client.__class__ = _WatchedClient
    assert isinstance(client, _WatchedClient)
    client.unknown = unknown
    assistant = assistant or Assistant(
        world or load_world(Settings(_env_file=None)),
        stores.cases,
        stores.dead_letters,
        clock,
    )
    config = TelegramConfig(token, api_base, long_poll=long_poll)
    outbox = _WatchedOutbox(stores.outbox, unknown)
    async with open_telegram(config, assistant, outbox, clock, client=client) as service:
        stop = asyncio.Event()
        running = asyncio.create_task(service.run(stop))
        try:
            yield service, unknown
        finally:
            stop.set()
            await running
