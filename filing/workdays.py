"""Working days as the State Council publishes them each year, make-up days included."""

from datetime import date, timedelta
from functools import lru_cache

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_DAYS_REMEMBERED = 4096


def is_published(year: int) -> bool:
    """Whether the calendar of a year is known; without it only weekends count as free."""
    return _published(date(year, 1, 1)) is not None


@lru_cache(_DAYS_REMEMBERED)
def is_working_day(day: date) -> bool:
    """Whether offices work on a day; by weekday alone while its year is not published."""
    published = _published(day)
    return day.weekday() < _SATURDAY if published is None else published


def is_public_holiday(day: date) -> bool:
    """法定节假日: whether a day belongs to a holiday that is published; its weekend days too.

    An ordinary weekend is none, nor is any day of a year that is not published.
    """
    import chinese_calendar  # imported on first use, see filing.identifiers.mod11

    try:
        free, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return False
    return bool(free) and name is not None


def is_make_up_day(day: date) -> bool:
    """调休上班: whether a Saturday or Sunday is worked to make up for a holiday."""
    return day.weekday() >= _SATURDAY and is_working_day(day)


def working_days_after(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``, which itself does not count."""
    while count > 0:
        day += _ONE_DAY
        count -= is_working_day(day)
    return day


def _published(day: date) -> bool | None:
    import chinese_calendar  # imported on first use, see filing.identifiers.mod11

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
