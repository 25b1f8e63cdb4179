"""Ending the bot at random moments, and counting what is lost, different or repeated."""

import asyncio
import os
import random
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from bench.applicants import Expected, file, history, plain, repeats, undisturbed
from bench.lives import database, store_settings
from bench.platform import TOKEN
from bot.clock import real_clock
from bot.testing.telegram import FakeBot, FakeTelegram, Person
from dialogs.message import Identity
from storage.crypto import MasterKey
from storage.ports import LEASE
from storage.stores import open_stores


class Conditions(NamedTuple):
    """How many write at any time, and how long what was in flight at an end has to wait."""

    at_once: int
    lease: timedelta


CONDITIONS = {
    # A lease shorter than in service, so that many deaths fit into minutes.
    signal.SIGKILL: Conditions(16, timedelta(seconds=2)),
    signal.SIGTERM: Conditions(8, LEASE),
}

_PATIENCE = 60.0


@dataclass(slots=True)
class Torture:
    """What came of it. ``held`` are messages in flight at a death, by row and claim."""

    signal: str
    seed: int
    ends: int = 0
    applicants: int = 0
    turns: int = 0
    messages: int = 0
    held: set[tuple[int, int]] = field(default_factory=set)
    answers_lost: int = 0
    states_different: int = 0
    conversations_garbled: int = 0  # a message missing, changed or out of order
    repeated: int = 0
    slowest_stop: float = 0.0  # seconds from the signal to the end
    seconds: float = 0.0
    unclean: list[int] = field(default_factory=list)  # exit statuses that should not be

    @property
    def in_flight(self) -> int:
        """How many messages were being sent at the moments of death."""
        return len(self.held)

    @property
    def sound(self) -> bool:
        """Whether every promise was kept."""
        kept = not (self.answers_lost or self.states_different or self.conversations_garbled)
        allowed = self.in_flight if self.signal == "SIGKILL" else 0
        return kept and self.repeated <= allowed and not self.unclean

    def as_data(self) -> dict[str, Any]:
        """For the results file."""
        data = asdict(self)
        del data["held"]
        return {**data, "in_flight": self.in_flight, "sound": self.sound}


async def torture(folder: Path, how: signal.Signals, ends: int, seed: int) -> Torture:
    """End a bot ``ends`` times while applicants file, then let everyone finish and compare."""
    result, conditions = Torture(how.name, seed), CONDITIONS[how]
    dice = random.Random(seed)
    expected = await undisturbed()
    began = monotonic()
    async with FakeTelegram() as telegram, _lives(folder, telegram, conditions.lease) as lives:
        bot = telegram.add_bot(TOKEN)
        people: list[Person] = []
        enough = asyncio.Event()
        numbers = count(10_001)

        async def come_one_after_the_other() -> None:
            while not enough.is_set():
                people.append(Person(bot, next(numbers)))
                await file(people[-1], expected.script)

        coming = asyncio.gather(*(come_one_after_the_other() for _ in range(conditions.at_once)))
        life = await _begin(lives)
        while result.ends < ends:
            await _some_sends(bot, dice)
            await _end(lives, life, how, result, folder)
            life = await _begin(lives)
        enough.set()
        await coming
        await _everything_said(bot, people, expected)
        await _end(lives, life, signal.SIGTERM, Torture(how.name, seed), folder)
        await _compare(folder, people, expected, result)
        result.messages = len(bot.called("sendMessage"))
    result.applicants = len(people)
    result.turns = len(people) * len(expected.script)
    result.seconds = monotonic() - began
    return result


@asynccontextmanager
async def _lives(folder: Path, telegram: FakeTelegram, lease: timedelta) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bench.lives", str(folder), telegram.base_url, str(lease.total_seconds())),
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


async def _end(
    lives: Process, life: int, how: signal.Signals, result: Torture, folder: Path
) -> None:
    assert lives.stdout
    began = monotonic()
    os.kill(life, how)
    status = int(await lives.stdout.readline())
    result.ends += 1
    result.slowest_stop = max(result.slowest_stop, monotonic() - began)
    result.held |= _being_sent(database(folder))
    if status != (-signal.SIGKILL if how is signal.SIGKILL else 0):
        result.unclean.append(status)


def _being_sent(path: Path) -> set[tuple[int, int]]:
    """Messages a dead process had taken in hand and not recorded as sent, each with its claim."""
    connection = sqlite3.connect(path)
    try:
        query = "SELECT seq, fence FROM message WHERE status = 'sending'"
        return {(int(seq), int(fence)) for seq, fence in connection.execute(query)}
    finally:
        connection.close()


async def _some_sends(bot: FakeBot, dice: random.Random) -> None:
    """Let the bot send a few messages, or none: a death at its birth counts too."""
    goal, seen = dice.randrange(0, 25), len(bot.calls)
    deadline = monotonic() + 3
    while goal > 0 and monotonic() < deadline:
        await asyncio.sleep(0.001)
        news = bot.calls[seen:]
        seen += len(news)
        goal -= sum(call.method == "sendMessage" for call in news)
    await asyncio.sleep(dice.random() * 0.05)


async def _everything_said(bot: FakeBot, people: Sequence[Person], expected: Expected) -> None:
    await bot.updates.emptied(_PATIENCE)
    deadline = monotonic() + _PATIENCE
    while monotonic() < deadline:
        shown = [await person.messages() for person in people]
        if all(len(messages) >= len(expected.said) for messages in shown):
            return
        await asyncio.sleep(0.1)


async def _compare(
    folder: Path, people: Sequence[Person], expected: Expected, result: Torture
) -> None:
    key = MasterKey.from_file(folder / "master.key")
    stores = await open_stores(store_settings(folder, LEASE), key, real_clock)
    try:
        for person in people:
            identity = Identity("telegram", str(person.number))
            case = await stores.cases.open(identity, real_clock(), "zh-CN")
            answers, events = history(case)
            result.answers_lost += len(set(expected.answers) - set(answers))
            result.states_different += (answers, events) != (expected.answers, expected.events)
            shown = [plain(message.text, case) for message in await person.messages()]
            again = repeats(shown, expected.said)
            result.conversations_garbled += again is None
            result.repeated += again or 0
    finally:
        await stores.close()
