"""Looks at home pages: within the turn, or beside it so that nobody waits for a slow website."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from dialogs.message import Identity
from dialogs.ports import PageFetcher, PageRefused
from dialogs.turn.draft import WantedPage
from filing.page import Page

_log = logging.getLogger(__name__)

PAGES_WITHIN: Final = timedelta(seconds=12)
"""How long a look may take."""

_AT_ONCE: Final = 8  # looks of all people together


@dataclass(slots=True)
class Looks:
    """Looks at pages through ``pages``; without it nobody does.

    ``beside`` the turn: it is committed and confirmed first, and what was seen comes as another
    message. A look is lost with its process; the applicant may ask again.
    """

    pages: PageFetcher | None = None
    beside: bool = False
    _running: dict[Identity, asyncio.Task[None]] = field(default_factory=dict)
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def at(self, wanted: WantedPage) -> Page | PageRefused:
        """The page, or why it could not be had."""
        if self.pages is None:
            return PageRefused("not_offered", {})
        try:
            async with asyncio.timeout(PAGES_WITHIN.total_seconds()):
                look = self.pages.read if wanted.pasted else self.pages.fetch
                return await look(wanted.source)
        except TimeoutError:
            return PageRefused("too_slow", {"seconds": int(PAGES_WITHIN.total_seconds())})

    def later(
        self,
        whose: Identity,
        wanted: WantedPage,
        tell: Callable[[Page | PageRefused], Awaitable[object]],
    ) -> None:
        """Look beside everything else and tell what was seen; one look for each person."""
        if whose in self._running:
            return
        task = asyncio.create_task(self._look(wanted, tell), name="look")
        self._running[whose] = task
        task.add_done_callback(lambda _: self._running.pop(whose, None))

    async def stop(self) -> None:
        """End the looks that are going on."""
        tasks = tuple(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(
        self, wanted: WantedPage, tell: Callable[[Page | PageRefused], Awaitable[object]]
    ) -> None:
        try:
            async with self._room:
                page = await self.at(wanted)
            await tell(page)
        except Exception as error:  # nobody waits for this task
            _log.error("a look at a page failed: %s", type(error).__name__)
