"""Service time: lunch breaks, nights, holidays and make-up days, and sums that add up."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filing.service_hours import ServiceHours, Span, Spans

CHINA = ZoneInfo("Asia/Shanghai")


def spans(*texts: str) -> Spans:
    return tuple(map(Span.parse, texts))


OFFICE = spans("09:00-12:00", "13:00-18:00")
CLOSED: Spans = ()
HOURS = ServiceHours(
    week=(OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, CLOSED, CLOSED),
    make_up_days=spans("10:00-16:00"),
    dates={date(2026, 12, 31): spans("09:00-12:00"), date(2026, 12, 26): OFFICE},
)
NIGHTS = ServiceHours(
    week=(spans("20:00-02:00"), spans("01:00-05:00", "22:00-24:00"), *(CLOSED,) * 5)
)
ALL_DAY = spans("00:00-24:00")
ALWAYS = ServiceHours(week=(ALL_DAY,) * 7, holidays=ALL_DAY, make_up_days=ALL_DAY)


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    "at, open_",
    [
        ("2026-11-25T08:59", False),
        ("2026-11-25T09:00", True),
        ("2026-11-25T12:00", False),  # lunch
        ("2026-11-25T13:00", True),
        ("2026-11-25T18:00", False),
        ("2026-11-28T10:00", False),  # a Saturday
        ("2026-10-01T10:00", False),  # 国庆节, a Thursday
        ("2026-10-10T10:00", True),  # a Saturday made up for
        ("2026-10-10T09:30", False),
        ("2026-12-31T13:30", False),  # closed early that day
        ("2026-12-26T13:30", True),  # a Saturday on which the team is there
    ],
)
def test_people_are_there_by_weekday_holiday_make_up_day_and_date(at: str, open_: bool) -> None:
    assert HOURS.is_open(china(at)) is open_


@pytest.mark.parametrize(
    "at, opening",
    [
        ("2026-11-25T12:30", "2026-11-25T13:00"),
        ("2026-11-25T18:00", "2026-11-26T09:00"),
        ("2026-11-27T20:00", "2026-11-30T09:00"),
        ("2026-09-30T18:30", "2026-10-08T09:00"),  # past the golden week
        ("2026-11-25T10:15", "2026-11-25T10:15"),
    ],
)
def test_people_are_back_at_the_next_opening(at: str, opening: str) -> None:
    assert HOURS.next_opening(china(at)) == china(opening)


def test_a_target_pauses_at_lunch_overnight_and_over_holidays() -> None:
    hour = timedelta(hours=1)
    assert HOURS.due(china("2026-11-25T11:30"), hour) == china("2026-11-25T13:30")
    assert HOURS.due(china("2026-11-27T17:30"), hour) == china("2026-11-30T09:30")
    assert HOURS.due(china("2026-09-30T17:30"), hour) == china("2026-10-08T09:30")
    assert HOURS.first_answer_due(china("2026-11-25T20:00")) == china("2026-11-26T09:30")
    assert HOURS.due(china("2026-11-25T20:00"), timedelta()) == china("2026-11-25T20:00")


def test_a_span_past_midnight_belongs_to_the_day_it_begins_on_and_joins_the_next() -> None:
    assert NIGHTS.is_open(china("2026-11-24T01:30"))  # Monday's, and Tuesday's early one
    assert NIGHTS.closing(china("2026-11-23T23:00")) == china("2026-11-24T05:00")
    assert NIGHTS.closing(china("2026-11-24T23:00")) == china("2026-11-25T00:00")
    assert NIGHTS.closing(china("2026-11-24T12:00")) is None
    week = NIGHTS.open_between(china("2026-11-23T00:00"), china("2026-11-30T00:00"))
    assert week == timedelta(hours=4 + 5 + 2)


def test_round_the_clock_is_never_closed() -> None:
    start = china("2026-09-28T07:00")
    assert ALWAYS.open_between(start, start + timedelta(days=14)) == timedelta(days=14)
    assert ALWAYS.due(start, timedelta(days=20)) == start + timedelta(days=20)
    assert ALWAYS.closing(start) is None


def test_a_year_without_a_calendar_goes_by_weekdays_and_says_so() -> None:
    assert HOURS.is_open(china("2090-10-02T10:00"))  # a Monday, whatever will be decided
    assert HOURS.is_estimated(china("2026-12-31T10:00"), china("2090-01-02T10:00"))
    assert not HOURS.is_estimated(china("2026-11-25T10:00"), china("2026-12-31T10:00"))


def test_the_week_is_told_by_its_runs_of_equal_days() -> None:
    assert HOURS.weekly() == ((0, 4, OFFICE),)
    assert [str(span) for span in spans("20:00-02:00", "00:00-24:00")] == [
        "20:00-02:00",
        "00:00-24:00",
    ]


@pytest.mark.parametrize("text", ["9-12", "09:00-09:00", "25:00-26:00", "09:60-10:00", "", "早上"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Span.parse(text)


def test_a_week_without_anybody_and_a_moment_without_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="nobody is ever there"):
        ServiceHours(week=(CLOSED,) * 7)
    with pytest.raises(ValueError, match="aware"):
        HOURS.is_open(china("2026-11-25T09:00").replace(tzinfo=None))


MOMENTS = st.integers(0, 60 * 24 * 21).map(
    lambda minute: china("2026-09-25T00:00") + timedelta(minutes=minute)
)
KINDS = st.sampled_from([HOURS, NIGHTS, ALWAYS])


@given(KINDS, MOMENTS, MOMENTS, MOMENTS)
@settings(deadline=None)
def test_service_time_adds_up(
    hours: ServiceHours, one: datetime, two: datetime, three: datetime
) -> None:
    start, middle, end = sorted((one, two, three))
    whole = hours.open_between(start, end)
    assert whole == hours.open_between(start, middle) + hours.open_between(middle, end)
    assert timedelta() <= whole <= end - start
    assert hours.open_between(end, start) == timedelta()


@given(KINDS, MOMENTS, st.integers(1, 60 * 40))
@settings(deadline=None)
def test_exactly_the_time_given_has_gone_by_when_it_is_due(
    hours: ServiceHours, start: datetime, minutes: int
) -> None:
    wanted = timedelta(minutes=minutes)
    due = hours.due(start, wanted)
    assert hours.open_between(start, due) == wanted
    assert hours.open_between(start, due - timedelta(seconds=1)) < wanted


@given(KINDS, MOMENTS)
@settings(deadline=None)
def test_nobody_is_there_before_the_next_opening_and_somebody_at_it(
    hours: ServiceHours, at: datetime
) -> None:
    opening = hours.next_opening(at)
    assert hours.is_open(opening)
    assert hours.open_between(at, opening) == timedelta()
    assert (opening == at) is hours.is_open(at)
    if hours is not ALWAYS:
        assert (hours.closing(at) is not None) is hours.is_open(at)


@given(MOMENTS)
@settings(deadline=None)
def test_the_zone_a_moment_is_told_in_does_not_matter(at: datetime) -> None:
    elsewhere = at.astimezone(ZoneInfo("America/New_York"))
    assert HOURS.next_opening(elsewhere) == HOURS.next_opening(at)
    assert HOURS.is_open(elsewhere) is HOURS.is_open(at)
