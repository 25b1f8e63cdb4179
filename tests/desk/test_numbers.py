"""The page of figures: who sees it, what it shows, the numbers as files."""

import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest

from bot.clock import SimulatedClock
from desk.parts import Parts
from desk.statistics.numbers import KEPT, KEYS, Numbers
from desk.statistics.period import Period, last_days
from desk.wording import load_texts
from dialogs.world import World
from tests.desk.demo_numbers import DemoNumbers
from tests.desk.dockets import listing_of
from tests.desk.people import Person


@pytest.fixture
def demo(world: World) -> DemoNumbers:
    return DemoNumbers(world.flows["first_filing"], world.provider.service_hours)


@pytest.fixture
def parts(parts: Parts, demo: DemoNumbers, clock: SimulatedClock, world: World) -> Parts:
    """The desk with figures to look at."""
    dockets = demo.dockets(clock())
    return replace(parts, numbers=Numbers(demo, world, clock, listing_of(lambda: dockets)))


async def test_a_supervisor_sees_every_figure_with_its_numbers(supervisor: Person) -> None:
    page = await supervisor.page("/numbers?days=90")
    assert page.status_code == 200
    for key in KEYS:
        assert f'id="{key}"' in page.text
        assert f"/desk/numbers/{key}.csv?days=90" in page.text
    assert page.text.count("<svg xmlns") == 2 * len(KEYS)
    assert "主体负责人证件号码" in page.text
    assert "内蒙古" in page.text
    assert "西藏" not in page.text  # too few


async def test_other_staff_do_not(agent: Person, anonymous: Person) -> None:
    assert (await agent.page("/numbers")).status_code == 403
    assert (await agent.page("/numbers/load.csv")).status_code == 403
    assert "数据" not in (await agent.page("/")).text
    assert (await anonymous.page("/numbers")).status_code == 303


async def test_the_numbers_of_a_figure_come_as_a_file(supervisor: Person) -> None:
    response = await supervisor.page("/numbers/durations.csv?days=365&part=sms_verification")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert (
        'filename="durations-sms_verification-365d.csv"' in response.headers["content-disposition"]
    )
    rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][0] == "省份"
    assert {len(row) for row in rows} == {6}
    assert (await supervisor.page("/numbers/nothing.csv")).status_code == 404


@pytest.mark.parametrize("query", ["days=31", "days=-1", "days=²", "days=x", "part=nothing"])
async def test_what_nobody_offers_becomes_the_usual(supervisor: Person, query: str) -> None:
    page = await supervisor.page(f"/numbers?{query}")
    assert page.status_code == 200
    assert "days=90&amp;part=bureau_review" in page.text


async def test_a_count_is_kept_for_some_minutes(
    demo: DemoNumbers, world: World, clock: SimulatedClock
) -> None:
    counted = 0

    class Counting(DemoNumbers):
        async def routes(self, period: Period) -> Mapping[tuple[date, str], int]:
            nonlocal counted
            counted += 1
            return {}

    numbers = Numbers(Counting(demo.flow, demo.hours), world, clock, listing_of(tuple))
    texts = load_texts()

    def say(key: str, **params: object) -> str:
        return texts.say(key, "zh-CN", **params)

    period = last_days(90, clock())
    for _ in range(3):
        await numbers.figure("routes", period, say, "zh-CN")
    assert counted == 1
    clock.advance(KEPT)
    await numbers.figure("routes", period, say, "zh-CN")
    assert counted == 2
    await numbers.figure("routes", last_days(30, clock()), say, "zh-CN")
    assert counted == 3
