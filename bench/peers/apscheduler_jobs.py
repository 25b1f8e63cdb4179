"""Reminders the usual way: one APScheduler job for each, in its SQLAlchemyJobStore."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import create_engine, event

_DONE: "Fired | None" = None
LOG: BinaryIO | None = None
"""Where :func:`call_platform` notes what it finished."""


class Fired:
    """Counts the jobs run."""

    def __init__(self, count: int) -> None:
        global _DONE
        self.left = count
        self._all = asyncio.Event()
        _DONE = self

    def one(self) -> None:
        """A job ran."""
        self.left -= 1
        if not self.left:
            self._all.set()

    async def all_done(self) -> None:
        """Wait for the last."""
        await self._all.wait()


async def remind(number: int) -> None:
    """What a job does: nothing, so that only the scheduler's own work is measured."""
    if _DONE is not None:
        _DONE.one()


async def call_platform(number: int) -> None:
    """A job that takes as long as a call to a chat platform."""
    await asyncio.sleep(0.05)
    if LOG is not None:
        LOG.write(b".")
    await remind(number)


def scheduler_with(
    folder: Path, count: int, at: datetime, work: Callable[..., Any] = remind
) -> AsyncIOScheduler:
    """A scheduler with so many jobs stored, all due; not started."""
    engine = create_engine(f"sqlite:///{folder / 'jobs.db'}")

    def prepare(connection: Any, _: Any) -> None:  # as ours: WAL and NORMAL
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    event.listen(engine, "connect", prepare)
    store = SQLAlchemyJobStore(engine=engine)
    scheduler = AsyncIOScheduler(jobstores={"default": store})
    scheduler.start(paused=True)
    for number in range(count):
        scheduler.add_job(
            work,
            DateTrigger(run_date=at),
            args=[number],
            id=str(number),
            misfire_grace_time=None,  # its default skips what is a second late
        )
    scheduler.shutdown()
    return AsyncIOScheduler(jobstores={"default": SQLAlchemyJobStore(engine=engine)})
