"""What others notice of one person who floods: their waiting, beside the same without a flood.

Updates come at their own times, whatever was answered before; turns are committed in a real
SQLite database by the assistant with its shipped content.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Final

from bench.fuzz.telegram import Mute
from bench.reminders import MASTER
from bench.results import Result, work_folder
from bench.updates import FIRST_CHAT, update
from bot.clock import real_clock
from bot.reloading import load_articles, load_language
from bot.settings import Settings
from bot.telegram.core import TelegramCore
from bot.wiring import new_assistant
from bot.world import load_world
from storage.migrate import upgrade
from storage.stores import StoreSettings, open_stores

PEOPLE: Final = 20
SAID: Final = ("你好", "开始首次备案", "收费吗？", "要多久？", "谢谢", "我要备案的域名在哪里买")
A_SECOND: Final = 10  # of the others' messages, together
FLOODED: Final = 100  # of the one person's
_APART: Final = 100_000  # so far the chats of one round lie from the next


@dataclass(frozen=True, slots=True)
class Plan:
    """``rounds`` of each kind, in turn, of so many ``seconds``."""

    rounds: int
    seconds: int


FULL: Final = Plan(rounds=5, seconds=12)
QUICK: Final = Plan(rounds=2, seconds=3)


def flood(plan: Plan) -> dict[str, Result]:
    """Milliseconds until others' messages are committed, with and without a flood.

    The ratio is of the 95th percentiles: 1.0 if nobody notices.
    """
    waits, refused = asyncio.run(_measured(plan))
    found = {
        name: {
            "p50_ms": median(one),
            "p95_ms": quantiles(one, n=20)[18],
            "p99_ms": quantiles(one, n=100)[98],
        }
        for name, one in waits.items()
    }
    sent = plan.rounds * plan.seconds * FLOODED
    return {
        "flood": Result(
            unit="milliseconds an update of somebody else's",
            medians=found,
            counts={"messages": len(waits["quiet"]), "flooding": sent, "refused": refused},
            ratios={"quiet": found["quiet"]["p95_ms"] / found["flood"]["p95_ms"]},
        )
    }


async def _measured(plan: Plan) -> tuple[dict[str, list[float]], int]:
    waits: dict[str, list[float]] = {"quiet": [], "flood": []}
    refused: list[str] = []
    async with _core(refused) as core:
        for number in range(2 * plan.rounds + 1):
            kind = ("quiet", "flood")[number % 2]
            found = await _round(core, number * _APART, plan.seconds, floods=kind == "flood")
            if number:  # the first warms up
                waits[kind] += found
            await core.finish()
    return waits, refused.count("flood")


async def _round(core: TelegramCore, first: int, seconds: int, *, floods: bool) -> list[float]:
    loop = asyncio.get_running_loop()
    began, tasks, waits = loop.time(), [], []
    due = [(number / A_SECOND, 1 + number % PEOPLE) for number in range(seconds * A_SECOND)]
    if floods:
        due += [(number / FLOODED, 0) for number in range(seconds * FLOODED)]

    async def send(at: float, who: int, number: int) -> None:
        raw = update(FIRST_CHAT + first + who, number, SAID[number // PEOPLE % len(SAID)])
        told = json.loads(raw)
        told["message"]["date"] = int(time.time())
        await core.take(told)
        if who:
            waits.append(1000 * (loop.time() - began - at))

    for number, (at, who) in enumerate(sorted(due)):
        await asyncio.sleep(max(0.0, began + at - loop.time()))
        tasks.append(asyncio.create_task(send(at, who, number)))
    await asyncio.gather(*tasks)
    return waits


@asynccontextmanager
async def _core(refused: list[str]) -> AsyncIterator[TelegramCore]:
    settings = Settings(_env_file=None, check_pages=False)
    world = load_world(settings)
    load_language()
    load_articles(world.knowledge)
    with TemporaryDirectory(dir=work_folder()) as folder:
        url = f"sqlite:///{folder}/beian.db"
        await upgrade(url)
        stores = await open_stores(StoreSettings(url, Path(folder) / "files"), MASTER, real_clock)
        try:
            assistant = new_assistant(settings, world, real_clock, stores)
            yield TelegramCore(
                assistant,
                stores.outbox,
                Mute(),
                real_clock,
                username="example_bot",
                count=refused.append,
            )
        finally:
            await stores.close()
