"""Work that only one process may do at a time: the others stand by and take over when it ends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final, TypeAlias

from storage.ports import Leases

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=15)
"""After a process was killed, another one takes over within so long."""

Work: TypeAlias = Callable[[asyncio.Event], Awaitable[None]]
"""Something that runs until the event is set, then stops by itself."""


@dataclass(frozen=True, slots=True)
class Alone:
    """Lets work run in one process among all that share the leases.

    A holder that was asleep for longer than its lease may overlap with its successor for a
    moment, until it looks at the clock: the work has to bear that.
    """

    leases: Leases
    clock: Callable[[], datetime]
    lease: timedelta = LEASE

    async def run(self, name: str, work: Work, stop: asyncio.Event) -> None:
        """Work whenever this process holds the lease of that name, until ``stop`` is set.

        What the work raises is raised.
        """
        holder = token_hex(8)
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                until = self._end
                if not await self._take(name, holder):
                    await asyncio.wait({stopping}, timeout=self._pause)
                    continue
                logger.info("%s: this process does it now", name)
                await self._hold(name, holder, until, work, stopping)
        finally:
            stopping.cancel()

    @property
    def _pause(self) -> float:
        return self.lease.total_seconds() / 5

    async def _hold(
        self, name: str, holder: str, until: float, work: Work, stopping: asyncio.Task[bool]
    ) -> None:
        """Work, and renew the lease beside it; the work ends with the lease."""
        over = asyncio.Event()
        working = asyncio.ensure_future(work(over))
        try:
            while not (working.done() or stopping.done()) and _monotonic() < until:
                await asyncio.wait(
                    {working, stopping},
                    timeout=self._pause,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                end, taken = self._end, await self._take(name, holder)
                if taken is False:
                    break
                until = end if taken else until
        finally:
            over.set()
            try:
                await working
            finally:
                await self._release(name, holder)

    @property
    def _end(self) -> float:
        """When a lease taken now ends, whatever becomes of the wall clock."""
        return _monotonic() + self.lease.total_seconds()

    async def _take(self, name: str, holder: str) -> bool | None:
        """Whether the lease is ours: not while another process has it; None: nobody can say."""
        now = self.clock()
        try:
            return await self.leases.take(name, holder, now, now + self.lease)
        except Exception as error:  # a lease that cannot be renewed ends by itself
            logger.warning("%s: the lease cannot be had: %s", name, type(error).__name__)
        return None

    async def _release(self, name: str, holder: str) -> None:
        try:
            await self.leases.release(name, holder)
        except Exception as error:
            logger.warning("%s: the lease ends by itself: %s", name, type(error).__name__)


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
