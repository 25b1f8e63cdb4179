"""How soon callbacks are acknowledged, whatever stands still behind them.

The strict server posts to the channel's own callback over HTTP, sealed and signed each time anew;
turns are committed in a real SQLite database.
"""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

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
from tests.bot.telegram.parrot import Parrot as TelegramParrot
from tests.bot.wechat.running import Parrot, running

START: Final = datetime(2026, 12, 1, 1, tzinfo=UTC)


PEOPLE: Final = 400


@dataclass(frozen=True, slots=True)
class Side:
    """A platform posting to a channel at work: WeChat's, or WeCom's (``bench.wecom_side``)."""

    say: Callable[[int, str], Awaitable[object]]  # who, by number, and what
    settled: Callable[[], Awaitable[None]]  # everything is acknowledged or given up
    waits: Callable[[], list[float]]  # seconds until each answer
    acknowledged: Callable[[], int]
    post_to: Callable[[str], None]  # another address
    stop_delivering: Callable[[], Awaitable[None]]
    parrot: TelegramParrot
    clock: SimulatedClock


Opening: TypeAlias = Callable[[], AbstractAsyncContextManager[Side]]


async def acknowledge(
    how: str, messages: int, a_second: float, opening: Opening
) -> Mapping[str, float]:
    """Milliseconds until messages at a steady rate are acknowledged.

    ``how``: ``running``; ``deliverers stopped``: nobody sends what turns say; ``turns stopped``:
    no turn ever ends; ``bare``: the same server answers at once and does nothing.
    """
    never = asyncio.Event()

    async def hang(_: Inbound) -> None:
        await never.wait()

    async with opening() as side, AsyncExitStack() as stack:
        if how == "deliverers stopped":
            await side.stop_delivering()
        if how == "turns stopped":
            side.parrot.think = hang
        if how == "bare":
            side.post_to(await stack.enter_async_context(_answering_at_once()))
        loop = asyncio.get_running_loop()
        began, used = loop.time(), time.process_time()
        for number in range(messages):
            await side.say(number % PEOPLE, f"第{number}条")
            side.clock.advance(timedelta(seconds=1 / a_second))
            await asyncio.sleep(max(0.0, began + (number + 1) / a_second - loop.time()))
        await side.settled()
        used = time.process_time() - used
        never.set()
        waits = [1000 * wait for wait in side.waits()]
        acknowledged = side.acknowledged()
    return {
        "p50_ms": median(waits),
        "p99_ms": quantiles(waits, n=100)[98],
        "max_ms": max(waits),
        "cpu_ms": 1000 * used / messages,  # the platform's side and ours together
        "acknowledged": acknowledged,
    }


@asynccontextmanager
async def wechat_side() -> AsyncIterator[Side]:
    """WeChat's, with a channel on a database of its own."""
    clock = SimulatedClock(START)
    with TemporaryDirectory(dir=work_folder()) as folder:
        async with opened_stores(Path(folder), clock) as stores, FakeWeChat(now=clock) as wechat:
            parrot = Parrot(stores.cases, clock)
            people = followers(wechat)
            async with running(wechat, parrot, stores, clock, patience=PATIENCE) as channel:

                async def stop_delivering() -> None:
                    channel.stop.set()
                    await channel.task

                posted = wechat.callbacks.posted
                yield Side(
                    lambda who, text: people[who].say(text),
                    wechat.callbacks.settled,
                    lambda: [wait for one in posted for wait in one.waits],
                    lambda: sum(one.acknowledged for one in posted),
                    partial(setattr, wechat.account, "callback_url"),
                    stop_delivering,
                    parrot,
                    clock,
                )


@asynccontextmanager
async def _answering_at_once() -> AsyncIterator[str]:
    """The address of a server that does nothing: what posting to it itself costs."""
    app = FastAPI()

    @app.post("/")
    async def answer(request: Request) -> PlainTextResponse:
        await request.body()
        return PlainTextResponse("success")

    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def opened_stores(folder: Path, clock: SimulatedClock) -> AsyncIterator[Stores]:
    """Stores on a database of their own."""
    url = f"sqlite:///{folder}/beian.db"
    await upgrade(url)
    stores = await open_stores(StoreSettings(url, folder / "files"), MASTER, clock)
    try:
        yield stores
    finally:
        await stores.close()
