"""Deliveries posted one to five times at once to a channel that is killed again and again.

The strict server posts to the channel's own callback over HTTP, sealed and signed each time anew;
turns are committed in a real SQLite database. Some answers are lost on their way, so that WeChat's
own repeats mix with the copies.
"""

import asyncio
import os
import random
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from time import monotonic
from typing import Final

from bench.reminders import MASTER
from bench.wechat_lives import database, store_settings
from bot.clock import real_clock
from bot.testing.wechat import FakeWeChat, Follower, Way
from bot.wechat.callback import PATH
from dialogs.message import Identity
from storage.stores import open_stores
from tests.parts.ports import free_port

PEOPLE: Final = 400
AT_ONCE: Final = 12
MOST_COPIES: Final = 5
LOST: Final = 0.02  # of the answers

LEASE: Final = timedelta(seconds=20)
"""Shorter than in service, so that what a killed life held is dealt with within the run."""

_BETWEEN: Final = 0.4  # seconds until WeChat tries again
_PATIENCE: Final = 120.0


@dataclass(slots=True)
class Delivered:
    """What became of so many messages."""

    messages: int
    posts: int = 0
    ends: int = 0  # lives of the channel ended by kill -9 meanwhile
    effects: int = 0  # committed turns
    given_up: int = 0  # never acknowledged in time, four times over: the person is told of a fault
    missing: int = 0  # acknowledged without an effect
    doubled: int = 0  # with more than one
    unanswered: int = 0  # acknowledged, of which the person saw no answer
    answered_twice: int = 0
    in_flight: int = 0  # messages being sent at the moments of death
    by_message: int = 0  # answers that came as customer-service messages
    outside: int = 0  # sends the rules forbid
    odd: int = 0  # answers WeChat could not have read

    @property
    def sound(self) -> bool:
        """Whether each that was acknowledged had one effect and one answer.

        A customer-service message in flight at a death is sent again: WeChat has no key for it.
        """
        faults = (self.missing, self.doubled, self.unanswered, self.outside, self.odd)
        twice = self.answered_twice <= self.in_flight
        return self.given_up < self.messages and not any(faults) and twice


async def deliver(folder: Path, messages: int, ends: int, seed: int) -> Delivered:
    """Post so many messages, each one to five times at once, while lives end."""
    found = Delivered(messages)
    async with FakeWeChat() as wechat, _lives(folder, wechat) as lives:
        wechat.callbacks.between = _BETWEEN
        life = await _begin(lives)
        await _listening(wechat)
        posting = asyncio.create_task(_post(wechat, messages, random.Random(seed)))
        chance = random.Random(seed + 1)
        life = await _end_lives(life, lives, wechat, folder, found, posting, chance, ends)
        await posting
        wechat.account.lost_answers = 0
        await _all_dealt_with(folder)
        await _end(lives, life, signal.SIGTERM)
        await _judge(folder, wechat, found)
    return found


async def _post(wechat: FakeWeChat, messages: int, chance: random.Random) -> None:
    """Several people write at once, each the next message when the last was acknowledged."""
    callbacks, numbers = wechat.callbacks, iter(range(messages))

    async def write(people: list[Follower]) -> None:
        turns = cycle(people)
        for number in numbers:
            callbacks.copies = chance.randint(1, MOST_COPIES)
            wechat.account.lost_answers += chance.random() < LOST
            await next(turns).say(f"第{number}条")
            await callbacks.posted[-1].settled()

    people = followers(wechat)
    await asyncio.gather(*(write(people[first::AT_ONCE]) for first in range(AT_ONCE)))


async def _end_lives(
    life: int,
    lives: Process,
    wechat: FakeWeChat,
    folder: Path,
    found: Delivered,
    posting: "asyncio.Task[None]",
    chance: random.Random,
    ends: int,
) -> int:
    """End the life and begin another, ``ends`` times over the whole run; the last one."""
    posted = wechat.callbacks.posted
    held: set[tuple[int, int]] = set()
    while found.ends < ends and not posting.done():
        until = found.messages * (found.ends + chance.random()) / ends
        while len(posted) < until and not posting.done():
            await asyncio.sleep(0.005)
        await _end(lives, life, signal.SIGKILL)
        held |= _being_sent(folder)
        found.ends += 1
        life = await _begin(lives)
    found.in_flight = len(held)
    return life


@asynccontextmanager
async def _lives(folder: Path, wechat: FakeWeChat) -> AsyncIterator[Process]:
    port = free_port()
    wechat.account.callback_url = f"http://127.0.0.1:{port}{PATH}"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bench.wechat_lives", str(folder), wechat.base_url),
        *(str(port), str(LEASE.total_seconds())),
        stdin=PIPE,
        stdout=PIPE,
        cwd=Path(__file__).parent.parent,
    )
    assert process.stdin
    yield process
    process.stdin.close()
    await process.wait()


async def _begin(lives: Process) -> int:
    assert lives.stdin and lives.stdout
    lives.stdin.write(b"live\n")
    return int(await lives.stdout.readline())


async def _listening(wechat: FakeWeChat) -> None:
    async with asyncio.timeout(_PATIENCE):
        while True:
            with suppress(OSError):
                if await wechat.callbacks.verify():
                    return
            await asyncio.sleep(0.05)


async def _end(lives: Process, life: int, how: signal.Signals) -> None:
    assert lives.stdout
    os.kill(life, how)
    await lives.stdout.readline()


def _being_sent(folder: Path) -> set[tuple[int, int]]:
    """Messages a dead life had in hand and not recorded as sent, each with its claim."""
    with closing(sqlite3.connect(database(folder))) as connection:
        query = "SELECT seq, fence FROM message WHERE status = 'sending'"
        return {(int(seq), int(fence)) for seq, fence in connection.execute(query)}


async def _all_dealt_with(folder: Path) -> None:
    """Wait until nothing that was kept or said waits any more."""
    deadline = monotonic() + _PATIENCE
    while monotonic() < deadline:
        with closing(sqlite3.connect(database(folder))) as connection:
            kept = "SELECT count(*) FROM wechat_delivery WHERE due_at IS NOT NULL"
            said = "SELECT count(*) FROM message WHERE due_at IS NOT NULL"
            if not any(connection.execute(query).fetchone()[0] for query in (kept, said)):
                return
        await asyncio.sleep(0.5)


async def _judge(folder: Path, wechat: FakeWeChat, found: Delivered) -> None:
    effects: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    stores = await open_stores(store_settings(folder, LEASE), MASTER, real_clock)
    try:
        for person in followers(wechat):
            identity = Identity("wechat", person.openid)
            for entry in await stores.transcript.since(identity, 0):
                if entry.heard is not None:
                    effects[entry.heard] += 1
            shown = [one for one in person.profile.shown if one.way is not Way.SYSTEM]
            answers.update(one.text.splitlines()[0].removeprefix("听到：") for one in shown)
            found.by_message += sum(one.way is Way.SERVICE for one in shown)
    finally:
        await stores.close()
    posted = wechat.callbacks.posted
    wanted = [str(one.content["Content"]) for one in posted if one.acknowledged]
    found.posts = sum(len(one.statuses) for one in posted)
    found.effects = effects.total()
    found.given_up = found.messages - len(wanted)
    found.missing = sum(effects[one] == 0 for one in wanted)
    found.doubled = sum(count > 1 for count in effects.values())
    found.unanswered = sum(answers[one] == 0 for one in wanted)
    found.answered_twice = sum(count > 1 for count in answers.values())
    found.outside = len(wechat.account.outside_the_rules())
    found.odd = sum(bool(one.odd) for one in posted)


def followers(wechat: FakeWeChat) -> list[Follower]:
    """The people who write."""
    people = [Follower(wechat.account, number) for number in range(PEOPLE)]
    for person in people:
        person.profile.following = True
    return people
