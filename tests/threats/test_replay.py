"""Each delivery five times at once, and five times again after a restart: one effect."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from bot.api.filing_events import FilingEvents
from bot.api.routes import api_router
from bot.api.signing import Signatures
from bot.clock import real_clock
from bot.metrics import Metrics
from bot.pacing import Buckets
from bot.telegram.core import TelegramCore
from bot.telegram.service import TelegramConfig, open_client
from bot.telegram.webhook import PATH, webhook_router
from bot.web.app import create_app
from bot.web.config import WebConfig
from dialogs.assistant import Assistant
from dialogs.message import Identity, Inbound
from dialogs.world import World
from storage.crypto import MasterKey
from storage.migrate import upgrade
from storage.ports import Stores
from storage.stores import StoreSettings, open_stores
from tests.bot.api.calling import SECRET, Caller
from tests.bot.telegram.running import TOKEN
from tests.bot.web.real import real_assistant
from tests.bot.web.rehearsal import Drawer
from tests.threats.served import NO_LIMIT

COPIES = 5
MESSAGES = 4
MASTER = MasterKey(b"k" * 32)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An up-to-date SQLite file to copy."""
    path = tmp_path_factory.mktemp("replay") / "empty.db"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture
def home(empty: Path, tmp_path: Path) -> Path:
    """A fresh one."""
    shutil.copy(empty, tmp_path / "beian.db")
    return tmp_path


@asynccontextmanager
async def started(home: Path) -> AsyncIterator[Stores]:
    """A process's stores, from its start to its end."""
    settings = StoreSettings(f"sqlite:///{home / 'beian.db'}", home / "files")
    stores = await open_stores(settings, MASTER, real_clock)
    try:
        yield stores
    finally:
        await stores.close()


async def five_times(
    deliver: Callable[[int], Awaitable[httpx.Response]], messages: int = MESSAGES
) -> set[int]:
    """Deliver each so many times at once; the statuses it was answered with."""
    copies = [number for number in range(messages) for _ in range(COPIES)]
    answers = await asyncio.gather(*(deliver(number) for number in copies))
    return {one.status_code for one in answers}


async def heard_by(stores: Stores, who: Identity) -> list[str]:
    """What the transcript holds of somebody's words, sorted."""
    return sorted(one.heard for one in await stores.transcript.since(who, 0) if one.heard)


def http(app: FastAPI) -> httpx.AsyncClient:
    """A client of the application."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_an_update_of_telegram_counts_once(home: Path, world: World) -> None:
    expected = [f"第{number}句" for number in range(MESSAGES)]
    for _ in range(2):
        async with started(home) as stores:
            client = open_client(TelegramConfig(TOKEN, "http://127.0.0.1:9"))
            assistant = real_assistant(world, real_clock, stores)
            core = TelegramCore(assistant, stores.outbox, client, real_clock, flood=NO_LIMIT)
            app = FastAPI()
            app.include_router(webhook_router(core.take, "secret"))

            async def deliver(number: int, app: FastAPI = app) -> httpx.Response:
                message = {
                    "message_id": number + 1,
                    "chat": {"id": 7, "type": "private"},
                    "from": {"id": 7, "is_bot": False, "first_name": "人"},
                    "date": 1_790_000_000,
                    "text": f"第{number}句",
                }
                update = json.dumps({"update_id": number, "message": message})
                headers = {"X-Telegram-Bot-Api-Secret-Token": "secret"}
                async with http(app) as asking:
                    return await asking.post(PATH, content=update.encode(), headers=headers)

            assert await five_times(deliver) == {200}
            assert await heard_by(stores, Identity("telegram", "7")) == expected
            await client.close()


async def test_a_message_of_the_web_chat_counts_once(home: Path, world: World) -> None:
    cookie = {"cookie": f"beian={'c' * 32}"}
    seen: list[str] = []
    for _ in range(2):
        async with started(home) as stores:
            app = create_app(
                WebConfig(person=NO_LIMIT, address=NO_LIMIT),
                assistant=real_assistant(world, real_clock, stores),
                transcript=stores.transcript,
                files=Drawer(),
            )

            async def deliver(number: int, app: FastAPI = app) -> httpx.Response:
                message = {"id": str(UUID(int=number)), "text": f"第{number}句"}
                async with http(app) as asking:
                    path = "/api/v1/chat/messages"
                    return await asking.post(path, json=message, headers=cookie)

            assert await five_times(deliver) == {200}
            async with http(app) as asking:
                page = await asking.get("/api/v1/chat/transcript", headers=cookie)
            heard = [one["heard"] for one in page.json()["entries"] if one.get("heard")]
            assert sorted(heard) == [f"第{number}句" for number in range(MESSAGES)]
            assert seen in ([], heard)
            seen = heard


async def test_a_call_of_the_events_api_counts_once(home: Path, world: World) -> None:
    who = Identity("web", "applicant")
    answers: set[bytes] = set()
    for _ in range(2):
        async with started(home) as stores:
            assistant = real_assistant(world, real_clock, stores)
            filing = await _begun(assistant, who)
            events = FilingEvents(assistant, stores.filings, stores.receipts)
            app = FastAPI()
            rates = Buckets(NO_LIMIT, lambda: 0.0)
            app.include_router(api_router(events, Signatures(SECRET), rates, Metrics()))

            async def deliver(
                number: int, app: FastAPI = app, filing: str = filing
            ) -> httpx.Response:
                async with http(app) as asking:
                    told = await Caller(asking).tell(
                        filing, f"evt_{number}", type="withdrawn", at="2026-11-20T09:00:00+08:00"
                    )
                answers.add(told.content)
                return told

            assert await five_times(deliver, 1) == {200}
            case = await assistant.case(who)
            assert [one.type.value for one in case.filings[filing].events].count("withdrawn") == 1
    assert len(answers) == 1  # a repeat gets the first answer, after a restart too


async def _begun(assistant: Assistant, who: Identity) -> str:
    """A filing of theirs, begun unless there is one."""
    case = await assistant.case(who)
    for button in ("cmd:resume", "answer:consent_processing:agree"):
        if case.active is None:
            said = Inbound(who, uuid4().hex, real_clock(), button=button)
            case = (await assistant.handle(said)).case
    assert case.active is not None
    return case.active
