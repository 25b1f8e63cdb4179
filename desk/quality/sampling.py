"""Which conversations of a week are read again: some by lot, and all with a warning sign.

The lot is drawn by a hash over the week and the conversation's random id: anybody can draw it
again and finds the same, and nobody can steer it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

DRAWN: Final = 10
"""Conversations a week that are drawn by lot."""


class Reason(StrEnum):
    """Why a conversation is read."""

    LOT = "lot"
    LOW_RATING = "low_rating"  # the help of a person was rated 1 or 2
    UNANSWERED = "unanswered"  # the assistant did not know an answer, or it did not help
    RETURNED = "returned"  # the filing was sent back


@dataclass(frozen=True, slots=True)
class Sample:
    """A conversation to read, and why."""

    conversation: str
    reasons: tuple[Reason, ...]


def sample(
    week: date,
    talked: Iterable[str],
    flagged: Mapping[str, Iterable[Reason]],
    drawn: int = DRAWN,
) -> tuple[Sample, ...]:
    """The conversations of a week (its Monday) to read, those with most reasons first.

    ``talked`` are all in which somebody wrote, ``flagged`` those with warning signs.
    """
    lot = set(sorted(set(talked), key=lambda one: _place(week, one))[:drawn])
    found = [
        Sample(
            one,
            tuple(
                reason
                for reason in Reason
                if reason in flagged.get(one, ()) or (reason is Reason.LOT and one in lot)
            ),
        )
        for one in lot | flagged.keys()
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.reasons), _place(week, one.conversation))))


def _place(week: date, conversation: str) -> str:
    return hashlib.sha256(f"{week.isoformat()}/{conversation}".encode()).hexdigest()
