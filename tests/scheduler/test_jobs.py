"""Ticks: again and again, not twice at once, on through faults, and finished before the end."""

import asyncio
from datetime import datetime, timedelta, tzinfo

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest

import scheduler.jobs
from scheduler.jobs import Tick, tick


async def test_work_is_done_again_and_again_and_a_fault_stops_nobody() -> None:
    stop = asyncio.Event()
    done: list[str] = []

    async def fails() -> None:
        done.append("failed")
        raise RuntimeError("the store is away")

    async def works() -> None:
        done.append("worked")
        if done.count("worked") == 3:
            stop.set()

    async with asyncio.timeout(30):
        await tick((Tick("fails", 0.05, fails), Tick("works", 0.05, works)), stop)
    assert done.count("worked") >= 3
    assert done.count("failed") >= 2


async def test_what_is_in_hand_is_finished_before_the_end() -> None:
    stop = asyncio.Event()
    finished: list[bool] = []
    begun = 0

    async def slow() -> None:
        nonlocal begun
        begun += 1
        stop.set()
        await asyncio.sleep(0.2)
        finished.append(True)

    async with asyncio.timeout(30):
        await tick((Tick("slow", 0.05, slow),), stop)
    assert begun == len(finished) == 1


async def test_a_clock_that_was_put_back_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = timedelta(0)

    class Set(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + ahead

    for module in (apscheduler.schedulers.base, apscheduler.triggers.interval, scheduler.jobs):
        monkeypatch.setattr(module, "datetime", Set)
    stop, done = asyncio.Event(), 0

    async def work() -> None:
        nonlocal ahead, done
        done += 1
        ahead = -timedelta(hours=1)
        if done == 3:
            stop.set()

    async with asyncio.timeout(30):
        await tick((Tick("work", 0.05, work),), stop)
    assert done >= 3
