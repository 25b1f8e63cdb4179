"""The clock: APScheduler ticks the sweeps. It keeps no jobs of its own; the rows are the truth."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from time import monotonic
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from dialogs.world import SHANGHAI

_log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Tick:
    """Something done again and again; one that takes longer than its interval is not doubled."""

    name: str
    seconds: float
    work: Work
    at_once: bool = True  # also when the program starts
    nightly: time | None = None  # in China, instead of the interval


PATIENCE: Final = 6.0
"""Seconds that what is in hand may take when the program stops; leases cover the rest."""

_LOOK_AT_THE_CLOCK: Final = 1.0
_PUT_BACK: Final = 1.0
"""Seconds: less is what a time server corrects by the way."""

SWEEP_SECONDS: Final = 1.0
FOLLOW_SECONDS: Final = 5.0
REROUTE_SECONDS: Final = 30.0
DOUBT_SECONDS: Final = 600.0
REPAIR_SECONDS: Final = 20.0
FIGURES_SECONDS: Final = 15.0
FOOTERS_SECONDS: Final = 30.0
ERASING_SECONDS: Final = 60.0
ANNOUNCING_AT: Final = time(10, 5)  # it tells people something: not at night
RETENTION_AT: Final = time(3, 20)


async def tick(ticks: tuple[Tick, ...], stop: asyncio.Event) -> None:
    """Tick until ``stop`` is set, then wait for what is in hand."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    running: set[asyncio.Task[Any]] = set()

    for one in ticks:
        scheduler.add_job(
            _guarded(one, running),
            _trigger(one),
            id=one.name,
            name=one.name,
            max_instances=1,
            coalesce=True,  # after a long sleep of the machine: once, not once for each tick
            misfire_grace_time=None,
            **({"next_run_time": datetime.now(UTC)} if one.at_once else {}),
        )
    scheduler.start()
    watching = asyncio.create_task(_watch_the_clock(scheduler, ticks))
    try:
        await stop.wait()
    finally:
        watching.cancel()
        scheduler.pause()
        if running:  # before the end: shutting down cancels what still runs
            await asyncio.wait(set(running), timeout=PATIENCE)
        scheduler.shutdown(wait=False)


async def _watch_the_clock(scheduler: AsyncIOScheduler, ticks: Sequence[Tick]) -> None:
    """APScheduler waits for times of the wall clock, and for long once that was put back."""
    before = _ahead()
    while True:
        await asyncio.sleep(_LOOK_AT_THE_CLOCK)
        now = _ahead()
        if now < before - _PUT_BACK:
            _log.warning("the clock was put back by %.0f s", before - now)
            for one in ticks:
                scheduler.reschedule_job(one.name, trigger=_trigger(one))
        before = now


def _ahead() -> float:
    """Seconds by which the wall clock is ahead of one that nobody sets."""
    return datetime.now(UTC).timestamp() - monotonic()


def _trigger(one: Tick) -> BaseTrigger:
    if one.nightly is None:
        return IntervalTrigger(seconds=one.seconds, timezone=UTC)
    return CronTrigger(hour=one.nightly.hour, minute=one.nightly.minute, timezone=SHANGHAI)


def _guarded(one: Tick, running: set[asyncio.Task[Any]]) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        task = asyncio.current_task()
        if task is not None:
            running.add(task)
            task.add_done_callback(running.discard)
        try:
            await one.work()
        except Exception as error:  # the store may be away: the next tick looks again
            _log.error("%s failed: %s", one.name, type(error).__name__)

    return work
