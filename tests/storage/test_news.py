"""Two processes on one database: what one of them commits, the other one knows."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.news import Newsroom
from bot.privacy.erasing import erase
from bot.settings import Settings
from bot.world import load_world
from dialogs.message import Identity, Inbound
from dialogs.world import World
from scheduler.erasing import ErasingJob
from storage.news import SqlNews, _messages
from storage.opening import open_database
from tests.desk.office import LI, Office
from tests.storage.conftest import Place
from tests.storage.making import person, unique


@pytest.fixture(scope="module")
def world() -> World:
    """The shipped content, read once."""
    return load_world(Settings(_env_file=None))


@asynccontextmanager
async def _on_the_news(office: Office) -> AsyncIterator[list[Identity | None]]:
    """A process that tells and hears; what it has heard."""
    heard: list[Identity | None] = []
    room = Newsroom(office.stores.news, office.stores.cases, [heard.append])
    office.assistant.listeners.append(room.tell)
    stop = asyncio.Event()
    running = asyncio.create_task(room.run(stop))
    try:
        await _until(lambda: heard == [None])  # the connection stands
        yield heard
    finally:
        stop.set()
        await running


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.01)


@pytest.fixture
async def offices(world: World, postgres_place: Place) -> AsyncIterator[tuple[Office, Office]]:
    """Two processes on one PostgreSQL."""
    async with postgres_place.opened() as here, postgres_place.opened() as there:
        yield Office(world, here), Office(world, there)


async def test_a_turn_of_one_process_is_heard_of_in_the_other_and_known_there(
    offices: tuple[Office, Office],
) -> None:
    here, there = offices
    async with _on_the_news(here) as own, _on_the_news(there) as heard:
        identity, scope = await here.begin("web")
        await _until(lambda: identity in heard)
        await there.assistant.case(identity)  # remembered there as it is now
        heard.clear()
        await here.claims.take(LI, scope)
        await _until(lambda: identity in heard)
        hold = (await there.assistant.case(identity)).hold
        assert hold is not None and hold.agent == LI.id
    assert own == [None]  # nobody hears themselves


async def test_an_erasure_is_heard_of_in_the_other_whose_pages_show_nothing_any_more(
    offices: tuple[Office, Office],
) -> None:
    here, there = offices
    async with _on_the_news(here), _on_the_news(there) as heard:
        identity, _ = await here.begin("web")
        await here.say(identity, "删除我的所有资料")
        await here.assistant.handle(Inbound(identity, unique("m"), here.now, button="yes:erase"))
        await _until(lambda: identity in heard)
        owner = there.stores.transcript.owner
        assert await owner(identity)
        heard.clear()
        job = ErasingJob(
            here.assistant,
            here.stores.erasing,
            lambda applicant: erase(here.stores, applicant),
            lambda: here.assistant.clock() + timedelta(days=3),
        )
        assert (await job.run()).erased == 1
        await _until(lambda: identity in heard)
        assert await owner(identity) == ""
        assert (await there.assistant.case(identity)).version == 0


async def test_what_is_left_when_a_process_stops_is_told(offices: tuple[Office, Office]) -> None:
    here, there = offices
    async with _on_the_news(there) as heard:
        async with _on_the_news(here):
            identity, _ = await here.begin("web")
        await _until(lambda: identity in heard)


async def test_a_database_of_one_process_hears_nothing_and_works(
    world: World, sqlite_place: Place
) -> None:
    async with sqlite_place.opened() as stores:
        office = Office(world, stores)
        room = Newsroom(stores.news, stores.cases)
        office.assistant.listeners.append(room.tell)
        stop = asyncio.Event()
        running = asyncio.create_task(room.run(stop))
        await office.begin("web")
        stop.set()
        await running


async def test_a_case_kept_in_memory_refuses_nothing_that_another_process_has_asked_for(
    offices: tuple[Office, Office],
) -> None:
    here, there = offices
    identity, scope = await here.begin()
    await there.assistant.case(identity)
    await here.claims.take(LI, scope)  # whoever has a person may send files; nobody tells of it
    assert await there.assistant.expects_file(identity)
    assert (await there.assistant.case_anew(identity)).hold is not None


async def test_news_of_many_is_told_in_pieces(postgres_place: Place) -> None:
    many = [person() for _ in range(400)]
    told: list[Identity] = []
    here, there = open_database(postgres_place.url), open_database(postgres_place.url)
    begun = asyncio.Event()

    def hear(some: object) -> None:
        begun.set()
        assert isinstance(some, list)
        told.extend(some)

    async with SqlNews(there).listening(hear):
        await begun.wait()
        await SqlNews(here).tell(many)
        await _until(lambda: len(told) == len(many))
    assert told == many
    assert max(len(piece) for piece in _messages("00" * 8, many)) < 8000
    await here.close()
    await there.close()
