"""A strict WeChat server on a simulated clock, fresh for every test, and calls to it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from bot.clock import SimulatedClock
from bot.testing.wechat import FakeAccount, FakeWeChat, Follower
from tests.bot.wechat_server.calling import Api, Developer


@pytest.fixture
def clock() -> SimulatedClock:
    """The server's clock."""
    return SimulatedClock(datetime(2026, 12, 1, 1, tzinfo=UTC))


@pytest.fixture
async def wechat(clock: SimulatedClock) -> AsyncIterator[FakeWeChat]:
    """The server."""
    async with FakeWeChat(now=clock) as server:
        yield server


@pytest.fixture
def account(wechat: FakeWeChat) -> FakeAccount:
    """Its account."""
    return wechat.account


@pytest.fixture
async def api(wechat: FakeWeChat) -> AsyncIterator[Api]:
    """Calls with a token."""
    async with httpx.AsyncClient(base_url=wechat.base_url) as http:
        api = Api(http, wechat.account)
        await api.renew()
        yield api


@pytest.fixture
async def developer(wechat: FakeWeChat) -> AsyncIterator[Developer]:
    """Whoever answers the callbacks."""
    async with Developer(wechat.account) as answering:
        wechat.account.callback_url = answering.url
        yield answering


@pytest.fixture
async def visitor(account: FakeAccount) -> Follower:
    """A follower whose first minute is over."""
    person = Follower(account)
    await person.subscribe()
    person.profile.allowance.touch = None
    return person
