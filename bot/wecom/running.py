"""The channel of WeCom customer service as `beian serve` runs it: settings in, metrics out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import APIRouter

from bot.attachments import reader_of
from bot.clock import real_clock
from bot.materials.receiving import Door
from bot.metrics import Metrics
from bot.settings import Settings
from bot.wecom.service import Stored, WeComConfig, WeComService, open_wecom
from bot.wecom.translate import CHANNEL
from bot.wiring import Program
from dialogs.assistant import Assistant, Courier, Handled
from dialogs.case import Case
from dialogs.message import Identity, Inbound
from dialogs.turn import TurnResult


@dataclass(frozen=True, slots=True)
class WeComChannel:
    """A part of the running program."""

    service: WeComService

    @staticmethod
    @asynccontextmanager
    async def open(program: Program, metrics: Metrics) -> AsyncIterator["WeComChannel"]:
        """The channel of the configured accounts."""
        stores = program.stores
        async with open_wecom(
            config_from(program.settings),
            _Measured(program.assistant, metrics),
            Stored(stores.outbox, stores.transcript, stores.wechat, stores.wecom),
            real_clock,
            door=Door(program.assistant, program.receiver),
            kept=reader_of(stores.files),
            count=lambda reason: metrics.refused(CHANNEL, reason),
            paces=stores.paces,
        ) as service:
            yield WeComChannel(service)

    @property
    def router(self) -> APIRouter:
        """The callback's endpoint."""
        return self.service.router

    async def run(self, stop: asyncio.Event) -> None:
        """Pull, answer and deliver until ``stop`` is set."""
        await self.service.run(stop)

    async def problem(self) -> str | None:
        """What keeps messages from coming in or going out at present, or None."""
        return self.service.trouble


def config_from(settings: Settings) -> WeComConfig:
    """What the operator set about WeCom; all of it must be there (``Settings`` sees to it)."""
    secret, token, key = settings.wecom_secret, settings.wecom_token, settings.wecom_aes_key
    assert settings.wecom_corp_id and secret and token and key
    last = settings.wecom_aes_key_last
    keys = [one.get_secret_value() for one in (key, last) if one is not None]
    return WeComConfig(
        corp_id=settings.wecom_corp_id,
        secret=secret.get_secret_value(),
        token=token.get_secret_value(),
        aes_keys=tuple(keys),
        accounts=settings.wecom_accounts,
        servicer=settings.wecom_servicer,
        api_base=settings.wecom_api_base,
    )


class _Measured:
    """The assistant, its turns timed."""

    def __init__(self, assistant: Assistant, metrics: Metrics) -> None:
        self._assistant = assistant
        self._metrics = metrics
        self.world = assistant.world
        self.couriers: dict[str, Courier] = assistant.couriers

    async def handle(self, inbound: Inbound) -> Handled:
        """Take one message, and count it."""
        with self._metrics.turn(CHANNEL):
            return await self._assistant.handle(inbound)

    async def act(self, identity: Identity, compute: Callable[[Case], TurnResult]) -> Handled:
        """Commit an act of staff."""
        return await self._assistant.act(identity, compute)

    async def case(self, identity: Identity) -> Case:
        """The identity's case as it stands."""
        return await self._assistant.case(identity)
