"""Dockets follow what happens in conversations: on memory, SQLite and PostgreSQL."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.clock import SimulatedClock
from bot.settings import Settings
from bot.world import load_world
from desk.docket import Docket
from desk.following import Follower
from desk.terms import Query
from dialogs.assistant import Assistant
from dialogs.case import FilingRecord
from dialogs.message import Identity, Inbound
from dialogs.world import World
from storage.ports import Stores
from tests.storage.making import NOW, person, turn, unique

DAY = timedelta(days=1)


@pytest.fixture(scope="session")
def world() -> World:
    """The shipped content, read once."""
    return load_world(Settings(_env_file=None))


@pytest.fixture
def clock() -> SimulatedClock:
    """A clock that stands."""
    return SimulatedClock(NOW)


@pytest.fixture
def assistant(stores: Stores, world: World, clock: SimulatedClock) -> Assistant:
    """The assistant on those stores."""
    return Assistant(world, stores.cases, stores.dead_letters, clock)


@pytest.fixture
def follower(stores: Stores, world: World, clock: SimulatedClock) -> Follower:
    """A follower on those stores, which nobody tells anything yet."""
    return Follower(stores.cases, stores.dockets, world, clock)


async def _say(assistant: Assistant, identity: Identity, *texts: str) -> None:
    for text in texts:
        await assistant.handle(Inbound(identity, unique("m"), assistant.clock(), text=text))


async def _docket(stores: Stores, identity: Identity) -> Docket:
    case = await stores.cases.open(identity, NOW, "zh-CN")
    [kept] = await stores.dockets.get([case.conversation_id])
    return kept.docket


async def test_what_the_follower_is_told_of_has_a_docket_at_once(
    stores: Stores, assistant: Assistant, follower: Follower
) -> None:
    identity = person("web")
    assistant.listeners.append(follower.tell)
    await _say(assistant, identity, "你好", "转人工")
    await follower.work()
    docket = await _docket(stores, identity)
    assert docket.waiting_since == NOW
    assert docket.heard_at == docket.talked.said_at == NOW
    assert follower.lag < 60
    [kept] = await stores.dockets.get([docket.conversation])
    assert kept.terms.may_have(Query.of("人工"))


async def test_what_nobody_told_of_is_found_by_its_version(
    stores: Stores, assistant: Assistant, follower: Follower, clock: SimulatedClock
) -> None:
    early, late = person("web"), person("web")
    await _say(assistant, early, "你好")
    await follower.sweep()
    await follower.work()
    assert (await _docket(stores, early)).waiting_since is None
    clock.advance(timedelta(seconds=10))
    await _say(assistant, early, "转人工")
    await _say(assistant, late, "你好")
    await follower.sweep()
    await follower.work()
    assert (await _docket(stores, early)).waiting_since == clock()
    assert (await _docket(stores, late)).version == 1


async def test_what_changed_beside_a_conversation_is_looked_at_when_told(
    stores: Stores, assistant: Assistant, follower: Follower
) -> None:
    identity = person("web")
    await _say(assistant, identity, "你好")
    await follower.catch_up()
    case = await assistant.case(identity)
    task = await stores.tasks.add(case.active or "", "打电话", "小李", NOW)
    assert task is not None
    follower.look_at(case.conversation_id)
    await follower.work()
    assert (await _docket(stores, identity)).tasks == ("by_hand",)
    await stores.tasks.finish(task.key, "小李", NOW)
    follower.look_at(case.conversation_id)
    await follower.work()
    assert (await _docket(stores, identity)).tasks == ()


async def test_a_docket_a_day_old_is_made_anew(
    stores: Stores, assistant: Assistant, follower: Follower, clock: SimulatedClock
) -> None:
    identity = person("web")
    await _say(assistant, identity, "你好")
    await follower.sweep()
    await follower.work()
    clock.advance(2 * DAY)
    await follower.sweep()
    await follower.work()
    assert (await _docket(stores, identity)).made_at == NOW + 2 * DAY


async def test_one_case_that_cannot_be_worked_out_does_not_hold_up_the_others(
    stores: Stores, assistant: Assistant, follower: Follower
) -> None:
    broken, fine = person("web"), person("web")
    fresh = await stores.cases.open(broken, NOW, "zh-CN")
    odd = fresh.with_filing(FilingRecord(unique("filing"), "a_flow_of_the_future", 9, NOW))
    await stores.cases.commit(turn(fresh, after=odd))
    await _say(assistant, fine, "你好")
    await follower.sweep()
    await follower.work()
    assert fresh.conversation_id not in await stores.listing.put_since(NOW - DAY, 1000)
    assert (await _docket(stores, fine)).version == 1


async def test_running_it_keeps_up_and_stops_when_told(
    stores: Stores, assistant: Assistant, follower: Follower
) -> None:
    assistant.listeners.append(follower.tell)
    stop, people = asyncio.Event(), [person("web") for _ in range(5)]
    running = asyncio.create_task(follower.run(stop))
    heard: list[str] = []
    follower.listeners.append(lambda made: heard.extend(one.docket.conversation for one in made))
    for identity in people:
        await _say(assistant, identity, "你好")
    scopes = {(await stores.cases.open(one, NOW, "zh-CN")).conversation_id for one in people}
    await _until(lambda: scopes <= set(heard))
    assert scopes <= set(await stores.listing.put_since(NOW - DAY, 1000))
    stop.set()
    await asyncio.wait_for(running, 30)


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.02)
