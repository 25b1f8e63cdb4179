"""What is counted, and the store that counts it. Nothing here names or describes a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from desk.statistics.period import Period
from filing.event import EventType

FEWEST: Final = 5
"""Groups of fewer filings are not shown: a figure of one or two speaks of somebody."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Filings begun in a period.

    ``filings`` are their ids with the flow of each; ``answered`` counts, by flow and question, how
    many of them have an answer to it.
    """

    filings: Mapping[str, str]
    answered: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class History:
    """One filing's events in order of time."""

    filing: str
    events: tuple[tuple[EventType, datetime], ...]


@dataclass(frozen=True, slots=True)
class Help:
    """One time somebody waited for a person: when it began and how it went on.

    ``agent`` is the id of whoever came first.
    """

    conversation: str
    waiting_since: datetime
    taken_at: datetime | None = None
    agent: str | None = None
    answered_at: datetime | None = None  # the first words of a person
    closed_at: datetime | None = None  # back with the assistant
    rating: int | None = None  # 1 to 5, by who was helped


class Statistics(Protocol):
    """Counts over a period. All adapters pass one contract suite."""

    async def begun(self, period: Period) -> Begun:
        """Filings begun in the period."""
        ...

    async def histories(self, period: Period) -> Sequence[History]:
        """Filings to which something happened in the period, with all that ever did."""
        ...

    async def lags(self, period: Period) -> Sequence[timedelta]:
        """For each reminder delivered in the period: how long after its time."""
        ...

    async def heard(self, period: Period) -> Mapping[datetime, int]:
        """Messages of applicants by the hour in which they came (its start, aware)."""
        ...

    async def routes(self, period: Period) -> Mapping[tuple[date, str], int]:
        """How questions were dealt with, by week (its Monday in China) and route."""
        ...

    async def helps(self, period: Period) -> Sequence[Help]:
        """Everybody who began to wait for a person in the period, oldest first."""
        ...
