"""Months, working days and the areas of mobile numbers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filing.mobile_areas import province_of_mobile
from filing.months import months_after
from filing.provinces import PROVINCES
from filing.workdays import is_published, is_working_day, working_days_after


@pytest.mark.parametrize(
    "day, months, after",
    [
        (date(2026, 11, 23), 3, date(2027, 2, 23)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 1, 31), 0, date(2026, 1, 31)),
        (date(9999, 12, 1), 1, date.max),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after


def test_a_holiday_on_a_weekday_is_free_and_a_make_up_saturday_is_not() -> None:
    assert not is_working_day(date(2026, 10, 1))  # 国庆节, a Thursday
    assert is_working_day(date(2026, 10, 10))  # made up for, a Saturday
    assert not is_working_day(date(2026, 11, 22))


def test_a_year_nobody_has_published_goes_by_weekdays() -> None:
    assert is_published(2026)
    assert not is_published(2090)
    assert is_working_day(date(2090, 1, 2))  # a Monday
    assert not is_working_day(date(2090, 1, 1))


def test_the_first_day_does_not_count() -> None:
    assert working_days_after(date(2026, 11, 23), 0) == date(2026, 11, 23)
    assert working_days_after(date(2026, 11, 23), 3) == date(2026, 11, 26)
    assert working_days_after(date(2026, 9, 30), 3) == date(2026, 10, 10)


@given(st.dates(date(2005, 1, 1), date(2040, 12, 31)), st.integers(1, 40))
def test_working_days_end_on_a_working_day(day: date, count: int) -> None:
    end = working_days_after(day, count)
    assert is_working_day(end)
    assert (end - day).days >= count * 5 // 7


@pytest.mark.parametrize(
    "mobile, province",
    [
        ("13801000000", "北京"),
        ("13913900000", "江苏"),
        ("13973100001", "湖南"),
        ("18551000000", "江苏"),
        ("12000000000", None),
    ],
)
def test_a_number_is_known_by_the_range_it_was_given_out_in(
    mobile: str, province: str | None
) -> None:
    assert province_of_mobile(mobile) == province


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_any_mobile_number_has_one_province_or_none(mobile: str) -> None:
    assert province_of_mobile(mobile) in {None, *(province.name for province in PROVINCES)}
