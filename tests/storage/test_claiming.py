"""Claims between two processes on one database."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.settings import Settings
from bot.world import load_world
from desk.claims import ClaimLost, HeldBy
from dialogs.world import World
from tests.desk.office import LI, WANG, Office
from tests.storage.conftest import Place


@pytest.fixture(scope="module")
def world() -> World:
    """The shipped content, read once."""
    return load_world(Settings(_env_file=None))


@pytest.fixture
async def offices(world: World, place: Place) -> AsyncIterator[tuple[Office, Office]]:
    """Two processes on one database."""
    async with place.opened() as here, place.opened() as there:
        yield Office(world, here), Office(world, there)


async def test_what_another_process_did_counts_here_at_once(
    offices: tuple[Office, Office],
) -> None:
    here, there = offices
    identity, scope = await here.begin()
    await there.assistant.case(identity)  # remembered there as it is now
    await here.claims.take(LI, scope)
    await there.claims.say(LI, scope, "从另一台机器说")
    with pytest.raises(HeldBy):
        await there.claims.take(WANG, scope)
    await here.claims.hand_back(LI, scope)
    await there.claims.take(WANG, scope)
    assert await here.say(identity, "您好") == ()
    with pytest.raises(ClaimLost):
        await here.claims.say(LI, scope, "太晚了")


async def test_two_colleagues_in_two_processes_race_and_one_has_it(
    offices: tuple[Office, Office],
) -> None:
    here, there = offices
    for _ in range(5):
        identity, scope = await here.begin()
        outcomes = await asyncio.gather(
            here.claims.take(LI, scope),
            there.claims.take(WANG, scope),
            here.say(identity, "有人吗"),
            return_exceptions=True,
        )
        lost = [one for one in outcomes[:2] if isinstance(one, HeldBy)]
        assert len(lost) == 1
        found = await here.stores.claims.find(scope)
        assert found is not None
        assert found.hold is not None
        assert lost[0].hold.agent == found.hold.agent
