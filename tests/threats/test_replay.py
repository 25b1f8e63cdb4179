"""Each delivery five times at once, and five times again after a restart: one effect."""

import asyncio
import json
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from bot.api.filing_events import FilingEvents
from bot.api.routes import api_router
from bot.api.signing import Signatures
from bot.clock import SimulatedClock, real_clock
from bot.metrics import Metrics
from bot.pacing import Buckets
from bot.telegram.core import TelegramCore
from bot.telegram.service import TelegramConfig, open_client
from bot.telegram.webhook import PATH, webhook_router
from bot.testing.wechat.callbacks import as_xml
from bot.testing.wecom import Customer, FakeWeCom, Shown
from bot.testing.wecom.corp import FakeCorp
from bot.web.app import create_app
from bot.web.config import WebConfig
from bot.wecom.callback import PATH as CALLBACK
from bot.wecom.service import Stored, open_wecom
from dialogs.assistant import Assistant
from dialogs.message import Identity, Inbound
from dialogs.world import World
from tests.bot.api.calling import SECRET, Caller
from tests.bot.telegram.running import TOKEN
from tests.bot.web.real import real_assistant
from tests.bot.web.rehearsal import Drawer
from tests.bot.wecom.running import START, config_for
from tests.threats.replaying import (
    COPIES,
    MESSAGES,
    copies_at_once,
    five_times,
    heard_by,
    http,
    started,
)
from tests.threats.served import NO_LIMIT


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


async def test_a_callback_of_wecom_counts_once_and_not_after_five_minutes(
    home: Path, world: World
) -> None:
    clock, refused = SimulatedClock(START), list[str]()
    async with FakeWeCom(now=clock, patience=60) as wecom:
        corp, told = wecom.corp, list[tuple[str, str]]()
        corp.tell = lambda account, token: told.append((account, token))
        customer = Customer(corp)
        for number in range(MESSAGES):
            await customer.say(f"第{number}句")
        query, body = _sealed(corp, *told[-1])
        shown: list[Shown] = []
        for _ in range(2):
            async with started(home, clock) as stores:
                stored = Stored(stores.outbox, stores.transcript, stores.wechat, stores.wecom)
                assistant = real_assistant(world, clock, stores)
                async with open_wecom(
                    config_for(wecom), assistant, stored, clock, count=refused.append
                ) as service:
                    app, stop = FastAPI(), asyncio.Event()
                    app.include_router(service.router)
                    running = asyncio.create_task(service.run(stop))
                    async with http(app) as asking:
                        post = partial(asking.post, CALLBACK, params=query, content=body)
                        assert await copies_at_once(post) == [200] * COPIES
                        async with asyncio.timeout(30):
                            await service.settled()
                        clock.advance(timedelta(seconds=301))
                        pulled = len(corp.called("sync_msg"))
                        assert await copies_at_once(post) == [403] * COPIES
                        await service.settled()
                        assert len(corp.called("sync_msg")) == pulled
                        clock.now -= timedelta(seconds=301)
                    stop.set()
                    async with asyncio.timeout(30):
                        await running
                heard = await heard_by(stores, Identity("wecom", customer.external_id))
            assert heard == [f"第{number}句" for number in range(MESSAGES)]
            answers = list(await customer.messages())
            assert shown in ([], answers)
            shown = answers
        assert shown and refused == ["callback_timestamp"] * (2 * COPIES)


def _sealed(corp: FakeCorp, account: str, token: str) -> tuple[dict[str, str], bytes]:
    """A callback as WeCom signs and posts it."""
    content = {"Event": "kf_msg_or_event", "Token": token, "OpenKfId": account}
    sealed = corp.envelope.seal(as_xml(content), int(corp.now().timestamp()))
    query = {
        "msg_signature": sealed.signature,
        "timestamp": sealed.timestamp,
        "nonce": sealed.nonce,
    }
    return query, as_xml({"ToUserName": corp.corp_id, "Encrypt": sealed.encrypt}).encode()


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
