"""The webhook: who may post, what is taken, and when Telegram has to come again."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import real_clock
from bot.sending import ChannelClosed
from bot.telegram.service import Library, TelegramConfig, open_telegram
from bot.telegram.webhook import MAX_BODY, PATH, webhook_router
from bot.testing.telegram import FakeBot, FakeTelegram, Person
from dialogs.message import Inbound
from storage.memory import memory_stores
from tests.bot.telegram.chat import TelegramChat
from tests.bot.telegram.parrot import Parrot
from tests.bot.telegram.running import TOKEN, running, until

SECRET = "a-secret_of-this-test"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Door:
    """The endpoint with a list behind it; ``closed`` is a store that is away."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.refused: list[str] = []
        self.closed = False
        app = FastAPI()
        app.include_router(webhook_router(self.take, SECRET, self.refused.append))
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://bot.test")

    async def take(self, update: Any) -> None:
        if self.closed:
            raise OSError("the database is away")
        self.taken.append(update)

    async def post(self, body: bytes, *secrets: bytes) -> int:
        headers = [(HEADER.encode(), secret) for secret in secrets]
        response = await self.http.post(PATH, content=body, headers=headers)
        assert response.content == b""
        return response.status_code


@pytest.fixture
def door() -> Door:
    return Door()


UPDATE = json.dumps({"update_id": 1, "message": {"text": "你好"}}).encode()


async def test_with_the_secret_an_update_is_taken(door: Door) -> None:
    assert await door.post(UPDATE, SECRET.encode()) == 200
    assert door.taken == [{"update_id": 1, "message": {"text": "你好"}}]


@pytest.mark.parametrize(
    "secrets",
    [
        (),
        (b"",),
        (b"wrong",),
        (SECRET.upper().encode(),),
        (SECRET.encode() + b"x",),
        (SECRET[:-1].encode(),),
        ("密".encode(),),
        (b"\xff\xfe",),
        (SECRET.encode(), SECRET.encode()),
        (SECRET.encode(), b"wrong"),
        (b"wrong", SECRET.encode()),
    ],
)
async def test_without_exactly_the_secret_nobody_is_let_in(
    door: Door, secrets: tuple[bytes, ...]
) -> None:
    assert await door.post(UPDATE, *secrets) == (403 if secrets else 401)
    assert door.taken == []
    assert door.refused == ["webhook_secret"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"17",
        b'"text"',
        b"{}",
        b'{"message": {}}',
        '{"update_id": 1, "a": "é"}'.encode("latin-1"),
        UPDATE.decode().encode("utf-16"),
        b"[" * 100_000,
        b'{"update_id": ' + b'{"a":' * 100_000,
        b'{"update_id": 1' + b"0" * 5000 + b"}",
    ],
)
async def test_what_is_no_update_is_refused_and_counted(door: Door, body: bytes) -> None:
    assert await door.post(body, SECRET.encode()) == 400
    assert door.refused == ["webhook_unreadable"]
    assert door.taken == []


async def test_an_enormous_body_is_cut_off(door: Door) -> None:
    assert await door.post(b" " * (MAX_BODY + 1), SECRET.encode()) == 413
    padded = UPDATE + b" " * (MAX_BODY - len(UPDATE))
    assert await door.post(padded, SECRET.encode()) == 200
    assert door.refused == ["webhook_too_large"]


async def test_while_the_store_is_away_telegram_is_asked_to_come_again(door: Door) -> None:
    door.closed = True
    assert await door.post(UPDATE, SECRET.encode()) == 503
    door.closed = False
    assert await door.post(UPDATE, SECRET.encode()) == 200


async def test_other_methods_are_not_served(door: Door) -> None:
    assert (await door.http.get(PATH, headers={HEADER: SECRET})).status_code == 405


def test_without_a_secret_there_is_no_webhook() -> None:
    with pytest.raises(ValueError, match="BEIAN_TELEGRAM_WEBHOOK_SECRET"):
        webhook_router(Door().take, "")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(body=st.binary(max_size=60), secret=st.sampled_from([SECRET.encode(), b"", b"\xe5"]))
async def test_whatever_is_posted_the_answer_is_no_error_of_ours(
    door: Door, body: bytes, secret: bytes
) -> None:
    assert await door.post(body, secret) in (200, 400, 403)


@pytest.fixture
async def posted_to(
    telegram: FakeTelegram, bot: FakeBot, library: Library, unused_port: int
) -> AsyncIterator[TelegramChat[Any]]:
    """A conversation whose updates are posted to a real server."""
    config = TelegramConfig(
        TOKEN,
        telegram.base_url,
        library,
        public_url=f"http://127.0.0.1:{unused_port}",
        webhook_secret=SECRET,
    )
    stores = memory_stores(real_clock)
    failures = {"二"}

    async def think(inbound: Inbound) -> None:
        if inbound.text in failures:
            failures.discard(inbound.text or "")
            raise OSError("the database is away")

    async with running(config, Parrot(stores.cases, think=think), stores) as at_work:
        app = FastAPI()
        router = at_work.service.router
        assert router is not None
        app.include_router(router)
        server = uvicorn.Server(
            uvicorn.Config(app, "127.0.0.1", unused_port, log_config=None, lifespan="off")
        )
        serving = asyncio.create_task(server.serve())
        await until(lambda: server.started and at_work.service.ready)
        yield TelegramChat(Person(bot), lambda: at_work.settle_with(bot))
        server.should_exit = True
        await serving


async def test_an_address_telegram_cannot_post_to_ends_the_service_with_advice(
    telegram: FakeTelegram, bot: FakeBot, library: Library
) -> None:
    config = TelegramConfig(
        TOKEN, telegram.base_url, library, public_url="http://192.0.2.1", webhook_secret=SECRET
    )
    stores = memory_stores(real_clock)
    async with open_telegram(config, Parrot(stores.cases), stores.outbox, real_clock) as service:
        with pytest.raises(ChannelClosed, match="BEIAN_PUBLIC_URL"):
            await service.run(asyncio.Event())


async def test_posted_updates_are_answered_in_order_and_again_until_taken(
    posted_to: TelegramChat[Any], bot: FakeBot
) -> None:
    assert bot.webhook and bot.webhook.url.endswith(PATH)
    for text in "一二三":
        await posted_to.person.say(text)
    assert [one.text for one in await posted_to.replies()] == [
        "听到：一",
        "听到：二",
        "听到：三",
    ]
    assert sorted(bot.updates.handed_out.values()) == [1, 1, 2]
    [reply] = await posted_to.press("好")
    assert reply.text == "听到：yes"
