"""The queue as one part of the program: followed, gathered, watched and searched."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from desk.board import Board
from desk.dockets import Dockets
from desk.following import Follower
from desk.gathering import Gatherer
from desk.limits import Limits
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

    board: Board
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
        world: World,
        clock: Callable[[], datetime],
        limits: Limits,
    ) -> "LiveQueue":
        """All of it, put together."""
        board = Board(world.provider.service_hours, limits)
        follower = Follower(cases, dockets, world, clock)
        rows = Rows(load_texts(), world)
        hub = Hub(board, rows, clock, lambda: follower.lag)
        gatherer = Gatherer(board, dockets, clock, hub.wake)
        follower.listeners.append(gatherer.take)
        return cls(board, follower, gatherer, hub, Finder(board, dockets, world, clock), rows)

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the queue up to date until told to stop."""
        async with asyncio.TaskGroup() as running:
            for part in (self.follower, self.gatherer, self.hub):
                running.create_task(part.run(stop))
