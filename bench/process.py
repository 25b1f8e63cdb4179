"""One of several processes of a bot on one PostgreSQL; prints what it measured as JSON.

usage: python -m bench.process NAME URL FOLDER FIRST_CHAT USERS AT_ONCE

Says "ready" once it is warm, and begins with the next line it reads.
"""

import asyncio
import gc
import json
import sys
from functools import partial
from pathlib import Path
from time import monotonic, process_time
from typing import Protocol, runtime_checkable

from bench.driving import WARM_UP, feed_all
from bench.form import TYPED
from bench.ours import form_beside
from bench.peers.aiogram_sqlalchemy import aiogram_sqlalchemy_on
from bench.platform import Platform
from bench.updates import FIRST_CHAT, conversation


@runtime_checkable
class Settles(Protocol):
    """A bot that delivers beside its turns."""

    async def settled(self) -> None:
        """Wait until nothing is left to deliver."""
        ...


async def main(name: str, url: str, folder: Path, first: int, users: int, at_once: int) -> None:
    """Warm up, wait, and measure."""
    open_bot = partial(form_beside if name == "assistant" else aiogram_sqlalchemy_on, url)
    everyone = [
        conversation(FIRST_CHAT + first + number, TYPED) for number in range(WARM_UP + users)
    ]
    async with open_bot(Platform(), folder) as bot:
        await feed_all(bot, everyone[:WARM_UP], at_once)
        gc.collect()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        cpu, began = process_time(), monotonic()
        waits = await feed_all(bot, everyone[WARM_UP:], at_once)
        if isinstance(bot, Settles):
            await bot.settled()
        ended, cpu = monotonic(), process_time() - cpu
    print(json.dumps({"turns": len(waits), "began": began, "ended": ended, "cpu": cpu}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), *map(int, sys.argv[4:])))
