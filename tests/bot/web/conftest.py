"""The web application with a rehearsed conversation, or the real assistant, behind it."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from bot.clock import SimulatedClock
from bot.web.app import create_app
from bot.web.config import WebConfig
from dialogs.assistant import Assistant
from dialogs.world import World
from storage.memory import memory_stores
from storage.ports import Stores
from tests.bot.web.real import START, real_assistant, real_world
from tests.bot.web.rehearsal import Drawer, Rehearsal


@pytest.fixture
def rehearsal() -> Rehearsal:
    """Who answers."""
    return Rehearsal()


@pytest.fixture
def drawer() -> Drawer:
    """Where files go."""
    return Drawer()


@pytest.fixture
def app(rehearsal: Rehearsal, drawer: Drawer) -> FastAPI:
    """The application as it runs on one's own machine."""
    return create_app(WebConfig(), assistant=rehearsal, transcript=rehearsal, files=drawer)


@pytest_asyncio.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor who has opened the page."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as opened:
        await opened.get("/")
        yield opened


@pytest.fixture(scope="session")
def world() -> World:
    """The shipped content, read once."""
    return real_world()


@pytest.fixture
def clock() -> SimulatedClock:
    """A clock that moves only when told."""
    return SimulatedClock(START)


@pytest.fixture
def stores(clock: SimulatedClock) -> Stores:
    """Stores in memory."""
    return memory_stores(clock)


@pytest.fixture
def assistant(world: World, clock: SimulatedClock, stores: Stores) -> Assistant:
    """The real assistant."""
    return real_assistant(world, clock, stores)
