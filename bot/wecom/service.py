"""The channel of WeCom customer service as a running part of the program."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol
from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter

from bot.attachments import Kept
from bot.common_pace import pace_of
from bot.materials.receiving import Door
from bot.sending import UNHURRIED, UNPACED, Delivery, Pace
from bot.tencent.crypto import MessageKey
from bot.tencent.doorkeeper import Doorkeeper
from bot.wecom.callback import callback_router
from bot.wecom.client import Corp, WeComClient
from bot.wecom.core import Means, Post, Talking, WeComCore
from bot.wecom.errors import Action, Refused, WeComFault
from bot.wecom.pulling import EVERY, Puller
from bot.wecom.sender import Books, WeComSender
from bot.wecom.sessions import Sessions
from bot.wecom.translate import CHANNEL
from dialogs.assistant import Courier
from dialogs.ports import Outbox, Transcript
from storage.ports import Paces
from storage.wechat_ports import WeChatStore
from storage.wecom_ports import WeComStore

logger = logging.getLogger(__name__)

SCENE: Final = "beian"
"""What our own links to an account carry, so that a word can be put behind them."""

_FORGET_EVERY: Final = 3600.0


class Listened(Talking, Protocol):
    """An assistant that hands what it says to the courier of its channel."""

    couriers: dict[str, Courier]


@dataclass(frozen=True, slots=True)
class WeComConfig:
    """What an operator decides about WeCom. ``aes_keys``: the present one, then the last."""

    corp_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_keys: tuple[str, ...] = field(repr=False)
    accounts: tuple[str, ...]  # open_kfid of each
    servicer: str | None = None  # a userid, or ``sessions.QUEUE``
    api_base: str = "https://qyapi.weixin.qq.com"
    look_again: float = 1.0  # seconds

    @property
    def corp(self) -> Corp:
        """What the client needs."""
        return Corp(self.corp_id, self.secret, self.api_base)

    @property
    def pace(self) -> Pace:
        """As for other chats, unless the server is one on this machine."""
        local = urlsplit(self.api_base).hostname in ("127.0.0.1", "::1", "localhost")
        return UNPACED if local else UNHURRIED

    def doorkeeper(self, clock: Callable[[], datetime]) -> Doorkeeper:
        """Lets callbacks in. Raises ValueError for a key that cannot be one."""
        keys = [MessageKey.of(key, self.corp_id) for key in self.aes_keys]
        return Doorkeeper(self.token, keys, clock)


@dataclass(frozen=True, slots=True)
class Stored:
    """The stores the channel works on, of ``storage.ports.Stores``."""

    outbox: Outbox
    transcript: Transcript
    windows: WeChatStore
    wecom: WeComStore


class WeComService:
    """One company's accounts. ``router`` takes the callbacks, for the web application."""

    def __init__(
        self,
        config: WeComConfig,
        client: WeComClient,
        core: WeComCore,
        puller: Puller,
        post: Post,
        router: APIRouter,
    ) -> None:
        self.client = client
        self.core = core
        self.puller = puller
        self.delivery = post.delivery
        self.router = router
        self._config = config
        self._sender = post.sender
        self._contacts: dict[str, str] = {}

    @property
    def trouble(self) -> str | None:
        """What the operator must mend before everything works, or None."""
        return self.puller.trouble or self._sender.trouble

    async def contact_url(self, word: str) -> str:
        """The address that opens a chat with the first account and hands it ``word``."""
        account = self._config.accounts[0]
        if account not in self._contacts:
            self._contacts[account] = await self.client.contact_url(account, SCENE)
        return f"{self._contacts[account]}&scene_param={word}"

    async def run(self, stop: asyncio.Event) -> None:
        """Pull, answer and deliver until ``stop`` is set, then finish what is in hand."""
        over = asyncio.Event()
        parts = [
            asyncio.create_task(self.puller.run(stop), name="wecom-pulling"),
            asyncio.create_task(self.core.run(stop), name="wecom-turns"),
            asyncio.create_task(self._tend(stop), name="wecom-tending"),
        ]
        delivering = asyncio.create_task(self.delivery.run(over), name="wecom-delivery")
        try:
            await asyncio.wait({*parts, delivering}, return_when=asyncio.FIRST_COMPLETED)
            stop.set()
            await asyncio.gather(*parts)  # what late turns say is delivered before the end
            over.set()
            await delivering
        finally:
            for part in (*parts, delivering):  # only where this was cut off
                part.cancel()
            await asyncio.gather(*parts, delivering, return_exceptions=True)

    async def settled(self) -> None:
        """Wait until what callbacks told of is pulled, answered and delivered or put off."""
        await self.puller.settled()
        await self.core.settled()
        await self.delivery.settled()

    async def _tend(self, stop: asyncio.Event) -> None:
        """Tell how customers get here, and forget what is old."""
        try:
            for account in self._config.accounts:
                url = self._contacts[account] = await self.client.contact_url(account, SCENE)
                logger.info("customers reach the account %s at %s", account, url)
        except WeComFault as fault:  # it works without, but tells
            if isinstance(fault, Refused) and fault.action in (Action.ACCOUNT, Action.REFRESH):
                self._sender.trouble = str(fault)
            logger.error("%s", fault)
        while not stop.is_set():
            try:
                await self.core.forget_old()
            except Exception as error:  # the store may be away for a while
                logger.warning("nothing can be forgotten: %s", type(error).__name__)
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({stopping}, timeout=_FORGET_EVERY)
            stopping.cancel()


@asynccontextmanager
async def open_wecom(
    config: WeComConfig,
    assistant: Listened,
    stored: Stored,
    clock: Callable[[], datetime],
    *,
    door: Door | None = None,
    kept: Kept | None = None,
    count: Callable[[str], None] = lambda reason: None,
    paces: Paces | None = None,
) -> AsyncIterator[WeComService]:
    """The channel, listening to the assistant; connections are closed at the end.

    ``door`` lets in files people send, ``kept`` reads files that colleagues send. ``count`` is
    told the reason of every refusal. With ``paces`` several processes keep one pace. Raises
    ValueError for an impossible key.
    """
    doorkeeper = config.doorkeeper(clock)
    async with httpx.AsyncClient() as http:
        client = WeComClient(http, config.corp, stored.windows, clock)
        sessions = Sessions(assistant, stored.wecom, client, clock, config.servicer)
        sender = WeComSender(
            client,
            Books(stored.windows, stored.wecom),
            sessions,
            clock,
            kept,
            then=None if config.servicer is None else sessions.hand_over,
        )
        together = pace_of(paces, f"{CHANNEL}/{config.corp_id}", config.pace.together, clock)
        delivery = Delivery(stored.outbox, sender, clock, config.pace, together=together)
        post = Post(delivery, sender)
        core = WeComCore(
            Means(
                assistant,
                stored.outbox,
                stored.transcript,
                stored.windows,
                stored.wecom,
                client,
                sessions,
                post,
                clock,
                door,
                count,
            ),
            config.look_again,
        )
        puller = Puller(client, stored.wecom, config.accounts, clock, core.wake, count, EVERY)
        assistant.couriers[CHANNEL] = post.take_over
        try:
            router = callback_router(puller.told, doorkeeper, count)
            yield WeComService(config, client, core, puller, post, router)
        finally:
            del assistant.couriers[CHANNEL]
