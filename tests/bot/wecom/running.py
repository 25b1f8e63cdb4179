"""A running WeCom channel for tests, and WeCom's strict stand-in posting to it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from bot.attachments import reader_of
from bot.clock import SimulatedClock
from bot.materials.receiving import Door
from bot.settings import Settings
from bot.testing.wecom import Customer, FakeWeCom, Shown
from bot.wecom.callback import PATH
from bot.wecom.service import Stored, WeComConfig, WeComService, open_wecom
from bot.wiring import Program, open_program
from dialogs.case import Case
from dialogs.message import Identity
from tests.bot.telegram.running import until

START = datetime.fromisoformat("2026-11-20T09:00:00+00:00")


@dataclass
class Running:
    """A channel at work. ``refused`` lists the reasons of what was not taken."""

    service: WeComService
    wecom: FakeWeCom
    program: Program
    clock: SimulatedClock
    refused: list[str] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    async def settle(self) -> None:
        """Wait until everything is pulled, answered and delivered or put off."""
        async with asyncio.timeout(30):
            await self.wecom.callbacks.settled()
            await self.service.settled()

    async def say(self, customer: Customer, text: str) -> list[str]:
        """Write, a moment after what was last read; what is answered."""
        self.clock.advance(timedelta(seconds=3))
        await customer.say(text)
        return await self.texts(customer)

    async def shown(self, customer: Customer) -> list[Shown]:
        """What the customer has been shown since the last look."""
        await self.settle()
        last = self.seen.get(customer.userid, 0)
        fresh = [one for one in await customer.messages() if one.id > last]
        self.seen[customer.userid] = max((one.id for one in fresh), default=last)
        return fresh

    async def texts(self, customer: Customer) -> list[str]:
        """The texts of those."""
        return [one.text for one in await self.shown(customer)]

    async def case(self, customer: Customer) -> Case:
        """The customer's case as it stands."""
        return await self.program.assistant.case(Identity("wecom", customer.external_id))


def config_for(wecom: FakeWeCom, **changes: Any) -> WeComConfig:
    """What an operator would set."""
    corp = wecom.corp
    set_ = {
        "corp_id": corp.corp_id,
        "secret": corp.secret,
        "token": corp.envelope.token,
        "aes_keys": (corp.envelope.aes_key,),
        "accounts": corp.accounts,
        "api_base": wecom.base_url,
        "look_again": 0.05,
    }
    return WeComConfig(**{**set_, **changes})


@asynccontextmanager
async def running(
    wecom: FakeWeCom, program: Program, clock: SimulatedClock, **changes: Any
) -> AsyncIterator[Running]:
    """The channel while the context lasts, its callback open on loopback; stopped in order."""
    stores = program.stores
    refused: list[str] = []
    async with open_wecom(
        config_for(wecom, **changes),
        program.assistant,
        Stored(stores.outbox, stores.transcript, stores.wechat, stores.wecom),
        clock,
        door=Door(program.assistant, program.receiver),
        kept=reader_of(stores.files),
        count=refused.append,
    ) as service:
        app = FastAPI()
        app.include_router(service.router)
        port = socket.create_server(("127.0.0.1", 0))
        wecom.corp.callback_url = f"http://127.0.0.1:{port.getsockname()[1]}{PATH}"
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        serving = asyncio.create_task(server.serve([port]))
        await until(lambda: server.started)
        stop = asyncio.Event()
        task = asyncio.create_task(service.run(stop))
        try:
            yield Running(service, wecom, program, clock, refused)
        finally:
            stop.set()
            async with asyncio.timeout(30):
                await asyncio.wait({task})
                server.should_exit = True
                await serving
            task.result()


@asynccontextmanager
async def at_work(
    home: Path, clock: SimulatedClock | None = None, **changes: Any
) -> AsyncIterator[Running]:
    """All of it: the server, the assistant on stores in memory, and the channel between them."""
    clock = clock or SimulatedClock(START)
    settings = Settings(_env_file=None, home=home)
    async with (
        open_program(settings, clock, in_memory=True) as program,
        FakeWeCom(now=clock, patience=60) as wecom,
        running(wecom, program, clock, **changes) as running_,
    ):
        yield running_
