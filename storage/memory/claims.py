"""Who of the staff has a conversation, in memory."""

from collections.abc import Sequence
from datetime import datetime

from desk.ports import HeldConversation
from dialogs.case import Case
from storage.memory.shared import Memory


class MemoryClaims:
    """``ClaimStore`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def find(self, conversation: str) -> HeldConversation | None:
        """See ``ClaimStore``."""
        cases = self._memory.conversations()
        return next((_held(one) for one in cases if one.conversation_id == conversation), None)

    async def lapsed(self, now: datetime, limit: int = 100) -> Sequence[HeldConversation]:
        """See ``ClaimStore``."""
        over = [
            (case.hold.until, case)
            for case in self._memory.conversations()
            if case.hold is not None and case.hold.until <= now
        ]
        return [_held(case) for _, case in sorted(over, key=lambda one: one[0])[:limit]]

    async def clear(self, conversation: str, epoch: int, now: datetime) -> int:
        """See ``ClaimStore``."""
        return self._memory.clear(conversation, epoch, now)


def _held(case: Case) -> HeldConversation:
    return HeldConversation(case.conversation_id, case.identity, case.epoch, case.hold)
