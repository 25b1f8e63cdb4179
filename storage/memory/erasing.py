"""Erasures that people asked for, in memory."""

from collections.abc import Sequence
from datetime import datetime

from scheduler.ports import DueErasure
from storage.memory.shared import Memory


class MemoryErasing:
    """``WantedErasures`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def due(self, now: datetime) -> Sequence[DueErasure]:
        """See ``WantedErasures``."""
        found = [
            DueErasure(
                case.identity,
                case.applicant_id,
                case.erasing.due_at,
                case.erasing.told_at,
                any(
                    one.conversation == case.conversation_id and one.outgoing.reply is not None
                    for one in self._memory.waiting.values()
                ),
            )
            for case in self._memory.conversations()
            if case.erasing is not None and case.erasing.due_at <= now
        ]
        return sorted(found, key=lambda one: one.due_at)
