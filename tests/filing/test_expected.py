"""Spans of working days as dates, make-up days included."""

from datetime import date

from filing.expected import Expected, expected


def test_a_span_counts_working_days_and_not_the_day_itself() -> None:
    friday = date(2026, 11, 20)
    assert expected(friday, 1, 2) == Expected(date(2026, 11, 23), date(2026, 11, 24), False)


def test_national_day_and_its_make_up_days_are_counted_as_published() -> None:
    found = expected(date(2026, 9, 30), 1, 3)
    assert found == Expected(date(2026, 10, 8), date(2026, 10, 10), False)


def test_a_span_into_a_year_without_a_calendar_says_so() -> None:
    assert expected(date(2031, 3, 3), 1, 2).is_estimate
