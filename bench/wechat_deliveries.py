"""Deliveries posted one to five times at once, and how soon each is acknowledged.

The strict server posts to the channel's own callback over HTTP, sealed and signed each time anew;
turns are committed in a real SQLite database. Some answers are lost on their way, so that WeChat's
own repeats mix with the copies.
"""

import asyncio
import random
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Final

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse

from bench.reminders import MASTER
from bench.results import work_folder
from bot.clock import SimulatedClock
from bot.testing.wechat import FakeWeChat, Follower
from bot.wechat.core import PATIENCE
from dialogs.message import Identity, Inbound
from storage.migrate import upgrade
from storage.ports import Stores
from storage.stores import StoreSettings, open_stores
from tests.bot.wechat.running import Parrot, Running, running

PEOPLE: Final = 400
AT_ONCE: Final = 40
MOST_COPIES: Final = 5
LOST: Final = 0.02  # of the answers


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of so many messages."""

    messages: int
    posts: int
    effects: int  # committed turns
    given_up: int  # never acknowledged in time, four times over: the person is told of a fault
    missing: int  # acknowledged without an effect
    doubled: int  # with more than one
    unanswered: int  # of which the person saw no answer
    answered_twice: int
    odd: int  # answers WeChat could not have read

    @property
    def sound(self) -> bool:
        """Whether each that was acknowledged had exactly one effect and no second answer.

        Of copies at once WeChat shows what the first is answered. On a busy machine that may be a
        mere acknowledgement: such answers are counted as unanswered, and not held against us.
        """
        faults = (self.missing, self.doubled, self.answered_twice, self.odd)
        return self.given_up < self.messages and not any(faults)


async def deliver(messages: int, seed: int) -> Delivered:
    """Post so many messages, each one to five times at once."""
    chance = random.Random(seed)
    async with _at_work() as work:
        channel = work.channel
        callbacks = channel.wechat.callbacks
        people = _followers(channel.wechat)
        sent = 0
        while sent < messages:
            for person in chance.sample(people, min(AT_ONCE, messages - sent)):
                callbacks.copies = chance.randint(1, MOST_COPIES)
                channel.wechat.account.lost_answers += chance.random() < LOST
                await person.say(f"第{sent}条")
                sent += 1
            await callbacks.settled()
            work.clock.advance(timedelta(seconds=1))
        channel.wechat.account.lost_answers = 0
        await channel.settle()
        return await _judged(channel, people, sent)


async def _judged(channel: Running, people: list[Follower], sent: int) -> Delivered:
    effects: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    for person in people:
        identity = Identity("wechat", person.openid)
        for entry in await channel.stores.transcript.since(identity, 0):
            if entry.heard is not None:
                effects[entry.heard] += 1
        answers.update(
            one.text.splitlines()[0].removeprefix("听到：") for one in person.profile.shown
        )
    posted = channel.wechat.callbacks.posted
    wanted = [str(one.content["Content"]) for one in posted if one.acknowledged]
    return Delivered(
        sent,
        sum(len(one.statuses) for one in posted),
        effects.total(),
        sent - len(wanted),
        sum(effects[one] == 0 for one in wanted),
        sum(count > 1 for count in effects.values()),
        sum(answers[one] == 0 for one in wanted),
        sum(answers[one] > 1 for one in wanted),
        sum(bool(one.odd) for one in posted),
    )


async def acknowledge(
    how: str, messages: int, a_second: float, patience: float
) -> Mapping[str, float]:
    """Milliseconds until messages at a steady rate are acknowledged.

    ``how``: ``running``; ``deliverers stopped``: nobody sends what turns say; ``turns stopped``:
    no turn ever ends; ``bare``: the same server answers at once and does nothing.
    """
    never = asyncio.Event()

    async def hang(_: Inbound) -> None:
        await never.wait()

    async with _at_work(patience) as work, AsyncExitStack() as stack:
        channel = work.channel
        people = _followers(channel.wechat)
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
async def _at_work(patience: float = PATIENCE) -> AsyncIterator["_Work"]:
    clock = SimulatedClock(datetime(2026, 12, 1, 1, tzinfo=UTC))
    with TemporaryDirectory(dir=work_folder()) as folder:
        async with _stores(Path(folder), clock) as stores, FakeWeChat(now=clock) as wechat:
            parrot = Parrot(stores.cases, clock)
            async with running(wechat, parrot, stores, clock, patience=patience) as channel:
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


def _followers(wechat: FakeWeChat) -> list[Follower]:
    people = [Follower(wechat.account, number) for number in range(PEOPLE)]
    for person in people:
        person.profile.following = True
    return people
