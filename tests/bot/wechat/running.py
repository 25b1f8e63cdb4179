"""A running WeChat channel for tests, and WeChat's strict stand-in posting to it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import uvicorn
from fastapi import FastAPI

from bot.clock import real_clock
from bot.materials.receiving import Door
from bot.testing.wechat import FakeWeChat, Follower, Shown
from bot.wechat.callback import PATH
from bot.wechat.means import Notices
from bot.wechat.service import Listened, Stored, WeChatConfig, WeChatService, open_wechat
from dialogs.message import Inbound
from dialogs.ports import Outgoing
from storage.memory import memory_stores
from storage.ports import Stores
from tests.bot.telegram.parrot import Parrot as TelegramParrot
from tests.bot.telegram.running import until


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn said."""

    outgoing: Sequence[Outgoing]


class Parrot(TelegramParrot):
    """The assistant that repeats what it heard, with what this channel asks of one."""

    async def handle(self, inbound: Inbound) -> Turn:  # type: ignore[override]  # says more
        """Commit one turn, or give back what was said."""
        await super().handle(inbound)
        return Turn(await self.cases.recorded(inbound.identity, inbound.message_id))


@dataclass
class Running:
    """A channel at work. ``refused`` lists the reasons of what was not taken."""

    service: WeChatService
    wechat: FakeWeChat
    stores: Stores
    stop: asyncio.Event
    task: "asyncio.Task[None]"
    refused: list[str] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    async def settle(self) -> None:
        """Wait until everything is acknowledged and every reply delivered or put off."""
        async with asyncio.timeout(30):
            await self.wechat.callbacks.settled()
            await self.service.core.finish()
            await self.service.delivery.settled()

    async def shown(self, person: Follower) -> Sequence[Shown]:
        """What the person has been shown since the last look."""
        await self.settle()
        all_ = await person.messages()
        fresh = [one for one in all_ if one.id > self.seen.get(person.openid, 0)]
        self.seen[person.openid] = max((one.id for one in all_), default=0)
        return fresh

    async def texts(self, person: Follower) -> list[str]:
        """The texts of those."""
        return [one.text for one in await self.shown(person)]


def config_for(wechat: FakeWeChat, **changes: Any) -> WeChatConfig:
    """What an operator would set."""
    account = wechat.account
    set_ = {
        "app_id": account.app_id,
        "secret": account.secret,
        "token": account.envelope.token,
        "aes_keys": (account.envelope.aes_key,),
        "api_base": wechat.base_url,
        "look_again": 0.05,
        "patience": 30.0,  # a busy machine is no slow turn
    }
    return WeChatConfig(**{**set_, **changes})


@asynccontextmanager
async def running(
    wechat: FakeWeChat,
    assistant: Listened | None = None,
    stores: Stores | None = None,
    clock: Callable[[], datetime] = real_clock,
    *,
    door: Door | None = None,
    notices: Notices | None = None,
    **changes: Any,
) -> AsyncIterator[Running]:
    """The channel while the context lasts, its callback open on loopback; stopped in order."""
    stores = stores or memory_stores(clock)
    refused: list[str] = []
    async with open_wechat(
        config_for(wechat, **changes),
        assistant or Parrot(stores.cases, clock),
        Stored(stores.outbox, stores.transcript, stores.wechat),
        clock,
        door=door,
        notices=notices,
        count=refused.append,
    ) as service:
        app = FastAPI()
        app.include_router(service.router)
        port = socket.create_server(("127.0.0.1", 0))
        wechat.account.callback_url = f"http://127.0.0.1:{port.getsockname()[1]}{PATH}"
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        serving = asyncio.create_task(server.serve([port]))
        await until(lambda: server.started)
        stop = asyncio.Event()
        task = asyncio.create_task(service.run(stop))
        try:
            yield Running(service, wechat, stores, stop, task, refused)
        finally:
            stop.set()
            async with asyncio.timeout(30):
                await asyncio.wait({task})
                server.should_exit = True
                await serving
