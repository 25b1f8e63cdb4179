"""Retention's part of `beian serve`: nightly, and once at the start."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

from bot.clock import real_clock
from bot.keeping import keeping_time
from bot.metrics import Metrics
from bot.wiring import Program
from scheduler.blanking import Blanking
from scheduler.jobs import RETENTION_AT, Tick, tick
from scheduler.retention import Deleted, Retention

_LOG = structlog.get_logger("beian")
_NIGHT = 24 * 3600.0  # seconds


class RetentionMetrics:
    """What retention counts for Prometheus, and tells the operator's log."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._deleted = Counter(
            "beian_files_deleted",
            "Files of applicants deleted because their time was over.",
            ["kind"],
            registry=registry,
        )
        self._blanked = Counter(
            "beian_filings_blanked",
            "Filings whose answers lost what had had its time.",
            registry=registry,
        )
        self._failed = Gauge(
            "beian_retention_failed",
            "People whose files or answers the last run could not look at.",
            registry=registry,
        )
        self._ran = Gauge(
            "beian_retention_last_run_seconds",
            "When retention last came to its end, in seconds since 1970.",
            registry=registry,
        )

    def ran(self, deleted: Deleted, at: datetime) -> None:
        """Count one run, and say what it did."""
        for kind in ("materials", "loose", "orphans"):
            self._deleted.labels(kind).inc(getattr(deleted, kind))
        self._blanked.inc(deleted.answers)
        self._failed.set(deleted.failed)
        self._ran.set(at.timestamp())
        _LOG.info(
            "what had had its time is deleted",
            materials=deleted.materials,
            filings=deleted.filings,
            other_files=deleted.loose,
            orphans=deleted.orphans,
            leftovers=deleted.leftovers,
            blanked=deleted.answers,
            failed=deleted.failed,
        )


def retention_of(program: Program, clock: Callable[[], datetime] = real_clock) -> Retention:
    """The job for a program's stores."""
    return Retention(
        program.assistant,
        program.stores.materials,
        program.stores.files,
        clock,
        keeping_time(program.settings),
        program.stores.leftovers,
        Blanking(program.assistant, program.stores.answers, clock),
    )


def retention_part(
    program: Program, metrics: Metrics
) -> Callable[[asyncio.Event], Coroutine[Any, Any, None]]:
    """Deletes what is due, nightly and at the start."""
    job = retention_of(program)
    job.observer = RetentionMetrics(metrics.registry).ran

    async def run(stop: asyncio.Event) -> None:
        await tick((Tick("retention", _NIGHT, job.run, nightly=RETENTION_AT),), stop)

    return run
