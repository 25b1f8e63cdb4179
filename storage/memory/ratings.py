"""How applicants rate the help of people, in memory."""

from collections.abc import Sequence
from datetime import datetime

from desk.ratings import Rating
from storage.memory.shared import Memory


class MemoryRatings:
    """``Ratings`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def since(self, start: datetime, limit: int = 200) -> Sequence[Rating]:
        """See ``Ratings``."""
        found = [
            Rating(
                one.conversation,
                one.agent,
                one.closed_at or one.waiting_since,
                one.rating,
                self._memory.comments.get((one.conversation, one.waiting_since), ""),
            )
            for one in self._memory.helps
        ]
        told = [one for one in found if one.at >= start and (one.rating or one.comment)]
        return sorted(told, key=lambda one: one.at, reverse=True)[:limit]
