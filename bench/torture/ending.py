"""Ending the bot at random moments: by SIGKILL, by SIGTERM, and in the middle of a commit."""

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import NamedTuple

from sqlalchemy import select

from bench.platform import TOKEN
from bench.results import ROOT
from bench.torture.crowd import Crowd
from bench.torture.outcome import Outcome
from bench.torture.places import Place
from bot.testing.telegram import FakeTelegram
from storage.engine import Database
from storage.opening import open_database
from storage.ports import LEASE
from storage.tables import message

LIMIT = 10.0
"""Seconds a bot may take to stop."""

SHORT_LEASE = timedelta(seconds=2)
"""Shorter than in service, so that many deaths fit into minutes."""

_STATEMENTS = 400
"""A life that kills itself does so before one of its first so many statements."""


class Plan(NamedTuple):
    """How often to end how many people's bot, and how many turns there shall be at least.

    ``seconds`` bound it on a slow machine: then there are fewer, and the table shows how many.
    """

    ends: int
    turns: int
    at_once: int
    seconds: float = 900.0

    def is_done(self, ends: int, turns: int, began: float) -> bool:
        """Whether that is enough; ``began`` in monotonic seconds."""
        enough = ends >= self.ends and turns >= self.turns
        return enough or monotonic() - began > self.seconds


@dataclass(slots=True)
class Lives:
    """The process in which one life follows the other. ``held``: see ``Lives.end``."""

    process: Process
    database: Database
    ends: int = 0
    slowest: float = 0.0  # seconds from the signal to the end
    unclean: int = 0  # exit statuses that should not be
    held: set[tuple[int, int]] = field(default_factory=set)

    async def begin(self, number: int = 0) -> int:
        """Begin a life; its process id. What a number tells it is said in its module."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{number}\n".encode())
        return int(await self.process.stdout.readline())

    async def end(self, life: int, how: signal.Signals) -> None:
        """End a life by a signal, and note the messages it held: in hand, not recorded as sent."""
        began = monotonic()
        os.kill(life, how)
        await self.ended(-signal.SIGKILL if how is signal.SIGKILL else 0)
        self.slowest = max(self.slowest, monotonic() - began)

    async def stop(self, life: int) -> None:
        """End a life in order."""
        await self.end(life, signal.SIGTERM)

    async def ended(self, wanted: int) -> None:
        """Wait for the end of a life."""
        assert self.process.stdout
        status = int(await self.process.stdout.readline())
        self.ends += 1
        self.unclean += status != wanted
        self.held |= await being_sent(self.database)


async def being_sent(database: Database) -> set[tuple[int, int]]:
    """Messages taken in hand and not recorded as sent, each with its claim."""
    query = select(message.c.seq, message.c.fence).where(message.c.status == "sending")
    rows = await database.read(lambda connection: connection.execute(query).all())
    return {(row.seq, row.fence) for row in rows}


async def killed(place: Place, plan: Plan, seed: int) -> Outcome:
    """SIGKILL at random moments."""
    async with _torture(place, plan, SHORT_LEASE) as (crowd, lives):
        dice = random.Random(seed)
        life = await lives.begin()
        began = monotonic()
        while not plan.is_done(lives.ends, crowd.turns, began):
            await crowd.some_turns(dice.randrange(0, 41))
            await asyncio.sleep(dice.random() * 0.05)
            await lives.end(life, signal.SIGKILL)
            life = await lives.begin()
            _tell(crowd, lives)
        return await _judged(place, crowd, lives, life, in_flight=True)


async def stopped(place: Place, plan: Plan, seed: int) -> Outcome:
    """SIGTERM under load: in order, and nothing twice."""
    async with _torture(place, plan, LEASE) as (crowd, lives):
        dice = random.Random(seed)
        life = await lives.begin()
        began = monotonic()
        while not plan.is_done(lives.ends, crowd.turns, began):
            await crowd.some_turns(dice.randrange(0, 41))
            await asyncio.sleep(dice.random() * 0.05)
            await lives.end(life, signal.SIGTERM)
            life = await lives.begin()
        return await _judged(place, crowd, lives, life, in_flight=False)


async def died_in_statements(place: Place, plan: Plan, seed: int) -> Outcome:
    """Killed before a random statement or commit: with SQLite the process is the database."""
    async with _torture(place, plan, SHORT_LEASE) as (crowd, lives):
        dice = random.Random(seed)
        began = monotonic()
        while not plan.is_done(lives.ends, crowd.turns, began):
            life = await lives.begin(dice.randrange(1, _STATEMENTS))
            await lives.ended(-signal.SIGKILL)
        life = await lives.begin()
        return await _judged(place, crowd, lives, life, in_flight=True)


def _tell(crowd: Crowd, lives: Lives) -> None:
    if lives.ends % 100 == 0:
        print(f"  {lives.ends} ends, {crowd.turns} turns", file=sys.stderr, flush=True)


async def _judged(
    place: Place, crowd: Crowd, lives: Lives, life: int, *, in_flight: bool
) -> Outcome:
    ends, slowest, held = lives.ends, lives.slowest, set(lives.held)
    await crowd.finish()
    await lives.stop(life)
    stores = await place.open()
    try:
        found = await crowd.judged(stores.cases)
    finally:
        await stores.close()
    allowed = len(held) if in_flight else 0
    bounded: dict[str, tuple[float, float]] = {
        "messages repeated, of those in flight" if in_flight else "messages repeated": (
            found.repeated,
            allowed,
        )
    }
    if not in_flight:
        bounded["slowest stop, s"] = (round(slowest, 2), LIMIT)
    return Outcome(
        did={
            "ends": ends,
            "people": len(crowd.people),
            "turns": crowd.turns,
            "messages": len(crowd.bot.called("sendMessage")),
        },
        broken=found.broken | {"unclean ends": lives.unclean},
        bounded=bounded,
        noted={"repeated at an end, mean": round(found.repeated / ends, 2)} if in_flight else {},
    )


@asynccontextmanager
async def _torture(
    place: Place, plan: Plan, lease: timedelta
) -> AsyncIterator[tuple[Crowd, Lives]]:
    async with FakeTelegram() as telegram, living(place, telegram.base_url, lease) as lives:
        crowd = await Crowd.of(telegram.add_bot(TOKEN), plan.at_once)
        crowd.come()
        yield crowd, lives


@asynccontextmanager
async def living(
    place: Place, api_base: str, lease: timedelta, module: str = "bench.torture.lives"
) -> AsyncIterator[Lives]:
    """The process of the lives, ended with the context."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", module, place.url, str(place.folder), api_base),
        str(lease.total_seconds()),
        stdin=PIPE,
        stdout=PIPE,
        cwd=ROOT,
    )
    database = open_database(place.url)
    try:
        yield Lives(process, database)
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()
        await database.close()
