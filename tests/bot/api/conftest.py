"""The API on a real assistant, with a filing handed in."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from bot.api.filing_events import FilingEvents
from bot.api.routes import api_router
from bot.api.signing import Signatures
from bot.metrics import Metrics
from bot.pacing import Buckets, Rate
from bot.settings import Settings
from bot.world import load_world
from dialogs.assistant import Assistant
from dialogs.message import Identity, Inbound
from dialogs.world import World
from storage.memory import memory_stores
from storage.ports import Stores
from tests.bot.api.calling import SECRET, Caller
from tests.dialogs.talk import Talk, fill

APPLICANT = Identity("web", "applicant")


def clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="session")
def world() -> World:
    """The shipped content, read once."""
    return load_world(Settings(_env_file=None))


@pytest.fixture
def stores() -> Stores:
    """Stores in memory."""
    return memory_stores(clock)


@pytest.fixture
def assistant(world: World, stores: Stores) -> Assistant:
    """The real assistant."""
    return Assistant(world, stores.cases, stores.dead_letters, clock)


@pytest_asyncio.fixture
async def filing(world: World, assistant: Assistant) -> str:
    """A filing handed in by somebody in the web chat; its public id."""
    rehearsed = fill(Talk(world, clock()), site_manager_same="no")
    for number, (step, value) in enumerate(rehearsed.values.items()):
        await _say(assistant, f"m{number}", f"answer:{step}:{value}")
    await _say(assistant, "last", "answer:confirm:confirm")
    case = await assistant.case(APPLICANT)
    assert case.active is not None
    assert case.filings[case.active].events
    return case.active


async def _say(assistant: Assistant, message: str, button: str) -> None:
    if not (await assistant.case(APPLICANT)).filings:
        await assistant.handle(Inbound(APPLICANT, "hello", clock(), text="你好"))
    await assistant.handle(Inbound(APPLICANT, message, clock(), button=button))


def make_app(assistant: Assistant, stores: Stores, rate: Rate | None = None) -> FastAPI:
    """An application with nothing but the API."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    events = FilingEvents(assistant, stores.filings, stores.receipts)
    rates = Buckets(rate or Rate(1000, 1000), lambda: 0.0)
    app.state.closers = []
    app.include_router(api_router(events, Signatures(SECRET), rates, Metrics()))
    return app


@pytest_asyncio.fixture
async def caller(assistant: Assistant, stores: Stores) -> AsyncIterator[Caller]:
    """A provider's system that knows the secret."""
    transport = httpx.ASGITransport(make_app(assistant, stores))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield Caller(client)
