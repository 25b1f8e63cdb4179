"""Who waits for a person, in memory."""

from collections.abc import Sequence
from datetime import datetime

from desk.waiting import Waiter
from storage.memory.shared import Memory


class MemoryWaitingLine:
    """``Waiters`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def ahead(self, since: datetime) -> int:
        """See ``WaitingLine``."""
        return sum(one.since < since for one in await self.waiting(len(self._memory.cases)))

    async def waiting(self, limit: int = 500) -> Sequence[Waiter]:
        """See ``Waiters``."""
        found = [
            Waiter(case.conversation_id, case.active, case.attention.waiting_since)
            for case in self._memory.conversations()
            if case.attention.waiting_since is not None
        ]
        return sorted(found, key=lambda one: (one.since, one.conversation))[:limit]
