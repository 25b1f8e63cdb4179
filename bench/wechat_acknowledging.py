"""How soon callbacks are acknowledged, whatever stands still behind them.

The strict server posts to the channel's own callback over HTTP, sealed and signed each time anew;
turns are committed in a real SQLite database.
"""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse

from bench.reminders import MASTER
from bench.results import work_folder
from bench.wechat_deliveries import followers
from bot.clock import SimulatedClock
from bot.testing.wechat import FakeWeChat
from bot.wechat.core import PATIENCE
from dialogs.message import Inbound
from storage.migrate import upgrade
from storage.ports import Stores
from storage.stores import StoreSettings, open_stores
from tests.bot.wechat.running import Parrot, Running, running


async def acknowledge(how: str, messages: int, a_second: float) -> Mapping[str, float]:
    """Milliseconds until messages at a steady rate are acknowledged.

    ``how``: ``running``; ``deliverers stopped``: nobody sends what turns say; ``turns stopped``:
    no turn ever ends; ``bare``: the same server answers at once and does nothing.
    """
    never = asyncio.Event()

    async def hang(_: Inbound) -> None:
        await never.wait()

    async with _at_work() as work, AsyncExitStack() as stack:
        channel = work.channel
        people = followers(channel.wechat)
        if how == "deliverers stopped":
            channel.stop.set()
            await channel.task
        if how == "turns stopped":
            work.parrot.think = hang
        if how == "bare":
            await stack.enter_async_context(_answering_at_once(channel.wechat))
        loop = asyncio.get_running_loop()
        began, used = loop.time(), time.process_time()
        for number in range(messages):
            await people[number % len(people)].say(f"第{number}条")
            work.clock.advance(timedelta(seconds=1 / a_second))
            await asyncio.sleep(max(0.0, began + (number + 1) / a_second - loop.time()))
        await channel.wechat.callbacks.settled()
        used = time.process_time() - used
        never.set()
        posted = channel.wechat.callbacks.posted
        waits = [1000 * wait for one in posted for wait in one.waits]
    return {
        "p50_ms": median(waits),
        "p99_ms": quantiles(waits, n=100)[98],
        "max_ms": max(waits),
        "cpu_ms": 1000 * used / messages,  # WeChat's side and ours together
        "acknowledged": sum(one.acknowledged for one in posted),
    }


@dataclass(frozen=True, slots=True)
class _Work:
    """A channel at work: its clock, and who answers."""

    channel: Running
    clock: SimulatedClock
    parrot: Parrot


@asynccontextmanager
async def _at_work() -> AsyncIterator["_Work"]:
    clock = SimulatedClock(datetime(2026, 12, 1, 1, tzinfo=UTC))
    with TemporaryDirectory(dir=work_folder()) as folder:
        async with _stores(Path(folder), clock) as stores, FakeWeChat(now=clock) as wechat:
            parrot = Parrot(stores.cases, clock)
            async with running(wechat, parrot, stores, clock, patience=PATIENCE) as channel:
                yield _Work(channel, clock, parrot)


@asynccontextmanager
async def _answering_at_once(wechat: FakeWeChat) -> AsyncIterator[None]:
    """Has callbacks posted to a server that does nothing: what the posting itself costs."""
    app = FastAPI()

    @app.post("/")
    async def answer(request: Request) -> PlainTextResponse:
        await request.body()
        return PlainTextResponse("success")

    listening = socket.create_server(("127.0.0.1", 0))
    wechat.account.callback_url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def _stores(folder: Path, clock: SimulatedClock) -> AsyncIterator[Stores]:
    url = f"sqlite:///{folder}/beian.db"
    await upgrade(url)
    stores = await open_stores(StoreSettings(url, folder / "files"), MASTER, clock)
    try:
        yield stores
    finally:
        await stores.close()
