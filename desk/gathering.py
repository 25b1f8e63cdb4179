"""Keeps one process's board up with the dockets that it and other processes put."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from desk.board import Board
from desk.dockets import Dockets, Kept

_log = logging.getLogger(__name__)

POLL: Final = 2.0
"""Seconds between looks at what other processes put; where they tell, it only makes sure."""

OVERLAP: Final = timedelta(seconds=5)
"""How far back each look goes."""

COMPARE: Final = 60.0
"""Seconds between comparisons of everything, which also find what was erased."""


@dataclass(slots=True)
class Gatherer:
    """Brings dockets to the board. ``wake`` is called when there is news on it."""

    board: Board
    dockets: Dockets
    clock: Callable[[], datetime]
    wake: Callable[[], None] = lambda: None
    _told: set[str] = field(default_factory=set)  # put by another process
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _looked_at: datetime | None = None
    _compared: float = 0.0

    def take(self, kept: Sequence[Kept]) -> None:
        """Dockets that this process has just put."""
        self.board.put(kept, self.clock())
        self.wake()

    def tell(self, conversations: Sequence[str]) -> None:
        """Another process has put these; if none is named, there may be any."""
        if conversations:
            self._told.update(conversations)
        else:
            self._looked_at = None
        self._news.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Gather until told to stop."""
        stopping = asyncio.create_task(stop.wait())
        async with self.dockets.listening(self.tell):
            while not stop.is_set():
                try:
                    await self.look()
                except Exception as error:  # the database may be back in a moment
                    _log.warning("the queue cannot be read: %s", type(error).__name__)
                self._news.clear()
                news = asyncio.create_task(self._news.wait())
                await asyncio.wait(
                    {news, stopping}, timeout=POLL, return_when=asyncio.FIRST_COMPLETED
                )
                news.cancel()
        stopping.cancel()

    async def look(self) -> None:
        """Bring over whatever the board does not have yet."""
        told, self._told = self._told, set()
        now = self.clock()
        if self._looked_at is None or monotonic() - self._compared >= COMPARE:
            marks = await self.dockets.marks()
            self._compared = monotonic()
            self._drop(marks)
        else:
            marks = await self.dockets.marks(self._looked_at - OVERLAP)
        self._looked_at = now
        known = self.board.marks()
        new = [scope for scope, at in marks.items() if known.get(scope) != at]
        wanted = list(dict.fromkeys([*told, *new]))
        if wanted:
            self.board.put(await self.dockets.get(wanted), self.clock())
            self.wake()

    def _drop(self, marks: Mapping[str, datetime]) -> None:
        gone = self.board.marks().keys() - marks.keys()
        if gone:
            self.board.drop(gone)
            self.wake()
