"""Turns on a database with much in it, in this process; prints what was measured as JSON.

usage: python -m bench.stored_run URL FOLDER FIRST_CHAT NEW FIRST_BACK BACK ROUND

``NEW`` people fill in the form, from chat ``FIRST_CHAT`` on; ``BACK`` people go on with the
conversation they left, one message each, and nothing of theirs is in memory. With ``ROUND`` 0
those who will come back begin theirs.
"""

import asyncio
import json
import sys
from pathlib import Path
from time import perf_counter, process_time

from bench.contestant import Bot
from bench.form import TYPED
from bench.ours import form_on
from bench.platform import Platform
from bench.server_time import server_seconds
from bench.updates import update

AT_ONCE = 10
BEGUN = 4
"""Messages by which those who come back have begun."""


async def _feed(bot: Bot, first: int, people: int, numbers: range) -> int:
    """Everybody sends the messages of these numbers; how many there were."""
    waiting = iter(range(first, first + people))

    async def one_after_the_other() -> None:
        for chat in waiting:
            for number in numbers:
                await bot.feed(update(chat, number, TYPED[number]))

    await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))
    return people * len(numbers)


async def _measured(
    url: str, bot: Bot, first: int, people: int, numbers: range
) -> dict[str, float]:
    """Milliseconds a turn: of this process's processor time, its database server's, and in all."""
    server, cpu, began = await server_seconds(url), process_time(), perf_counter()
    turns = await _feed(bot, first, people, numbers)
    took, cpu = perf_counter() - began, process_time() - cpu
    server = await server_seconds(url) - server
    return {
        "cpu_ms": cpu / turns * 1e3,
        "server_cpu_ms": server / turns * 1e3,
        "ms": took / turns * 1e3,
    }


async def main(
    url: str, folder: Path, first: int, new: int, first_back: int, back: int, number: int
) -> None:
    """Measure both kinds of turns, or begin with ``number`` 0."""
    async with form_on(url, Platform(), folder) as bot:
        if number == 0:
            await _feed(bot, first_back, back, range(BEGUN))
            return
        warm = new // 4
        await _feed(bot, first, warm, range(len(TYPED)))
        fresh = await _measured(url, bot, first + warm, new - warm, range(len(TYPED)))
        at = BEGUN + number - 1
        returning = await _measured(url, bot, first_back, back, range(at, at + 1))
    print(json.dumps({"new": fresh, "returning": returning}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:])))
