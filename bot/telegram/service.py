"""The Telegram channel as a running part of the program: reads, answers and delivers."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias
from urllib.parse import urlsplit

from fastapi import APIRouter

from bot.attachments import Kept
from bot.common_pace import pace_of
from bot.holding import Alone
from bot.materials.receiving import Door
from bot.sending import UNHURRIED, UNPACED, ChannelClosed, Delivery, Pace
from bot.telegram.client import LONG_POLL, Client
from bot.telegram.core import Conversations, Reachability, TelegramCore
from bot.telegram.errors import AnotherReader, Refused, TelegramFault, TokenRefused
from bot.telegram.linked import LinkedSender
from bot.telegram.polling import Poller
from bot.telegram.redaction import keep_out_of_logs, quieten_libraries
from bot.telegram.sender import TelegramSender
from bot.telegram.texts import LANGUAGES, commands
from bot.telegram.translate import CHANNEL
from bot.telegram.webhook import PATH, webhook_router
from dialogs.assistant import Courier
from dialogs.ports import Outbox
from scheduler.ports import ContactStore
from storage.ports import Leases, Paces

logger = logging.getLogger(__name__)

Library: TypeAlias = Literal["aiogram", "ptb"]
"""Which library makes the calls."""

_WEBHOOK_ADVICE = (
    "Telegram posts to a public https address on port 443, 80, 88 or 8443: check BEIAN_PUBLIC_URL, "
    "or set BEIAN_TELEGRAM_MODE=polling"
)

_START_AGAIN = 5.0
"""Seconds until the next try when Telegram cannot be reached at start."""


class Listened(Conversations, Protocol):
    """An assistant that hands what it says to the courier of its channel."""

    couriers: dict[str, Courier]


@dataclass(frozen=True, slots=True)
class TelegramConfig:
    """What an operator decides about Telegram."""

    token: str = field(repr=False)
    api_base: str = "https://api.telegram.org"
    library: Library = "aiogram"
    public_url: str | None = None  # with webhook_secret: updates are posted there
    webhook_secret: str | None = field(default=None, repr=False)
    long_poll: int = LONG_POLL  # seconds

    @property
    def by_webhook(self) -> bool:
        """Whether updates are posted to us rather than fetched."""
        return self.public_url is not None and self.webhook_secret is not None

    @property
    def pace(self) -> Pace:
        """Telegram's own limits, unless the server is one on this machine."""
        local = urlsplit(self.api_base).hostname in ("127.0.0.1", "::1", "localhost")
        return UNPACED if local else UNHURRIED


def open_client(config: TelegramConfig) -> Client:
    """The chosen library's client. Raises TokenRefused for what cannot be a token."""
    quieten_libraries()
    keep_out_of_logs(config.token)
    # Each library takes half a second to import; nobody needs both.
    if config.library == "ptb":
        from bot.telegram.ptb_client import open_ptb

        return open_ptb(config.token, config.api_base)
    from bot.telegram.aiogram_client import open_aiogram

    return open_aiogram(config.token, config.api_base)


class TelegramService:
    """One bot. ``router`` takes the webhook's posts and belongs into the web application."""

    def __init__(
        self,
        config: TelegramConfig,
        client: Client,
        core: TelegramCore,
        delivery: Delivery,
        count: Callable[[str], None],
        linked: Delivery | None = None,
        alone: Alone | None = None,
    ) -> None:
        self.delivery = delivery
        self._alone = alone
        self._linked = linked
        self.core = core
        self._config = config
        self._client = client
        self._count = count
        self._ready = asyncio.Event()

    @property
    def router(self) -> APIRouter | None:
        """The webhook's endpoint; None when polling."""
        if not self._config.by_webhook:
            return None
        return webhook_router(self.core.take, self._config.webhook_secret or "", self._count)

    @property
    def ready(self) -> bool:
        """Whether Telegram knows us and updates can arrive."""
        return self._ready.is_set()

    async def run(self, stop: asyncio.Event) -> None:
        """Read and deliver until ``stop`` is set, then finish what is in hand.

        Raises ChannelClosed, saying what to do, when Telegram will not have us.
        """
        read_all = asyncio.Event()
        delivering = asyncio.create_task(self._deliver(read_all), name="telegram-delivery")
        reading = asyncio.create_task(self._read(stop), name="telegram-reading")
        try:
            await asyncio.wait({reading, delivering}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                reading.cancel()
                await asyncio.wait({reading})
            await self.core.finish()
        finally:
            self._ready.clear()
            read_all.set()
            reading.cancel()
            results = await asyncio.gather(reading, delivering, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _deliver(self, stop: asyncio.Event) -> None:
        outboxes = [self.delivery, *([self._linked] if self._linked is not None else [])]
        await asyncio.gather(*(outbox.run(stop) for outbox in outboxes))

    async def _read(self, stop: asyncio.Event) -> None:
        try:
            if not await self._begin(stop):
                return
            self._ready.set()
            if self._config.by_webhook:
                await stop.wait()
            else:
                poller = Poller(self._client, self.core.take, long_poll=self._config.long_poll)
                if self._alone is None:
                    await poller.run(stop)
                else:
                    await self._alone.run(f"telegram/{_bot_id(self._config)}", poller.run, stop)
        except (TokenRefused, AnotherReader) as fault:
            raise ChannelClosed(str(fault)) from None

    async def _begin(self, stop: asyncio.Event) -> bool:
        """Introduce ourselves, as often as it takes; False if we have to stop before."""
        while not stop.is_set():
            try:
                self.core.username = (await self._client.me()).username
                await self._choose_way_in()
            except (TokenRefused, AnotherReader):
                raise
            except TelegramFault as fault:
                logger.warning("%s", fault)
                await _pause(stop, _START_AGAIN)
            else:
                await self._set_menus()
                return True
        return False

    async def _choose_way_in(self) -> None:
        if self._config.by_webhook:
            url = f"{self._config.public_url}{PATH}"
            try:
                await self._client.set_webhook(url, self._config.webhook_secret or "")
            except Refused as refused:
                raise ChannelClosed(f"{refused}; {_WEBHOOK_ADVICE}") from None
        else:
            await self._client.delete_webhook()

    async def _set_menus(self) -> None:
        """The commands menu; a bot without one works too."""
        for language, locale in LANGUAGES:
            try:
                await self._client.set_commands(commands(locale), language)
            except TelegramFault as fault:
                logger.warning("the commands menu is not set: %s", fault)


@asynccontextmanager
async def open_telegram(
    config: TelegramConfig,
    assistant: Listened,
    outbox: Outbox,
    clock: Callable[[], datetime],
    *,
    reachability: Reachability | None = None,
    count: Callable[[str], None] = lambda reason: None,
    client: Client | None = None,
    kept: Kept | None = None,
    contacts: ContactStore | None = None,
    door: Door | None = None,
    leases: Leases | None = None,
    paces: Paces | None = None,
) -> AsyncIterator[TelegramService]:
    """The channel, listening to the assistant; connections are closed at the end.

    ``kept`` reads files that colleagues send, ``door`` lets in what applicants send. ``count`` is
    told the reason of every refusal; with ``contacts`` chats connected by a link are reminded
    too. With ``leases`` one of several processes polls and the others stand by; with ``paces``
    they keep to Telegram's limits together. Raises ChannelClosed for an impossible token.
    """
    try:
        opened = client or open_client(config)
    except TokenRefused as fault:
        raise ChannelClosed(str(fault)) from None
    core = TelegramCore(
        assistant, outbox, opened, clock, reachability=reachability, count=count, door=door
    )
    sender = TelegramSender(opened, kept)
    together = pace_of(paces, f"telegram/{_bot_id(config)}", config.pace.together, clock)
    delivery = Delivery(outbox, sender, clock, config.pace, together=together)
    linked = (
        Delivery(outbox, LinkedSender(sender, contacts), clock, config.pace, together=together)
        if contacts is not None
        else None
    )
    assistant.couriers[CHANNEL] = delivery.take_over
    try:
        alone = None if leases is None else Alone(leases, clock)
        yield TelegramService(config, opened, core, delivery, count, linked, alone)
    finally:
        del assistant.couriers[CHANNEL]
        await opened.close()


def _bot_id(config: TelegramConfig) -> str:
    """Which bot it is; a token begins with it."""
    return config.token.partition(":")[0]


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    waiting: asyncio.Task[Any] = asyncio.create_task(stop.wait())
    await asyncio.wait({waiting}, timeout=seconds)
    waiting.cancel()
