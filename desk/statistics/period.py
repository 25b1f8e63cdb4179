"""A stretch of time to look back on, in whole days of China."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from dialogs.world import SHANGHAI, day_of

LENGTHS: Final = (30, 90, 365)
"""Days one may look back."""

_USUAL: Final = 90


@dataclass(frozen=True, slots=True)
class Period:
    """From ``since`` to ``until``, which does not belong to it."""

    since: datetime
    until: datetime

    @property
    def days(self) -> int:
        """How many days it has."""
        return round((self.until - self.since) / timedelta(days=1))


def last_days(days: int | None, now: datetime) -> Period:
    """The last so many days, today included; a length nobody offers becomes the usual one."""
    length = days if days in LENGTHS else _USUAL
    tomorrow = day_of(now) + timedelta(days=1)
    return Period(_midnight(tomorrow - timedelta(days=length)), _midnight(tomorrow))


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def weeks_in(period: Period) -> tuple[date, ...]:
    """The Mondays of the weeks that a period touches, in order."""
    monday = monday_of(day_of(period.since))
    weeks = []
    while _midnight(monday) < period.until:
        weeks.append(monday)
        monday += timedelta(days=7)
    return tuple(weeks)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
