"""What the figures find, and what they do not show."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from xml.etree import ElementTree as ET

import pytest

from bot.settings import Settings
from bot.world import load_world
from desk.statistics.durations import (
    PASSAGES,
    allowed_in,
    duration_figure,
    times_of,
    working_days_between,
)
from desk.statistics.figure import Figure, Say, Table, quantile
from desk.statistics.funnel import Draft, funnel_figure, step_counts
from desk.statistics.lags import first_answer_figure, lag_figure, span
from desk.statistics.load import load_figure
from desk.statistics.period import last_days, weeks_in
from desk.statistics.ports import Begun, Help, History
from desk.statistics.ratings import rating_figure
from desk.statistics.routes import route_figure
from dialogs.world import SHANGHAI, World
from filing.event import EventType
from tests.desk.demo_numbers import DemoNumbers
from tests.desk.saying import speaker

NOW = datetime(2026, 11, 26, 10, tzinfo=SHANGHAI)
PERIOD = last_days(90, NOW)
BUREAU, FIRST_REVIEW, _, SMS, WHOLE = PASSAGES
E = EventType


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(Settings(_env_file=None))


@pytest.fixture(scope="module")
def demo(world: World) -> DemoNumbers:
    return DemoNumbers(world.flows["first_filing"], world.provider.service_hours)


@pytest.fixture(params=["zh-CN", "en"])
def say(request: pytest.FixtureRequest) -> Say:
    return speaker(request.param)


async def all_figures(demo: DemoNumbers, world: World, say: Say) -> list[Figure]:
    flow, hours = demo.flow, demo.hours
    labels = {one.key: one.key for one in flow.steps}
    counts = step_counts(
        await demo.begun(PERIOD), flow.name, demo.drafts(NOW), NOW - timedelta(days=3)
    )
    provinces = demo.provinces()
    allowed = allowed_in(BUREAU, set(provinces.values()), NOW.date(), world)
    histories = await demo.histories(PERIOD)
    return [
        funnel_figure(counts, flow, labels, {}, say),
        duration_figure(BUREAU, histories, provinces, PERIOD, allowed, say),
        lag_figure(await demo.lags(PERIOD), say),
        first_answer_figure(await demo.helps(PERIOD), hours, say),
        load_figure(await demo.heard(PERIOD), PERIOD, hours, say),
        route_figure(await demo.routes(PERIOD), PERIOD, say),
        rating_figure(await demo.helps(PERIOD), say),
    ]


async def test_every_figure_has_a_finding_two_drawings_and_its_numbers(
    demo: DemoNumbers, world: World, say: Say
) -> None:
    for figure in await all_figures(demo, world, say):
        assert figure.finding
        assert "{" not in figure.finding
        assert figure.wide
        assert figure.narrow
        assert ET.fromstring(figure.wide).get("width") != ET.fromstring(figure.narrow).get("width")
        assert figure.table.rows
        assert {len(row) for row in figure.table.rows} == {len(figure.table.headings)}


async def test_too_little_is_not_drawn_at_all(demo: DemoNumbers, say: Say) -> None:
    figures = [
        funnel_figure([], demo.flow, {}, {}, say),
        duration_figure(BUREAU, [], {}, PERIOD, {}, say),
        lag_figure([timedelta(seconds=1)] * 4, say),
        first_answer_figure([], demo.hours, say),
        load_figure({NOW: 4}, PERIOD, demo.hours, say),
        route_figure({(date(2026, 11, 23), "answer"): 4}, PERIOD, say),
        rating_figure([Help("c", NOW, rating=5)] * 4, say),
    ]
    assert all(figure.wide is None and figure.table.rows == () for figure in figures)


async def test_a_province_with_few_filings_is_nowhere_to_be_seen(
    demo: DemoNumbers, say: Say
) -> None:
    histories, provinces = await demo.histories(PERIOD), demo.provinces()
    figure = duration_figure(BUREAU, histories, provinces, PERIOD, {}, say)
    assert "西藏" in provinces.values()
    shown = f"{figure.wide}{figure.narrow}{figure.finding}{figure.table}"
    assert "内蒙古" in shown
    assert "西藏" not in shown
    assert sum(int(row[1] or 0) for row in figure.table.rows) < len(histories)


def test_a_draft_at_rest_is_lost_at_its_question_and_one_in_motion_is_not() -> None:
    begun = Begun(
        {"f1": "first_filing", "f2": "first_filing", "f3": "other"},
        {("first_filing", "domain"): 7, ("other", "domain"): 9},
    )
    days_ago = [NOW - timedelta(days=days) for days in range(6)]
    drafts = [
        Draft("f1", "phone", days_ago[4]),
        Draft("f2", "phone", days_ago[2]),
        Draft("f3", "phone", days_ago[4]),  # of another flow
        Draft("f4", "phone", days_ago[4]),  # begun before the period
    ]
    found = {one.step: one for one in step_counts(begun, "first_filing", drafts, days_ago[3])}
    assert (found["phone"].answered, found["phone"].lost, found["phone"].there) == (0, 1, 1)
    assert (found["domain"].answered, found["domain"].lost, found["domain"].there) == (7, 0, 0)


def history(*events: tuple[EventType, str]) -> History:
    return History("f1", tuple((kind, _at(text)) for kind, text in events))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def test_a_passage_runs_from_the_last_person_verified_and_skips_the_weekend() -> None:
    filed = history(
        (E.SMS_VERIFIED, "11-12 10:00"),
        (E.SMS_VERIFIED, "11-13 18:00"),  # a Friday
        (E.BUREAU_APPROVED, "11-17 09:00"),
    )
    assert list(times_of(BUREAU, filed, PERIOD)) == [2]


def test_a_return_ends_what_ran_but_not_the_whole_way() -> None:
    filed = history(
        (E.SUBMITTED_FOR_FIRST_REVIEW, "11-02 10:00"),
        (E.RETURNED, "11-03 10:00"),
        (E.SUBMITTED_FOR_FIRST_REVIEW, "11-09 10:00"),
        (E.FIRST_REVIEW_PASSED, "11-10 10:00"),
        (E.SMS_RECEIVED, "11-11 10:00"),
        (E.SMS_VERIFIED, "11-11 13:30"),
        (E.BUREAU_APPROVED, "11-16 10:00"),
    )
    assert list(times_of(FIRST_REVIEW, filed, PERIOD)) == [1]
    assert list(times_of(SMS, filed, PERIOD)) == [3.5]
    assert list(times_of(WHOLE, filed, PERIOD)) == [10]


def test_what_ended_outside_the_period_is_not_counted() -> None:
    filed = history((E.SMS_RECEIVED, "06-01 10:00"), (E.SMS_VERIFIED, "06-01 11:00"))
    assert list(times_of(SMS, filed, PERIOD)) == []


def test_holidays_and_make_up_days_count_as_the_state_council_says() -> None:
    assert working_days_between(date(2026, 9, 30), date(2026, 10, 10)) == 3  # 8, 9, make-up 10
    assert working_days_between(date(2026, 11, 26), date(2026, 11, 26)) == 0


def test_what_is_allowed_comes_from_rules_and_profile(world: World) -> None:
    on = NOW.date()
    assert allowed_in(BUREAU, ["江苏"], on, world)["江苏"] == (1, 20)
    assert allowed_in(SMS, ["江苏"], on, world)["江苏"] == (0, 24)
    assert allowed_in(FIRST_REVIEW, ["江苏"], on, world)["江苏"] == (1, 2)
    assert allowed_in(WHOLE, ["江苏"], on, world) == {}


def test_waiting_outside_service_hours_does_not_count(demo: DemoNumbers, say: Say) -> None:
    night = datetime(2026, 11, 25, 23, tzinfo=SHANGHAI)
    opens = demo.hours.next_opening(night)
    helps = [Help("c", night, answered_at=opens + timedelta(minutes=2))] * 5
    figure = first_answer_figure(helps, demo.hours, say)
    assert span(timedelta(minutes=2), say) in figure.finding
    assert "100%" in figure.finding


def test_a_period_is_whole_days_of_china_and_touches_whole_weeks() -> None:
    period = last_days(30, NOW)
    assert period.since.astimezone(SHANGHAI) == datetime(2026, 10, 28, tzinfo=SHANGHAI)
    assert period.until.astimezone(SHANGHAI) == datetime(2026, 11, 27, tzinfo=SHANGHAI)
    assert period.days == 30
    assert last_days(31, NOW) == last_days(None, NOW) == last_days(90, NOW)
    assert [f"{day:%m-%d}" for day in weeks_in(period)] == [
        "10-26", "11-02", "11-09", "11-16", "11-23",
    ]  # fmt: skip


def test_a_table_opens_in_a_spreadsheet_and_runs_nothing_there() -> None:
    table = Table(("名称", "n"), (("=HYPERLINK(1)", 1), ("@x", -2), ("好", None)))
    data = table.csv()
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(StringIO(data.decode("utf-8-sig"))))
    assert read == [["名称", "n"], ["'=HYPERLINK(1)", "1"], ["'@x", "-2"], ["好", ""]]


@pytest.mark.parametrize("share, found", [(0.0, 1), (0.5, 3), (0.9, 4), (1.0, 4)])
def test_a_quantile_is_one_of_the_values(share: float, found: float) -> None:
    assert quantile([1, 2, 3, 4], share) == found


@pytest.mark.parametrize(
    "length, text",
    [
        (timedelta(seconds=7.25), "7.2 秒"),
        (timedelta(minutes=90), "1.5 小时"),
        (timedelta(hours=30), "30 小时"),
        (timedelta(days=3), "3 天"),
    ],
)
def test_a_length_of_time_is_told_in_a_unit_one_can_picture(length: timedelta, text: str) -> None:
    assert span(length, speaker("zh-CN")) == text


def test_the_demonstration_is_the_same_every_time(world: World) -> None:
    flow, hours = world.flows["first_filing"], world.provider.service_hours
    one, other = DemoNumbers(flow, hours), DemoNumbers(flow, hours)
    assert one.drafts(NOW) == other.drafts(NOW)
    assert NOW.astimezone(UTC) > PERIOD.since
