"""Erasures that people asked for, in memory."""

from collections.abc import Sequence
from datetime import datetime

from dialogs.message import Identity
from filing.event import EventType
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

    async def idle(self, until: datetime, limit: int) -> Sequence[Identity]:
        """See ``WantedErasures``: here the last sign of life is when the applicant last wrote."""
        silent = [
            (case.attention.seen_at, case.identity)
            for case in self._memory.conversations()
            if case.erasing is None
            and case.attention.seen_at is not None
            and case.attention.seen_at <= until
            and not any(
                event.type is not EventType.WITHDRAWN
                for filing in case.filings.values()
                for event in filing.events
            )
        ]
        return [one for _, one in sorted(silent, key=lambda one: one[0])[:limit]]
