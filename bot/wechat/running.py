"""The WeChat channel as `beian serve` runs it: settings in, metrics out."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import APIRouter

from bot.attachments import reader_of
from bot.clock import real_clock
from bot.materials.receiving import Door
from bot.metrics import Metrics
from bot.sending import Delivery
from bot.settings import Settings
from bot.wechat.consents import ConsentPage, consent_router
from bot.wechat.notice_templates import load_notice_templates
from bot.wechat.notices import NoticeBook, NoticeSender, TemplateSender
from bot.wechat.service import Stored, WeChatConfig, WeChatService, open_wechat
from bot.wechat.translate import CHANNEL
from bot.wiring import Program
from dialogs.assistant import Assistant, Courier, Handled
from dialogs.case import Case
from dialogs.message import Identity, Inbound

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WeChatChannel:
    """A part of the running program."""

    service: WeChatService
    deliveries: tuple[Delivery, ...] = ()

    @staticmethod
    @asynccontextmanager
    async def open(program: Program, metrics: Metrics) -> AsyncIterator["WeChatChannel"]:
        """The channel of the configured account."""
        stores = program.stores
        templates = load_notice_templates(program.settings.content)
        async with open_wechat(
            config_from(program.settings),
            _Measured(program.assistant, metrics),
            Stored(stores.outbox, stores.transcript, stores.wechat),
            real_clock,
            door=Door(program.assistant, program.receiver),
            kept=reader_of(stores.files),
            notices=NoticeBook(stores.notice_consents, templates, stores.reminders, real_clock),
            count=lambda reason: metrics.refused(CHANNEL, reason),
            paces=stores.paces,
        ) as service:
            url = program.settings.public_url
            followers = TemplateSender(service.client, templates, stores.wechat, real_clock, url)
            once = NoticeSender(service.client, templates, stores.notice_consents, real_clock, url)
            if templates.once and url:
                service.router.include_router(
                    consent_router(
                        ConsentPage(
                            program.settings.wechat_app_id or "",
                            service.client.page_ticket,
                            sorted(templates.ids_of_once),
                            url,
                            real_clock,
                        )
                    )
                )
            elif templates.once and not templates.consent_url:
                logger.warning("one-time notices wait for BEIAN_PUBLIC_URL, or a consent_url")
            yield WeChatChannel(
                service,
                tuple(
                    service.delivery_by(sender)
                    for sender, used in ((followers, templates.follow), (once, templates.once))
                    if used
                ),
            )

    @property
    def router(self) -> APIRouter:
        """The callback's endpoint."""
        return self.service.router

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until ``stop`` is set."""
        await asyncio.gather(
            self.service.run(stop), *(delivery.run(stop) for delivery in self.deliveries)
        )

    async def problem(self) -> str | None:
        """What keeps messages from going out at present, or None."""
        return self.service.trouble


def config_from(settings: Settings) -> WeChatConfig:
    """What the operator set about WeChat; all of it must be there (``Settings`` sees to it)."""
    secret, token, key = settings.wechat_secret, settings.wechat_token, settings.wechat_aes_key
    assert settings.wechat_app_id and secret and token and key
    last = settings.wechat_aes_key_last
    keys = [one.get_secret_value() for one in (key, last) if one is not None]
    return WeChatConfig(
        app_id=settings.wechat_app_id,
        secret=secret.get_secret_value(),
        token=token.get_secret_value(),
        aes_keys=tuple(keys),
        api_base=settings.wechat_api_base,
        public_url=settings.public_url,
    )


class _Measured:
    """The assistant, its turns timed."""

    def __init__(self, assistant: Assistant, metrics: Metrics) -> None:
        self._assistant = assistant
        self._metrics = metrics
        self.couriers: dict[str, Courier] = assistant.couriers

    async def handle(self, inbound: Inbound) -> Handled:
        """Take one message, and count it."""
        with self._metrics.turn(CHANNEL):
            return await self._assistant.handle(inbound)

    async def case(self, identity: Identity) -> Case:
        """The identity's case as it stands."""
        return await self._assistant.case(identity)
