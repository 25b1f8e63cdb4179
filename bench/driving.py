"""Feeding a bot: so many users, so many of them at once, every one waiting for its answers."""

import asyncio
import json
import resource
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time

from bench.contestant import Bot, Contestant
from bench.platform import Platform
from bench.updates import FIRST_CHAT, conversation

WARM_UP = 5
"""Users whose conversations are not counted."""


@dataclass(frozen=True, slots=True)
class Load:
    """Who comes: every user sends ``texts`` one after the other, ``at_once`` users side by side."""

    users: int
    at_once: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """One run. ``cpu_ms`` is per turn; latencies are from feeding an update to its answer."""

    turns: int
    seconds: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float
    messages: int  # sent to the users counted
    kept: int  # answers held at the end, of the warm-up too
    peak_mb: float

    @property
    def per_second(self) -> float:
        """Turns a second."""
        return self.turns / self.seconds

    def as_json(self) -> str:
        """One line for the process that asked."""
        return json.dumps(asdict(self))


async def drive(open_bot: Contestant, load: Load, folder: Path) -> Measured:
    """Open the bot, warm it up, and measure the load until everything is answered and kept."""
    platform = Platform()
    async with open_bot(platform, folder) as bot:
        everyone = [
            conversation(FIRST_CHAT + number, load.texts) for number in range(WARM_UP + load.users)
        ]
        await feed_all(bot, everyone[:WARM_UP], load.at_once)
        before = platform.messages.total()
        cpu, start = process_time(), perf_counter()
        waits = await feed_all(bot, everyone[WARM_UP:], load.at_once)
        seconds, cpu = perf_counter() - start, process_time() - cpu
        messages = platform.messages.total() - before
        kept = await bot.kept()
    waits.sort()
    return Measured(
        turns=len(waits),
        seconds=seconds,
        cpu_ms=cpu / len(waits) * 1e3,
        p50_ms=waits[len(waits) // 2] * 1e3,
        p99_ms=waits[len(waits) * 99 // 100] * 1e3,
        messages=messages,
        kept=kept,
        peak_mb=_peak_mb(),
    )


async def feed_all(bot: Bot, conversations: Sequence[Sequence[bytes]], at_once: int) -> list[float]:
    """Feed whole conversations, ``at_once`` of them side by side; seconds each update took."""
    waiting = iter(conversations)
    waits: list[float] = []

    async def one_after_the_other() -> None:
        for updates in waiting:
            for raw in updates:
                start = perf_counter()
                await bot.feed(raw)
                waits.append(perf_counter() - start)

    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
    return waits


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
