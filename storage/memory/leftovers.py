"""What is of no use any more, in memory."""

from datetime import datetime, timedelta

from storage.leftovers import FOR_STAFF
from storage.memory.shared import Memory
from storage.memory.staff import StaffMemory


class MemoryLeftovers:
    """``Leftovers`` in memory."""

    def __init__(self, memory: Memory, staff: StaffMemory) -> None:
        self._memory = memory
        self._staff = staff

    async def clear(self, now: datetime) -> int:
        """See ``Leftovers``."""
        memory, before = self._memory, self._count()
        yesterday, long_ago = now - timedelta(days=1), now - FOR_STAFF
        memory.forms = {k: v for k, v in memory.forms.items() if v.expires_at >= yesterday}
        memory.links = {k: v for k, v in memory.links.items() if v.expires_at >= yesterday}
        memory.presence = {k: v for k, v in memory.presence.items() if v[0] >= yesterday}
        memory.letters = [one for one in memory.letters if one.at >= long_ago]
        memory.drafts = {k: v for k, v in memory.drafts.items() if v.at >= long_ago}
        self._staff.attempts[:] = [one for one in self._staff.attempts if one[1] >= yesterday]
        return before - self._count()

    def _count(self) -> int:
        memory = self._memory
        return (
            len(memory.forms)
            + len(memory.links)
            + len(memory.presence)
            + len(memory.letters)
            + len(memory.drafts)
            + len(self._staff.attempts)
        )
