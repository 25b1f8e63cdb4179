"""The desk's queue over a database with much in it, opened in this process; prints JSON.

usage: python -m bench.queue_run URL FOLDER
"""

import asyncio
import gc
import json
import os
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from bench.server_time import server_seconds
from bot.clock import real_clock
from bot.desk_wiring import live_queue
from bot.memory import keep_what_is_loaded
from bot.settings import Settings
from bot.wiring import open_program
from desk.live import Hub, Key
from desk.queue import State, Wanted

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TIMES = 15
PAGE = 50


def _resident() -> float:
    """Megabytes of this process."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE / 1e6


async def _ms(what: Callable[[int], Awaitable[object]]) -> float:
    """The median of several goes, after one to warm up."""
    await what(0)
    found = []
    for number in range(1, _TIMES + 1):
        began = perf_counter()
        await what(number)
        found.append((perf_counter() - began) * 1e3)
    return median(found)


async def _opened(hub: Hub, wanted: Wanted, locale: str, number: int) -> object:
    """A view nobody has open: each has one row more."""
    return await hub.view(Key(wanted, locale, PAGE + number))


async def measured(url: str, folder: Path) -> dict[str, float]:
    """Milliseconds of what a colleague does, megabytes and processor seconds of the process."""
    settings = Settings(_env_file=None, home=folder, database_url=url, check_pages=False)
    async with open_program(settings, real_clock) as program:
        keep_what_is_loaded()
        gc.collect()
        queue, empty, began = live_queue(program), _resident(), perf_counter()
        hub = queue.hub
        view = await hub.view(Key(Wanted(), "zh-CN", PAGE))
        found = {"open_first_ms": (perf_counter() - began) * 1e3, "rows": len(list(view.rows))}
        for state in (State.OPEN, State.WAITING, State.RISK, State.STUCK, State.ALL):
            found[f"open_{state}_ms"] = await _ms(partial(_opened, hub, Wanted(state), "zh-CN"))
        found["narrowed_ms"] = await _ms(
            partial(_opened, hub, Wanted(State.ALL, province="西藏"), "en")
        )
        found["counts_ms"] = await _ms(lambda _: queue.listing.counts())
        found["choices_ms"] = await _ms(lambda _: queue.listing.choices())
        shown = [listed.docket for listed, _ in view.rows]

        async def change(number: int) -> None:
            hub.hear_of([shown[number % len(shown)].conversation])
            await hub.flush()

        found["a_change_with_all_views_ms"] = await _ms(change)
        server, cpu = await server_seconds(url), process_time()
        await queue.follower.catch_up()
        found["walk_cpu_s"] = process_time() - cpu + await server_seconds(url) - server
        found["made"] = queue.follower.made
        began = perf_counter()
        hits = await queue.finder.find("没有人说过的话")
        found["search_s"] = perf_counter() - began
        found["search_was_cut"] = float(hits.more)
        gc.collect()
        found |= {"mb": _resident(), "mb_more_than_without": _resident() - empty}
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measured(sys.argv[1], Path(sys.argv[2])))))
