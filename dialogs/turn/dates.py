"""Days, moments and spans as the applicant reads them, always in China's time."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from dialogs.turn.draft import Draft
from dialogs.world import SHANGHAI, day_of
from filing.expected import expected

_HOUR = 3600


class Span(NamedTuple):
    """What is said of the time something usually takes."""

    low: int  # working days
    high: int
    earliest: str
    latest: str
    is_past: bool  # the last day is over
    is_estimate: bool


def day_words(draft: Draft, day: date) -> str:
    """``11月26日周四``; with its year where that is another one."""
    return draft.text(
        "message.day",
        year=day.year if day.year != draft.today.year else 0,
        month=day.month,
        day=day.day,
        weekday=day.weekday(),
    )


def moment_words(draft: Draft, at: datetime) -> str:
    """``11月26日周四 14:05``."""
    here = at.astimezone(SHANGHAI)
    return draft.text("message.moment", day=day_words(draft, here.date()), time=f"{here:%H:%M}")


def left_words(draft: Draft, until: datetime) -> str:
    """How long it is until then: ``23 小时 10 分``."""
    left = max(until - draft.now, timedelta(0))
    hours, seconds = divmod(int(left.total_seconds()), _HOUR)
    return draft.text("message.time_left", hours=hours, minutes=seconds // 60)


def span_words(draft: Draft, since: datetime | None, low: int, high: int) -> Span:
    """From so many to so many working days, with their dates."""
    start = day_of(since) if since is not None else draft.today
    when = expected(start, low, high)
    return Span(
        low,
        high,
        day_words(draft, when.earliest),
        day_words(draft, when.latest),
        when.latest < draft.today,
        when.is_estimate,
    )
