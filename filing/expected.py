"""When something is to be expected: a span of working days, as dates."""

from dataclasses import dataclass
from datetime import date

from filing.workdays import is_published, working_days_after


@dataclass(frozen=True, slots=True)
class Expected:
    """The first and the last day on which something usually comes."""

    earliest: date
    latest: date
    is_estimate: bool  # the calendar of a year it reaches into is not published yet


def expected(since: date, low: int, high: int) -> Expected:
    """From the ``low``-th to the ``high``-th working day after ``since``, which does not count."""
    latest = working_days_after(since, high)
    published = all(is_published(year) for year in range(since.year, latest.year + 1))
    return Expected(working_days_after(since, low), latest, not published)
