"""Tells the live queues of one process what changed, here, in another process or by time alone."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Final, Protocol

from desk.docket import Docket
from desk.dockets import Dockets, Kept
from desk.listing import Listing
from desk.placing import Placing

_log = logging.getLogger(__name__)

POLL: Final = 1.0
"""Seconds between looks at what time moved, and at what other processes put without a word."""

OVERLAP: Final = timedelta(seconds=5)
"""How far back each look goes."""

AGAIN: Final = 15.0
"""Seconds after which open queues are read again whatever is known: somebody may be erased."""

MOST: Final = 500
"""Conversations taken one by one; of more, open queues are read again as a whole."""


class Hears(Protocol):
    """Who wants to know what changed."""

    def hear(self, dockets: Collection[Docket]) -> None:
        """These stand as they are now."""
        ...

    def hear_of(self, conversations: Collection[str] | None) -> None:
        """Something changed about these; None: about any."""
        ...


@dataclass(slots=True)
class Gatherer:
    """Hears of changes and passes them on; moves whom time has moved."""

    dockets: Dockets
    listing: Listing
    placing: Placing
    clock: Callable[[], datetime]
    hub: Hears
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _looked_at: datetime | None = None
    _seen: frozenset[tuple[str, datetime]] = frozenset()  # at the last look
    _all_at: float = field(default_factory=monotonic)

    def take(self, kept: Sequence[Kept]) -> None:
        """Dockets that this process has just put."""
        self.hub.hear([one.docket for one in kept])

    def tell(self, conversations: Sequence[str]) -> None:
        """Another process has put these; if none is named, there may be any."""
        self.hub.hear_of(conversations or None)

    async def run(self, stop: asyncio.Event) -> None:
        """Gather until told to stop."""
        stopping = asyncio.create_task(stop.wait())
        async with self.dockets.listening(self.tell):
            while not stop.is_set():
                try:
                    await self.look()
                except Exception as error:  # the database may be back in a moment
                    _log.warning("the queue cannot be read: %s", type(error).__name__)
                await asyncio.wait({stopping}, timeout=POLL)
        stopping.cancel()

    async def look(self) -> None:
        """Move whom time has moved, and notice what nobody told of."""
        now = self.clock()
        while moved := await self.listing.to_move(now, MOST):
            await self.listing.move(moved, self.placing, now)
            self.hub.hear(moved)
            if len(moved) < MOST:
                break
        is_time = monotonic() - self._all_at >= AGAIN
        if self._looked_at is None or is_time:
            self._all_at = monotonic()
            self.hub.hear_of(None)
        since, self._looked_at = (self._looked_at or now) - OVERLAP, now
        found = await self.listing.put_since(since, MOST)
        seen = frozenset(found.items())
        if not is_time:
            new = {scope for scope, _ in seen - self._seen}
            self.hub.hear_of(new if len(found) < MOST else None)
        self._seen = seen
