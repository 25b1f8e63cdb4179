"""The queue as one part of the program: followed, gathered, watched and searched."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from desk.dockets import Dockets
from desk.following import Follower
from desk.gathering import Gatherer
from desk.limits import Limits
from desk.listing import Listing
from desk.live import Hub
from desk.rows import Rows
from desk.search import Finder
from desk.wording import load_texts
from dialogs.ports import CaseStore
from dialogs.world import World


@dataclass(frozen=True, slots=True)
class LiveQueue:
    """What the pages of the desk know about all conversations.

    Tell ``follower`` of whom a turn was taken, and let ``run`` run beside the server.
    """

    listing: Listing
    follower: Follower
    gatherer: Gatherer
    hub: Hub
    finder: Finder
    rows: Rows

    @classmethod
    def of(
        cls,
        cases: CaseStore,
        dockets: Dockets,
        listing: Listing,
        world: World,
        clock: Callable[[], datetime],
        limits: Limits,
    ) -> "LiveQueue":
        """All of it, put together."""
        follower = Follower(cases, dockets, world, clock, limits)
        placing = follower.placing
        rows = Rows(load_texts(), world)
        hub = Hub(listing, placing, rows, clock, lambda: follower.lag)
        gatherer = Gatherer(dockets, listing, placing, clock, hub)
        follower.listeners.append(gatherer.take)
        finder = Finder(listing, dockets, placing, world, clock)
        return cls(listing, follower, gatherer, hub, finder, rows)

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the queue up to date until told to stop."""
        async with asyncio.TaskGroup() as running:
            for part in (self.follower, self.gatherer, self.hub):
                running.create_task(part.run(stop))
