"""Several processes of `beian serve` on one PostgreSQL, balanced over as a provider would."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from desk.sessions import Session, session_id
from desk.staff import Role
from storage.crypto import MasterKey
from storage.stores import StoreSettings, open_stores
from tests.bot.test_serving import served
from tests.bot.web.test_events import Events

_MESSAGES = "/api/v1/chat/messages"
_EVENTS = "/api/v1/chat/events"


@asynccontextmanager
async def _visiting(url: str, browser: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on one of the processes."""
    async with httpx.AsyncClient(
        base_url=url, headers={"Origin": url}, cookies={"beian": browser}, timeout=30
    ) as client:
        yield client


def _typed(text: str) -> dict[str, Any]:
    return {"id": str(uuid4()), "text": text, "locale": "zh-CN"}


async def _log_in(url: str, home: Path) -> str:
    """A colleague with a session; their token."""
    now, token = datetime.now(UTC), uuid4().hex
    stores = await open_stores(
        StoreSettings(url, home / "files"), MasterKey.from_file(home / "master.key"), lambda: now
    )
    agent = await stores.agents.add("xiaoli", Role.AGENT, "$argon2id$none", now)
    await stores.sessions.begin(
        Session(session_id(token), agent.id, now, now, now, "127.0.0.1", "test")
    )
    await stores.close()
    return token


async def test_two_web_processes_are_one_to_applicants_and_staff(
    empty_postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEIAN_DATABASE_URL", empty_postgres_url)
    web = ("--role", "web")
    async with AsyncExitStack() as stack:
        here, _ = await stack.enter_async_context(served(tmp_path, *web))
        there, _ = await stack.enter_async_context(served(tmp_path, *web))
        browser = "b" * 32
        on_here = await stack.enter_async_context(_visiting(here, browser))
        on_there = await stack.enter_async_context(_visiting(there, browser))
        token = await _log_in(empty_postgres_url, tmp_path)
        colleague = await stack.enter_async_context(
            httpx.AsyncClient(base_url=there, cookies={"beian-desk": token}, timeout=30)
        )

        watched = await stack.enter_async_context(on_there.stream("GET", _EVENTS))
        queue = await stack.enter_async_context(
            colleague.stream("GET", "/desk/queue/events", params={"state": "all"})
        )
        assert (watched.status_code, queue.status_code) == (200, 200)
        assert (await on_here.post(_MESSAGES, json=_typed("你好"))).status_code == 200
        # What one process committed comes to the page and to the desk of the other.
        entry = await Events(watched).entry()
        assert entry["heard"] == "你好"
        async with asyncio.timeout(30):
            async for line in queue.aiter_lines():
                if line.startswith("data: ") and '"heard"' in line:
                    break

        # A balancer sends every other message elsewhere; some are sent twice.
        texts = [f"问题{number}" for number in range(8)]
        for number, text in enumerate(texts):
            message = _typed(text)
            both = [on_here, on_there][:: 1 if number % 2 else -1]
            answers = [await one.post(_MESSAGES, json=message) for one in both]
            assert [one.status_code for one in answers] == [200, 200]
            first, again = (one.json()["replies"] for one in answers)
            assert [one["text"] for one in first] == [one["text"] for one in again]
        sent = [_typed(f"同时{number}") for number in range(12)]
        racing = await asyncio.gather(
            *(
                [on_here, on_there][number % 2].post(_MESSAGES, json=message)
                for number, message in enumerate(sent)
            )
        )
        # Whoever lost the race too often is asked to send it again, and may.
        for answer, message in zip(racing, sent, strict=True):
            while answer.status_code == 503:
                answer = await on_here.post(_MESSAGES, json=message)
            assert answer.status_code == 200
        seen = [await one.get("/api/v1/chat/transcript?after=0") for one in (on_here, on_there)]
        kept, other = (one.json()["entries"] for one in seen)
        assert kept == other
        heard = [one["heard"] for one in kept if one.get("heard")]
        assert heard[:9] == ["你好", *texts]
        assert sorted(heard[9:]) == sorted(f"同时{number}" for number in range(12))
        replies_after = [bool(one.get("heard")) for one in kept]
        assert not any(a and b for a, b in itertools.pairwise(replies_after))
