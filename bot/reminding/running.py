"""The scheduler's part of `beian serve`: ticks that sweep, follow up, repair and count."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from bot.clock import real_clock
from bot.metrics import Metrics
from bot.reminding.counting import ReminderMetrics
from bot.settings import Settings
from bot.wiring import Program
from scheduler.footers import FooterRounds
from scheduler.jobs import (
    FIGURES_SECONDS,
    FOLLOW_SECONDS,
    FOOTERS_SECONDS,
    REPAIR_SECONDS,
    SWEEP_SECONDS,
    Tick,
    tick,
)
from scheduler.ladder import Reach
from scheduler.sweep import Sweep

Part = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


def reach_of(settings: Settings) -> Reach:
    """What this deployment can send on, whichever of its processes does."""
    pushing = {
        "telegram": settings.telegram_token is not None,
    }
    return Reach(frozenset(channel for channel, served in pushing.items() if served))


def reminding_part(program: Program, metrics: Metrics, *, sweeps: bool) -> Part:
    """Sweeps and repairs with ``sweeps``; the figures for /metrics in any case."""
    counts = ReminderMetrics(metrics.registry)
    store = program.stores.reminders
    sweep = Sweep(program.assistant, store, real_clock, reach_of(program.settings), observer=counts)

    rounds = FooterRounds(program.assistant, store, real_clock)

    async def figures() -> None:
        counts.show(await store.figures(real_clock()))

    ticks = [Tick("figures", FIGURES_SECONDS, figures)]
    if sweeps:
        ticks += [
            Tick("sweep", SWEEP_SECONDS, sweep.run),
            Tick("follow_up", FOLLOW_SECONDS, sweep.follow_up),
            Tick("repair", REPAIR_SECONDS, sweep.repair),
            Tick("footers", FOOTERS_SECONDS, rounds.run, at_once=False),
        ]

    async def run(stop: asyncio.Event) -> None:
        await tick(tuple(ticks), stop)

    return run
