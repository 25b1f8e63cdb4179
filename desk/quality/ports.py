"""Reviews of conversations, and the store that keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from desk.quality.sampling import Reason
from desk.statistics.period import Period


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer found in a conversation of a week.

    ``scores`` are points by item, those that do not apply left out. ``comment`` may quote the
    conversation: it is sealed with it, erased with it, and stays out of ``repr``.
    """

    conversation: str
    week: date  # its Monday
    reviewer: str  # id of an agent
    at: datetime
    scores: Mapping[str, int]
    comment: str = field(default="", repr=False)
    agent: str | None = None  # who had helped; None: the assistant alone

    @property
    def points(self) -> int:
        """All points together."""
        return sum(self.scores.values())


class Reviews(Protocol):
    """Where reviews are kept, and what they are drawn from."""

    async def talked(self, period: Period) -> Sequence[str]:
        """Conversations in which an applicant wrote in the period."""
        ...

    async def flagged(self, period: Period) -> Mapping[str, frozenset[Reason]]:
        """Conversations with warning signs in the period, with those signs."""
        ...

    async def put(self, review: Review) -> bool:
        """Keep a review; an earlier one of the same conversation and week gives way.

        False if the conversation is gone.
        """
        ...

    async def find(self, conversation: str, week: date) -> Review | None:
        """The review of a conversation in a week, or None."""
        ...

    async def since(self, week: date, *, agent: str | None = None) -> Sequence[Review]:
        """Reviews of that week and later ones, newest first; with ``agent`` only of their help."""
        ...
