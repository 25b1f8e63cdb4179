"""Small dockets for the tests of the desk, with made-up people."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from desk.docket import Docket, Holder, Running
from desk.dockets import Kept
from desk.limits import Limits
from desk.placing import Placing
from desk.terms import Terms
from storage.memory.listing import MemoryListing, PlacedDocket

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # a Tuesday, ten in the morning in China
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LIMITS = Limits(
    risk=3 * DAY, urgent=6 * HOUR, overdue=14 * DAY, failures=3, silent=3 * DAY, given_up=30 * DAY
)
_numbers = count(1)


class HalfAnHour:
    """A service target of half an hour, day and night."""

    def first_answer_due(self, asked_at: datetime) -> datetime:
        """Half an hour later."""
        return asked_at + timedelta(minutes=30)


def listing_of(
    dockets: Callable[[], Iterable[Docket]], now: datetime = NOW, limits: Limits = LIMITS
) -> MemoryListing:
    """A listing of just these, as they stand at a moment."""
    placing = Placing.by(HalfAnHour(), limits)
    return MemoryListing(
        lambda: {
            one.conversation: PlacedDocket.by(Kept(one, Terms()), placing, now) for one in dockets()
        }
    )


def docket(**fields: Any) -> Docket:
    """A docket with what is given."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "filing": f"f{number}",
        "stage": "draft",
        "asking": "domain",
        "moved_at": NOW,
    }
    return Docket(f"c{number}", 1, NOW, "web", "zh-CN", **(given | fields))


def sms(left: timedelta) -> Running:
    """An SMS window with so much time left."""
    return Running("sms_verification", NOW + left, "principal")


def due(left: timedelta, kind: str = "public_security_filing") -> Running:
    """Another deadline with so much time left."""
    return Running(kind, NOW + left)


def held(agent: str = "a1", since: datetime = NOW) -> Holder:
    """A claim."""
    return Holder(agent, "小李", since, since + HOUR)
