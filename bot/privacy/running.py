"""People's rights over their data, put together for a program."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

from bot.clock import real_clock
from bot.keeping import keeping_time
from bot.metrics import Metrics
from bot.privacy.copies import Copies
from bot.privacy.erasing import erase
from bot.wiring import Program
from scheduler.erasing import ErasingJob, Swept
from scheduler.jobs import ANNOUNCING_AT, ERASING_SECONDS, Tick, tick

_LOG = structlog.get_logger("beian")


class ErasingMetrics:
    """What erasing counts for Prometheus, and tells the operator's log."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._erased = Counter(
            "beian_people_erased", "People erased at their own wish.", registry=registry
        )
        self._failed = Gauge(
            "beian_erasing_failed",
            "People whom the last run could not erase though it was due.",
            registry=registry,
        )

        self._ran = Gauge(
            "beian_erasing_last_run_seconds",
            "When erasing last came to its end, in seconds since 1970.",
            registry=registry,
        )

    def swept(self, swept: Swept, at: datetime) -> None:
        """Count one run, and say what it did if it did anything."""
        self._ran.set(at.timestamp())
        self._erased.inc(swept.erased)
        self._failed.set(swept.failed)
        if swept != Swept():
            _LOG.info(
                "erasures that people asked for",
                told=swept.told,
                erased=swept.erased,
                failed=swept.failed,
            )


def copies_of(program: Program) -> Copies:
    """Makes copies of what the program's stores keep of a person."""
    assistant = program.assistant
    return Copies(assistant.case, program.stores, assistant.world, assistant.clock)


def erasing_of(program: Program, clock: Callable[[], datetime] = real_clock) -> ErasingJob:
    """The job for a program's stores."""
    stores = program.stores
    return ErasingJob(
        program.assistant,
        stores.erasing,
        lambda applicant: erase(stores, applicant),
        clock,
        keeping_time(program.settings).idle,
    )


def erasing_part(
    program: Program, metrics: Metrics
) -> Callable[[asyncio.Event], Coroutine[Any, Any, None]]:
    """Erases whoever asked for it a day ago, every minute."""
    job = erasing_of(program)
    job.observer = ErasingMetrics(metrics.registry).swept

    async def run(stop: asyncio.Event) -> None:
        ticks = (
            Tick("erasing", ERASING_SECONDS, job.run),
            Tick("idle", 0.0, job.announce, at_once=False, nightly=ANNOUNCING_AT),
        )
        await tick(ticks, stop)

    return run
