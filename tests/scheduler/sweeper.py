"""A sweeper over a real database, and the death of its process at a statement."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

import storage.statements
from bot.clock import real_clock
from dialogs.assistant import Assistant
from scheduler.ladder import Reach
from scheduler.planning import CasePlanner
from scheduler.sweep import Sweep
from storage.crypto import MasterKey
from storage.ports import Stores
from storage.stores import StoreSettings, open_stores
from tests.scheduler.world import shared_world

KEY = bytes(range(32))
MASTER = MasterKey(KEY)
LEASE = timedelta(seconds=1)


@asynccontextmanager
async def opened(url: str, folder: Path) -> AsyncIterator[Stores]:
    """The stores with a lease so short that a test need not wait for long."""
    settings = StoreSettings(url, folder / "files", reminder_lease=LEASE)
    stores = await open_stores(settings, MASTER, real_clock)
    try:
        yield stores
    finally:
        await stores.close()


def sweep_over(stores: Stores) -> Sweep:
    """A sweep as `beian serve` runs it."""
    world = shared_world()
    assistant = Assistant(
        world, stores.cases, stores.dead_letters, real_clock, planner=CasePlanner(world)
    )
    return Sweep(assistant, stores.reminders, real_clock, Reach(frozenset({"telegram"})))


def die_at(statement: int) -> None:
    """Kill this process like a power cut would, just before its n-th statement (0: never).

    A commit is a statement too.
    """
    passed = 0

    def count(*_: Any) -> None:
        nonlocal passed
        passed += 1
        if passed == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    for name in ("write", "_fetch"):
        real = getattr(storage.statements, name)

        def counted(*given: Any, real: Any = real) -> Any:
            count()
            return real(*given)

        setattr(storage.statements, name, counted)
