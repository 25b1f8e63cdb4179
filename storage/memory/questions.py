"""Questions kept by turns, in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from dialogs.message import Identity
from dialogs.ports import StoredQuestion
from storage.memory.shared import Memory


class MemoryQuestions:
    """``Questions`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def unanswered(self, since: datetime | None = None) -> Sequence[StoredQuestion]:
        """See ``Questions``."""
        return [
            one
            for one in self._memory.questions
            if one.number not in self._memory.answered_late
            and one.question.helped is not True
            and (since is None or one.at >= since)
        ]

    async def votes(self) -> Mapping[str, tuple[int, int]]:
        """See ``Questions``."""
        people: dict[str, tuple[set[Identity], set[Identity]]] = {}
        for one in self._memory.questions:
            article, helped = one.question.article, one.question.helped
            if article is not None and helped is not None:
                people.setdefault(article, (set(), set()))[not helped].add(one.identity)
        return {article: (len(good), len(bad)) for article, (good, bad) in people.items()}
