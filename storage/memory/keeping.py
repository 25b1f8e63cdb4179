"""Whose answers may be due to be blanked, in memory."""

from collections.abc import Callable, Sequence
from datetime import datetime

from dialogs.case import FilingRecord
from dialogs.message import Identity
from dialogs.ports import Entry
from storage.memory.shared import Memory


class MemoryKeptAnswers:
    """``KeptAnswers`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def holders(self, until: datetime) -> Sequence[Identity]:
        """See ``KeptAnswers``."""
        return [
            case.identity
            for case in self._memory.conversations()
            if any(one.created_at <= until and _is_open(one) for one in case.filings.values())
        ]

    async def rewrite(self, whose: Identity, reworded: Callable[[Entry], Entry]) -> int:
        """See ``KeptAnswers``."""
        lines = self._memory.entries.get(whose, [])
        after = [reworded(one) for one in lines]
        changed = sum(new is not old for new, old in zip(after, lines, strict=True))
        lines[:] = after  # joined channels share the list
        case = self._memory.cases.get(whose)
        if changed and case is not None:
            self._memory.dockets.pop(case.conversation_id, None)
        return changed

    async def scrub(self) -> None:
        """Nothing to do: there are no files."""


def _is_open(filing: FilingRecord) -> bool:
    gone_over = filing.gone_over_at
    return gone_over is None or any(one.at > gone_over for one in filing.answers)
