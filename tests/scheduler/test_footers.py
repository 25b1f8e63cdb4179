"""Home pages are looked at again: until they are right, then once a month."""

from datetime import date, datetime, timedelta

import pytest

from bot.settings import Settings
from bot.world import load_world
from dialogs.world import SHANGHAI, World
from filing.event import EventType
from scheduler.footers import FooterRounds, is_the_day
from tests.dialogs.test_footers import RIGHT, Person

DAY = timedelta(days=1)
OPENED = date(2026, 12, 1)


def test_until_it_is_right_a_page_is_looked_at_less_and_less_often() -> None:
    looked = [n for n in range(200) if is_the_day(OPENED, None, OPENED + n * DAY)]
    assert looked[:17] == [*range(15), 21, 28]
    assert looked[-2:] == [168, 175]
    assert not is_the_day(OPENED, None, OPENED - DAY)


def test_a_right_page_is_looked_at_once_a_month() -> None:
    looked = [n for n in range(100) if is_the_day(OPENED, OPENED, OPENED + n * DAY)]
    assert looked == [30, 60, 90]


@pytest.fixture(scope="module")
def world() -> World:
    """All content, read once."""
    return load_world(Settings(_env_file=None))


class Rounds:
    """Rounds over one approved filing, day by day."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.footers = FooterRounds(person.assistant, person.stores.reminders, lambda: person.now)

    async def day(self, days: int = 1) -> int:
        """Let days pass and go round at ten; how many pages brought news."""
        later = self.person.now + days * DAY
        self.person.now = later.replace(hour=10)
        self.person.pages.asked.clear()
        return await self.footers.run() + await self.footers.run()


@pytest.fixture
async def rounds(world: World) -> Rounds:
    """One approved filing whose page shows nothing yet."""
    person = await Person(world).approved()
    person.pages.html["example-tea.cn"] = "<p>茶</p>"
    return Rounds(person)


async def test_a_page_that_became_right_is_noted_and_told_once(rounds: Rounds) -> None:
    assert await rounds.day() == 0
    assert rounds.person.pages.asked == ["example-tea.cn"]
    rounds.person.pages.html["example-tea.cn"] = RIGHT
    assert await rounds.day() == 1
    assert (await rounds.person.happened())[EventType.FOOTER_DISPLAYED] == "footer_check"
    assert await rounds.day() == 0
    assert rounds.person.pages.asked == []


async def test_a_page_that_lost_its_number_is_told_of(rounds: Rounds) -> None:
    rounds.person.pages.html["example-tea.cn"] = RIGHT
    await rounds.day()
    rounds.person.pages.html["example-tea.cn"] = "<p>新版</p>"
    assert await rounds.day(29) == 0
    assert await rounds.day() == 1
    again = FooterRounds(
        rounds.person.assistant, rounds.person.stores.reminders, lambda: rounds.person.now
    )
    assert await again.run() == 0  # another process, or this one started again


async def test_a_badge_that_is_not_there_yet_is_no_loss(rounds: Rounds) -> None:
    person = rounds.person
    person.pages.html["example-tea.cn"] = RIGHT
    assert await rounds.day() == 1
    await person.happen("police_filed", police_number="苏公网安备32011402010001号")
    assert [await rounds.day() for _ in range(3)] == [0, 0, 0]
    assert person.pages.asked == ["example-tea.cn"]
    link = "https://beian.mps.gov.cn/#/query/webSearch?code=32011402010001"
    badge = f"<a href='{link}'>苏公网安备32011402010001号</a>"
    person.pages.html["example-tea.cn"] = RIGHT.replace("</footer>", f"{badge}</footer>")
    assert await rounds.day() == 1
    assert EventType.POLICE_NUMBER_DISPLAYED in await person.happened()


async def test_a_page_that_cannot_be_had_is_no_news(rounds: Rounds) -> None:
    del rounds.person.pages.html["example-tea.cn"]
    assert await rounds.day() == 0


async def test_nobody_is_told_of_a_page_at_night(rounds: Rounds) -> None:
    rounds.person.pages.html["example-tea.cn"] = RIGHT
    rounds.person.now = datetime(2026, 12, 3, 3, 0, tzinfo=SHANGHAI)
    assert await rounds.footers.run() == 0
    assert rounds.person.pages.asked == []
