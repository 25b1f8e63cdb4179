"""The Telegram channel as `beian serve` runs it: settings in, metrics out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import APIRouter

from bot.attachments import reader_of
from bot.clock import real_clock
from bot.materials.receiving import Door
from bot.metrics import Metrics
from bot.settings import Settings
from bot.telegram.service import TelegramConfig, TelegramService, open_telegram
from bot.telegram.translate import CHANNEL
from bot.wiring import Program
from dialogs.assistant import Assistant, Courier
from dialogs.case import Case
from dialogs.message import Identity, Inbound


@dataclass(frozen=True, slots=True)
class TelegramChannel:
    """A part of the running program."""

    service: TelegramService
    settings: Settings

    @staticmethod
    @asynccontextmanager
    async def open(program: Program, metrics: Metrics) -> AsyncIterator["TelegramChannel"]:
        """The channel of the configured bot. Raises ChannelClosed for an impossible token."""
        async with open_telegram(
            config_from(program.settings),
            _Measured(program.assistant, metrics),
            program.stores.outbox,
            real_clock,
            count=lambda reason: metrics.refused(CHANNEL, reason),
            kept=reader_of(program.stores.files),
            contacts=program.stores.contacts,
            door=Door(program.assistant, program.receiver),
            leases=program.stores.leases,
            paces=program.stores.paces,
        ) as service:
            yield TelegramChannel(service, program.settings)

    @property
    def router(self) -> APIRouter | None:
        """The webhook's endpoint; None when polling."""
        return self.service.router

    async def run(self, stop: asyncio.Event) -> None:
        """Read and deliver until ``stop`` is set. Raises ChannelClosed, saying what to do."""
        await self.service.run(stop)

    def name(self) -> str:
        """The bot's name for links: as Telegram told it, or as it is set."""
        return self.service.core.username or self.settings.telegram_bot

    async def problem(self) -> str | None:
        """Why nothing can arrive at present, or None."""
        return None if self.service.ready else "Telegram has not answered yet"


def config_from(settings: Settings) -> TelegramConfig:
    """What the operator set about Telegram; there must be a token."""
    assert settings.telegram_token is not None
    secret = settings.telegram_webhook_secret
    posted = settings.telegram_mode == "webhook" and secret is not None
    return TelegramConfig(
        token=settings.telegram_token.get_secret_value(),
        api_base=settings.telegram_api_base,
        library=settings.telegram_library,
        public_url=settings.public_url if posted else None,
        webhook_secret=secret.get_secret_value() if posted and secret else None,
    )


class _Measured:
    """The assistant, its turns timed."""

    def __init__(self, assistant: Assistant, metrics: Metrics) -> None:
        self._assistant = assistant
        self._metrics = metrics
        self.couriers: dict[str, Courier] = assistant.couriers

    async def handle(self, inbound: Inbound) -> object:
        """Take one message, and count it."""
        with self._metrics.turn(CHANNEL):
            return await self._assistant.handle(inbound)

    async def connect(self, code: str, chat: str) -> bool:
        """See ``Assistant``."""
        return await self._assistant.connect(code, chat)

    async def case(self, identity: Identity) -> Case:
        """The identity's case as it stands."""
        return await self._assistant.case(identity)
