"""WeChat's strict stand-in, fresh for every test, with a clock that moves when told."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.clock import SimulatedClock
from bot.testing.wechat import FakeWeChat, Follower


@pytest.fixture
def clock() -> SimulatedClock:
    """The clock of both sides."""
    return SimulatedClock(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))


@pytest.fixture
async def wechat(clock: SimulatedClock) -> AsyncIterator[FakeWeChat]:
    """The server."""
    async with FakeWeChat(now=clock, patience=60) as server:
        yield server


@pytest.fixture
def person(wechat: FakeWeChat) -> Follower:
    """Somebody who follows the account already."""
    follower = Follower(wechat.account)
    follower.profile.following = True
    return follower
