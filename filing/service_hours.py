"""服务时间: when people answer at a provider, and how much of that time lies between two moments.

A day has any number of spans (split shifts, a lunch break). A span that runs past midnight belongs
to the day on which it begins. Which spans a day has is looked up in this order: the date itself,
a public holiday, a make-up day (调休), the weekday. Where the State Council has not yet published
a year, days go by their weekday and answers that reach into it are estimates.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from filing.workdays import is_make_up_day, is_public_holiday, is_published

_DAY: Final = 24 * 60
_ONE_DAY: Final = timedelta(days=1)
_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~～]\s*(\d{1,2}):(\d{2})")
_LONG: Final = timedelta(days=7)  # an opening this long is told in pieces, as it may never end
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A time people are there, in minutes after midnight of its day; the end does not count.

    ``closes`` is past 1440 where the span runs into the next day. Raises ValueError for a span
    that is empty, begins on another day or is longer than a day.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not (0 <= self.opens < _DAY and self.opens < self.closes <= self.opens + _DAY):
            raise ValueError(f"no span of a day: minute {self.opens} to {self.closes}")

    @classmethod
    def parse(cls, text: str) -> "Span":
        """A span as "09:00-12:00"; "20:00-02:00" runs past midnight, "00:00-24:00" is all day.

        Raises ValueError saying what is wrong with it.
        """
        found = _SPAN.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is not a span such as '09:00-12:00'")
        opens_hour, opens_minute, closes_hour, closes_minute = map(int, found.groups())
        opens, closes = opens_hour * 60 + opens_minute, closes_hour * 60 + closes_minute
        if opens >= _DAY or closes > _DAY or max(opens_minute, closes_minute) > 59:
            raise ValueError(f"{text!r} names a time that no day has")
        if opens == closes:
            raise ValueError(f"{text!r} begins and ends at once; all day is '00:00-24:00'")
        return cls(opens, closes if closes > opens else closes + _DAY)

    def __str__(self) -> str:
        closes = self.closes - _DAY if self.closes > _DAY else self.closes
        return f"{_clock(self.opens)}-{_clock(closes)}"


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """When people answer. ``week`` has the spans of each weekday, Monday first.

    All moments are aware. Raises ValueError for a week in which nobody is ever there.
    """

    week: tuple[Spans, Spans, Spans, Spans, Spans, Spans, Spans]
    holidays: Spans = ()  # on public holidays
    make_up_days: Spans = ()  # on Saturdays and Sundays worked instead of a holiday
    dates: Mapping[date, Spans] = field(default_factory=dict)  # days that are unlike their kind
    zone: tzinfo = SHANGHAI
    first_answer: timedelta = timedelta(minutes=30)  # of business time; the service target
    outside: Mapping[str, str] = field(default_factory=dict)  # by locale: what else helps then

    def __post_init__(self) -> None:
        if not any(self.week):
            raise ValueError("nobody is ever there: no weekday has a span")

    def spans_on(self, day: date) -> Spans:
        """The spans that begin on a day, in order."""
        if day in self.dates:
            return self.dates[day]
        if is_public_holiday(day):
            return self.holidays
        if is_make_up_day(day):
            return self.make_up_days
        return self.week[day.weekday()]

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there at a moment."""
        return self.next_opening(at) == at

    def next_opening(self, at: datetime) -> datetime:
        """The first moment from ``at`` on at which somebody is there: ``at`` itself if open."""
        opens, _ = next(self._open_from(at))
        return opens

    def closing(self, at: datetime) -> datetime | None:
        """When those there at ``at`` go; None while closed, and if somebody stays for a week."""
        opens, closes = next(self._open_from(at))
        return closes if opens == at and closes - opens < _LONG else None

    def open_between(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time from ``start`` to ``end`` is service time; nothing if it is past."""
        total = timedelta()
        for opens, closes in self._open_from(start):
            if opens >= end:
                break
            total += min(closes, end) - opens
        return total

    def due(self, start: datetime, business_time: timedelta) -> datetime:
        """The first moment by which that much service time has gone by since ``start``."""
        if business_time <= timedelta():
            return start
        left = business_time
        for opens, closes in self._open_from(start):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        raise AssertionError("a week with spans never runs out of them")

    def first_answer_due(self, asked_at: datetime) -> datetime:
        """Until when somebody who asks for a person should have a first answer."""
        return self.due(asked_at, self.first_answer)

    def is_estimated(self, start: datetime, end: datetime) -> bool:
        """Whether the time between reaches into a year whose holidays are not published."""
        first, last = start.astimezone(self.zone).year, end.astimezone(self.zone).year
        return not all(is_published(year) for year in range(first, last + 1))

    def weekly(self) -> tuple[tuple[int, int, Spans], ...]:
        """The ordinary week in short: first and last weekday (Monday is 0) of equal days."""
        runs = groupby(range(7), key=lambda weekday: self.week[weekday])
        days = ((spans, list(run)) for spans, run in runs if spans)
        return tuple((run[0], run[-1], spans) for spans, run in days)

    def _open_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The times somebody is there from ``at`` on, in order, none empty; without end."""
        if at.tzinfo is None:
            raise ValueError("service hours need an aware moment")
        opens = closes = at
        day = at.astimezone(self.zone).date() - _ONE_DAY  # its last span may run into today
        while True:
            for span in self.spans_on(day):
                begins, ends = self._moment(day, span.opens), self._moment(day, span.closes)
                if begins <= closes:  # joins what is open already, or has begun before ``at``
                    closes = max(closes, ends)
                    continue
                if closes > opens:
                    yield opens, closes
                opens, closes = begins, ends
            day += _ONE_DAY
            if closes > opens and (closes < self._moment(day, 0) or closes - opens >= _LONG):
                yield opens, closes
                opens = closes

    def _moment(self, day: date, minute: int) -> datetime:
        midnight = datetime.combine(day, time(), self.zone)
        return (midnight + timedelta(minutes=minute)).astimezone(UTC)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
