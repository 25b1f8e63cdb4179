"""Who is let in: WeCom alone, and what is taken from it is the account and a token."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI

from bot.tencent.crypto import MessageKey, signature
from bot.tencent.doorkeeper import MAX_BODY, Doorkeeper
from bot.tencent.xml import text_reply
from bot.wecom.callback import PATH, callback_router

TOKEN, CORP = "atokenofthistest", "ww0123456789abcdef"
KEY = MessageKey.of("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", CORP)
OLD_KEY = MessageKey.of("GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"[:43], CORP)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))


def event(**elements: str) -> bytes:
    """What WeCom posts, before it is sealed."""
    told = {"Event": "kf_msg_or_event", "Token": "t1", "OpenKfId": "wk1", **elements}
    inner = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in told.items())
    return f"<xml>{inner}</xml>".encode()


@dataclass
class Post:
    """WeCom's side of the callback."""

    http: httpx.AsyncClient
    told: list[tuple[str, str]] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)

    async def post(
        self, plain: bytes, key: MessageKey = KEY, *, stamp: str = STAMP, token: str = TOKEN
    ) -> int:
        """The status of a callback."""
        encrypted = key.encrypt(plain)
        signed = signature(token, stamp, "n", encrypted)
        query = {"msg_signature": signed, "timestamp": stamp, "nonce": "n"}
        body = f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        return (await self.http.post(PATH, params=query, content=body)).status_code


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    """The endpoint, without a network."""
    app = FastAPI()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as http:
        post = Post(http)
        door = Doorkeeper(TOKEN, (KEY, OLD_KEY), lambda: NOW)
        app.include_router(
            callback_router(lambda *told: post.told.append(told), door, post.counted.append)
        )
        yield post


async def test_an_account_and_a_token_are_told_of(post: Post) -> None:
    assert await post.post(event()) == 200
    assert await post.post(event(), OLD_KEY) == 200  # while the key is changed
    assert post.told == [("wk1", "t1"), ("wk1", "t1")]
    assert await post.post(event(Event="change_contact")) == 200
    assert await post.post(b"<xml><Event>kf_msg_or_event</Event></xml>") == 200
    assert post.counted == ["callback_other"] * 2


async def test_nobody_else_is_let_in(post: Post) -> None:
    other = MessageKey.of("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "ww-another-corp")
    assert await post.post(event(), token="anothertoken") == 403
    assert await post.post(event(), other) == 403
    assert await post.post(event(), stamp=str(int(NOW.timestamp()) - 301)) == 403
    assert await post.post(b'<!DOCTYPE x [<!ENTITY a "b">]><xml><a>&a;</a></xml>') == 403
    assert await post.post(b"no xml") == 403
    assert (await post.http.post(PATH, content=event())).status_code == 401
    long = {"msg_signature": "x", "timestamp": STAMP, "nonce": "n"}
    answer = await post.http.post(PATH, params=long, content=b"x" * (MAX_BODY + 1))
    assert answer.status_code == 413
    assert post.told == []


async def test_the_console_gets_its_word_back(post: Post) -> None:
    encrypted = KEY.encrypt(b"1234567890")
    signed = signature(TOKEN, STAMP, "n", encrypted)
    query = {"timestamp": STAMP, "nonce": "n", "echostr": encrypted}
    answer = await post.http.get(PATH, params={**query, "msg_signature": signed})
    assert (answer.status_code, answer.text) == (200, "1234567890")
    answer = await post.http.get(PATH, params={**query, "msg_signature": "0" * 40})
    assert answer.status_code == 403
    word = OLD_KEY.encrypt(text_reply("a", "b", 0, "x" * 2000))
    signed = signature(TOKEN, STAMP, "n", word)
    longer = {**query, "echostr": word, "msg_signature": signed}
    assert (await post.http.get(PATH, params=longer)).status_code == 413
