"""The dialogue inside an operator's own bot: its updates come from there, its replies go out
through that bot's connection, and delivery runs while the bot runs."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.materials.receiving import Door
from bot.sending import UNHURRIED, Delivery, Pace
from bot.telegram.client import Client
from bot.telegram.core import TelegramCore
from bot.telegram.errors import PASSING
from bot.telegram.sender import TelegramSender
from bot.telegram.service import Listened
from bot.telegram.translate import CHANNEL
from dialogs.ports import Outbox


class NotTaken(Exception):
    """The store was away; the update must come again. The cause says why."""


class Attached:
    """One dialogue in one foreign bot. ``begin`` may be called for every update."""

    def __init__(
        self,
        assistant: Listened,
        outbox: Outbox,
        clock: Callable[[], datetime],
        *,
        pace: Pace = UNHURRIED,
        count: Callable[[str], None] = lambda reason: None,
        door: Door | None = None,
    ) -> None:
        self._assistant = assistant
        self._outbox = outbox
        self._clock = clock
        self._pace = pace
        self._count = count
        self._door = door
        self._core: TelegramCore | None = None
        self._delivering: asyncio.Task[None] | None = None
        self._delivery: Delivery | None = None
        self._stop = asyncio.Event()

    def begin(self, client: Client) -> TelegramCore:
        """Start delivering through this client, if that has not begun."""
        if self._core is not None:
            return self._core
        self._core = TelegramCore(
            self._assistant, self._outbox, client, self._clock, count=self._count, door=self._door
        )
        self._delivery = Delivery(self._outbox, TelegramSender(client), self._clock, self._pace)
        self._assistant.couriers[CHANNEL] = self._delivery.take_over
        self._stop = asyncio.Event()
        self._delivering = asyncio.create_task(self._delivery.run(self._stop))
        return self._core

    async def take(self, client: Client, update: Mapping[str, Any]) -> None:
        """Take one update; done on return. Raises NotTaken, and then it must come again."""
        try:
            await self.begin(client).take(update)
        except PASSING as error:
            raise NotTaken("the store is away; the update was not taken") from error

    async def end(self) -> None:
        """Deliver what is due and stop. Raises ChannelClosed if delivery broke off."""
        if self._core is None or self._delivering is None or self._delivery is None:
            return
        await self._core.finish()
        del self._assistant.couriers[CHANNEL]
        self._stop.set()
        self._core = None
        await self._delivering
