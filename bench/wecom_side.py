"""WeCom customer service posting to a channel at work, for ``bench.wechat_acknowledging``."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from fastapi import FastAPI

from bench.results import work_folder
from bench.wechat_acknowledging import PEOPLE, START, Side, opened_stores
from bot.clock import SimulatedClock
from bot.testing.wecom import Customer, FakeWeCom
from bot.wecom.callback import PATH
from bot.wecom.service import Stored, open_wecom
from bot.wecom.translate import CHANNEL
from tests.bot.wecom.parrot import Stubborn
from tests.bot.wecom.running import config_for


@asynccontextmanager
async def wecom_side() -> AsyncIterator[Side]:
    """WeCom's, with a channel on a database of its own."""
    clock = SimulatedClock(START)
    with TemporaryDirectory(dir=work_folder()) as folder:
        async with opened_stores(Path(folder), clock) as stores, FakeWeCom(now=clock) as wecom:
            people = [Customer(wecom.corp, number) for number in range(PEOPLE)]
            parrot = Stubborn(stores.cases, clock)
            stored = Stored(stores.outbox, stores.transcript, stores.wechat, stores.wecom)
            async with open_wecom(config_for(wecom), parrot, stored, clock) as service:
                app = FastAPI()
                app.include_router(service.router)
                listening = socket.create_server(("127.0.0.1", 0))
                wecom.corp.callback_url = f"http://127.0.0.1:{listening.getsockname()[1]}{PATH}"
                server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
                stop, over = asyncio.Event(), asyncio.Event()
                delivering = asyncio.create_task(service.delivery.run(over))
                running = [
                    asyncio.create_task(server.serve([listening])),
                    asyncio.create_task(service.puller.run(stop)),
                    asyncio.create_task(service.core.run(stop)),
                ]

                async def stop_delivering() -> None:
                    parrot.couriers[CHANNEL] = lambda identity, claimed: None
                    over.set()
                    await delivering

                yield Side(
                    lambda who, text: people[who].say(text),
                    wecom.callbacks.settled,
                    lambda: wecom.callbacks.waits,
                    lambda: wecom.callbacks.statuses.count(200),
                    partial(setattr, wecom.corp, "callback_url"),
                    stop_delivering,
                    parrot,
                    clock,
                )
                server.should_exit = True
                stop.set()
                await asyncio.gather(*running)
                over.set()
                await delivering
