"""Reviews of conversations and articles being written, in memory."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from desk.gaps.ports import ArticleDraft, DraftStatus
from desk.quality.ports import Review
from desk.quality.sampling import Reason
from desk.statistics.period import Period
from filing.event import EventType
from storage.memory.shared import Memory
from storage.reviews import LOW


class MemoryReviews:
    """``Reviews`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def talked(self, period: Period) -> Sequence[str]:
        """See ``Reviews``."""
        return [
            case.conversation_id
            for case in self._memory.conversations()
            if any(
                entry.heard is not None and period.since <= entry.at < period.until
                for entry in self._memory.entries.get(case.identity, ())
            )
        ]

    async def flagged(self, period: Period) -> Mapping[str, frozenset[Reason]]:
        """See ``Reviews``."""
        signs: defaultdict[str, set[Reason]] = defaultdict(set)
        for one in self._memory.helps:
            rated_low = one.rating is not None and one.rating <= LOW
            if rated_low and one.closed_at and period.since <= one.closed_at < period.until:
                signs[one.conversation].add(Reason.LOW_RATING)
        for asked in self._memory.questions:
            case = self._memory.cases.get(asked.identity)
            unhelped = asked.question.helped is not True
            if case is not None and unhelped and period.since <= asked.at < period.until:
                signs[case.conversation_id].add(Reason.UNANSWERED)
        for case in self._memory.conversations():
            for filing in case.filings.values():
                if any(
                    event.type is EventType.RETURNED and period.since <= event.at < period.until
                    for event in filing.events
                ):
                    signs[case.conversation_id].add(Reason.RETURNED)
        return {scope: frozenset(found) for scope, found in signs.items()}

    async def put(self, review: Review) -> bool:
        """See ``Reviews``."""
        known = {case.conversation_id for case in self._memory.conversations()}
        if review.conversation not in known:
            return False
        self._memory.reviews[review.conversation, review.week] = review
        return True

    async def find(self, conversation: str, week: date) -> Review | None:
        """See ``Reviews``."""
        return self._memory.reviews.get((conversation, week))

    async def since(self, week: date, *, agent: str | None = None) -> Sequence[Review]:
        """See ``Reviews``."""
        found = [
            one
            for one in self._memory.reviews.values()
            if one.week >= week and agent in (None, one.agent)
        ]
        found.sort(key=lambda one: one.conversation)
        return sorted(found, key=lambda one: (one.week, one.at), reverse=True)


class MemoryArticleDrafts:
    """``ArticleDrafts`` in memory."""

    def __init__(self) -> None:
        self._drafts: dict[str, ArticleDraft] = {}

    async def open(self) -> Sequence[ArticleDraft]:
        """See ``ArticleDrafts``."""
        found = (one for one in self._drafts.values() if one.status.is_open)
        return sorted(found, key=lambda one: (one.changed_at, one.id))

    async def published(self, limit: int = 20) -> Sequence[ArticleDraft]:
        """See ``ArticleDrafts``."""
        found = (one for one in self._drafts.values() if one.status is DraftStatus.PUBLISHED)
        return sorted(found, key=lambda one: one.changed_at, reverse=True)[:limit]

    async def find(self, draft_id: str) -> ArticleDraft | None:
        """See ``ArticleDrafts``."""
        return self._drafts.get(draft_id)

    async def put(self, draft: ArticleDraft) -> bool:
        """See ``ArticleDrafts``."""
        known = self._drafts.get(draft.id)
        if (known.version if known is not None else 0) != draft.version - 1:
            return False
        self._drafts[draft.id] = draft
        return True
