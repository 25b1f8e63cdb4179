"""The WeChat channel as a running part of the program: answers, delivers, takes over."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter

from bot.attachments import Kept
from bot.common_pace import pace_of
from bot.materials.receiving import Door
from bot.pacing import Rate
from bot.sending import UNHURRIED, UNPACED, Delivery, Pace, Sender
from bot.tencent.crypto import MessageKey
from bot.tencent.doorkeeper import Doorkeeper
from bot.wechat.answering import Post
from bot.wechat.callback import callback_router
from bot.wechat.client import Account, WeChatClient
from bot.wechat.core import FLOOD, LATE, PATIENCE, WeChatCore
from bot.wechat.errors import Action, Refused, WeChatFault
from bot.wechat.handing import FileLinks, file_router
from bot.wechat.means import Conversations, Means, NoNotices, Notices
from bot.wechat.sender import WeChatSender
from bot.wechat.texts import menu
from bot.wechat.translate import CHANNEL
from dialogs.assistant import Courier
from dialogs.message import Identity
from dialogs.ports import Outbox, Transcript
from storage.ports import Paces
from storage.wechat_ports import WeChatStore

logger = logging.getLogger(__name__)

LOOK_AGAIN: Final = 5.0
"""Seconds between looks for deliveries that another process left."""

FORGET_EVERY: Final = 3600.0


class Listened(Conversations, Protocol):
    """An assistant that hands what it says to the courier of its channel."""

    couriers: dict[str, Courier]


@dataclass(frozen=True, slots=True)
class WeChatConfig:
    """What an operator decides about WeChat. ``aes_keys``: the present one, then the last."""

    app_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_keys: tuple[str, ...] = field(repr=False)
    api_base: str = "https://api.weixin.qq.com"
    patience: float = PATIENCE  # seconds
    flood: Rate = FLOOD
    late: timedelta = LATE
    look_again: float = LOOK_AGAIN
    sets_menu: bool = True
    public_url: str | None = None  # without one, files an account cannot send are only named

    @property
    def account(self) -> Account:
        """What the client needs."""
        return Account(self.app_id, self.secret, self.api_base)

    @property
    def pace(self) -> Pace:
        """As for other chats, unless the server is one on this machine."""
        local = urlsplit(self.api_base).hostname in ("127.0.0.1", "::1", "localhost")
        return UNPACED if local else UNHURRIED

    def links(self, clock: Callable[[], datetime]) -> FileLinks | None:
        """Hands out files under the public address, if there is one."""
        return FileLinks(self.public_url, self.secret, clock) if self.public_url else None

    def doorkeeper(self, clock: Callable[[], datetime]) -> Doorkeeper:
        """Lets callbacks in. Raises ValueError for a key that cannot be one."""
        keys = [MessageKey.of(key, self.app_id) for key in self.aes_keys]
        return Doorkeeper(self.token, keys, clock)


@dataclass(frozen=True, slots=True)
class Stored:
    """The stores the channel works on, of ``storage.ports.Stores``."""

    outbox: Outbox
    transcript: Transcript
    wechat: WeChatStore


class WeChatService:
    """One account. ``router`` takes the callbacks and belongs into the web application.

    ``delivery_by`` delivers by another of the account's ways, at the pace common to all.
    """

    def __init__(
        self,
        config: WeChatConfig,
        client: WeChatClient,
        core: WeChatCore,
        post: Post,
        router: APIRouter,
        delivery_by: Callable[[Sender], Delivery],
    ) -> None:
        self.client = client
        self.core = core
        self.router = router
        self.delivery = post.delivery
        self.delivery_by = delivery_by
        self._config = config
        self._sender = post.sender

    @property
    def trouble(self) -> str | None:
        """What the operator must mend before everything works, or None."""
        return self._sender.trouble

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver and take over until ``stop`` is set, then finish what is in hand."""
        over = asyncio.Event()
        tending = asyncio.create_task(self._tend(stop), name="wechat-tending")
        delivering = asyncio.create_task(self.delivery.run(over), name="wechat-delivery")
        await asyncio.wait({tending, delivering}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        await tending  # what late turns say is delivered before the end
        over.set()
        await delivering

    async def _tend(self, stop: asyncio.Event) -> None:
        await self._introduce()
        forget_at = 0.0
        loop = asyncio.get_running_loop()
        while not stop.is_set():
            try:
                if loop.time() >= forget_at:
                    await self.core.forget_old()
                    forget_at = loop.time() + FORGET_EVERY
                while await self.core.take_late():
                    pass
            except Exception as error:  # the store may be away for a while: look again later
                logger.warning("kept deliveries cannot be read: %s", type(error).__name__)
            await _pause(stop, self._config.look_again)
        await self.core.finish()

    async def _introduce(self) -> None:
        """See whether the account lets us in, and set its menu; it works without, but tells."""
        try:
            await self.client.check()
            if self._config.sets_menu:
                await self.client.set_menu(menu())
        except Refused as refused:
            logger.error("%s", refused)
            if refused.action is Action.ACCOUNT:
                self._sender.trouble = str(refused)
        except WeChatFault as fault:
            logger.warning("%s", fault)


@asynccontextmanager
async def open_wechat(
    config: WeChatConfig,
    assistant: Listened,
    stored: Stored,
    clock: Callable[[], datetime],
    *,
    door: Door | None = None,
    kept: Kept | None = None,
    notices: Notices | None = None,
    count: Callable[[str], None] = lambda reason: None,
    paces: Paces | None = None,
) -> AsyncIterator[WeChatService]:
    """The channel, listening to the assistant; connections are closed at the end.

    ``door`` lets in pictures people send, ``kept`` reads files that colleagues send, ``notices``
    hears of consents and of what became of templates. ``count`` is told the reason of every
    refusal. With ``paces`` several processes keep one pace. Raises ValueError for an impossible
    key.
    """
    doorkeeper = config.doorkeeper(clock)
    async with httpx.AsyncClient() as http:
        client = WeChatClient(http, config.account, stored.wechat, clock)
        links = config.links(clock)
        link = None if links is None else links.to

        async def is_held(identity: Identity) -> bool:
            return (await assistant.case(identity)).hold is not None

        sender = WeChatSender(client, stored.wechat, clock, kept, link, is_held)
        together = pace_of(paces, f"{CHANNEL}/{config.app_id}", config.pace.together, clock)

        def delivery_by(sender: Sender) -> Delivery:
            return Delivery(stored.outbox, sender, clock, config.pace, together=together)

        post = Post(delivery_by(sender), sender)
        core = WeChatCore(
            Means(
                assistant,
                stored.outbox,
                stored.transcript,
                stored.wechat,
                client,
                post,
                clock,
                door,
                link,
                notices or NoNotices(),
                count,
            ),
            patience=config.patience,
            flood=config.flood,
            late=config.late,
        )
        assistant.couriers[CHANNEL] = post.take_over
        try:
            router = callback_router(core.take, doorkeeper, count)
            if links is not None:
                router.include_router(file_router(links, stored.outbox, kept, count))
            yield WeChatService(config, client, core, post, router, delivery_by)
        finally:
            del assistant.couriers[CHANNEL]


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    waiting: asyncio.Task[Any] = asyncio.create_task(stop.wait())
    await asyncio.wait({waiting}, timeout=seconds)
    waiting.cancel()
