"""Server-sent events over a real server: news, catching up, many tabs, stopping."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.web.app import create_app
from bot.web.config import WebConfig
from tests.bot.web.asking import EVENTS, say
from tests.bot.web.rehearsal import WELCOME, Drawer, Rehearsal
from tests.bot.web.serving import serving


class Events:
    """An open event stream, read event by event."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def next(self) -> dict[str, Any]:
        """The next event: its fields, ``data`` read as JSON; ``{}`` when the stream ended."""
        fields: dict[str, Any] = {}
        async with asyncio.timeout(30):
            async for line in self._lines:
                if not line:
                    if "event" in fields:
                        return fields
                    fields = {}
                elif not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    fields[name] = json.loads(value) if name == "data" else value
        return {}

    async def entry(self) -> dict[str, Any]:
        """The next line of the conversation."""
        while (event := await self.next())["event"] != "entry":
            pass
        return dict(event["data"])


@asynccontextmanager
async def visitor(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor who has opened the page."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        await client.get("/")
        yield client


@asynccontextmanager
async def listening(
    client: httpx.AsyncClient, after: int = 0, owner: str = "", **headers: str
) -> AsyncIterator[Events]:
    """An open stream of this visitor."""
    params = {"after": str(after), "owner": owner}
    async with client.stream("GET", EVENTS, params=params, headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        yield Events(response)


async def test_what_is_said_arrives_at_once_with_its_place_as_id(app: FastAPI) -> None:
    async with serving(app) as url, visitor(url) as client, listening(client) as events:
        first = await events.next()
        assert first["event"] == "open"
        assert 500 <= int(first["retry"]) < 2000
        await say(client, "收费吗")
        heard = await events.next()
        assert (heard["id"], heard["data"]["heard"]) == ("1", "收费吗")
        assert (await events.entry())["said"]["kind"] == "answer"


async def test_a_new_stream_begins_after_the_line_it_names(app: FastAPI) -> None:
    async with serving(app) as url, visitor(url) as client:
        for text in "一二三":
            await say(client, text)
        async with listening(client, after=2) as events:
            assert (await events.entry())["seq"] == 3
        async with listening(client, after=2, **{"Last-Event-ID": "4"}) as events:
            assert (await events.entry())["seq"] == 5
        async with listening(client, after=4, **{"Last-Event-ID": "nonsense"}) as events:
            assert (await events.entry())["seq"] == 5


async def test_what_nobody_asked_for_arrives_too(app: FastAPI, rehearsal: Rehearsal) -> None:
    async with serving(app) as url, visitor(url) as client:
        await say(client, "你好")
        async with listening(client, after=2) as events:
            await events.next()
            rehearsal.say(rehearsal.heard[0].identity, WELCOME)
            assert (await events.entry())["said"]["text"] == WELCOME.text


async def test_a_page_is_told_when_other_lines_are_its_visitors(
    app: FastAPI, rehearsal: Rehearsal
) -> None:
    async with serving(app) as url, visitor(url) as client:
        said = await say(client, "你好")
        whose = rehearsal.heard[0].identity
        assert said.json()["owner"] == "c"
        async with listening(client, after=2, owner="c") as events:
            assert (await events.next())["event"] == "open"
            rehearsal.owners[whose] = "joined"
            for listener in rehearsal.listeners:
                listener(whose)
            changed = await events.next()
            assert (changed["event"], changed["data"]) == ("changed", {"owner": "joined"})
            assert await events.next() == {}
        async with listening(client, after=2, owner="c") as events:  # while it was away
            assert [(await events.next())["event"] for _ in "12"] == ["open", "changed"]
        async with listening(client, after=0, owner="joined") as events:
            assert (await events.entry())["heard"] == "你好"


async def test_what_another_process_stored_is_found_at_the_next_look(
    rehearsal: Rehearsal, drawer: Drawer
) -> None:
    config = WebConfig(recheck=0.05)
    app = create_app(config, assistant=rehearsal, transcript=rehearsal, files=drawer)
    async with serving(app) as url, visitor(url) as client:
        await say(client, "你好")
        async with listening(client, after=2) as events:
            await events.next()
            rehearsal.listeners.clear()  # as in another process: nobody tells
            rehearsal.say(rehearsal.heard[0].identity, WELCOME)
            assert (await events.entry())["seq"] == 3


async def test_all_tabs_of_a_visitor_hear_the_same_and_no_one_elses(app: FastAPI) -> None:
    async with (
        serving(app) as url,
        visitor(url) as one,
        visitor(url) as other,
        listening(one) as tab1,
        listening(one) as tab2,
        listening(other) as foreign,
    ):
        for events in (tab1, tab2, foreign):
            await events.next()
        await say(one, "你好")
        assert await tab1.entry() == await tab2.entry()
        await say(other, "我是别人")
        assert (await foreign.entry())["heard"] == "我是别人"
        assert len(app.state.hub) == 3


async def test_a_tab_too_many_puts_the_oldest_to_rest(rehearsal: Rehearsal, drawer: Drawer) -> None:
    config = WebConfig(streams_per_person=2)
    app = create_app(config, assistant=rehearsal, transcript=rehearsal, files=drawer)
    async with (
        serving(app) as url,
        visitor(url) as client,
        listening(client) as tab1,
        listening(client) as tab2,
        listening(client) as tab3,
    ):
        assert [(await tab1.next())["event"] for _ in range(2)] == ["open", "replaced"]
        await tab2.next()
        await tab3.next()
        await say(client, "你好")
        assert await tab2.entry() == await tab3.entry()


async def test_closed_streams_are_forgotten(app: FastAPI) -> None:
    async with serving(app) as url, visitor(url) as client:
        async with listening(client) as events:
            await events.next()
            assert len(app.state.hub) == 1
        async with asyncio.timeout(30):
            while len(app.state.hub):
                await asyncio.sleep(0.01)


async def test_a_reader_who_does_not_read_holds_nobody_up(
    app: FastAPI, rehearsal: Rehearsal
) -> None:
    big = WELCOME.text * 5000
    rehearsal.answer = lambda _: (WELCOME.__class__(WELCOME.kind, big),)
    async with serving(app) as url, visitor(url) as client, listening(client) as stuck:
        await stuck.next()
        async with asyncio.timeout(30):  # the stuck reader never goes on
            for number in range(15):
                assert (await say(client, f"{number}", after=2 * number)).status_code == 200


async def test_a_stopping_server_ends_its_open_streams(app: FastAPI) -> None:
    async with AsyncExitStack() as opened:
        async with serving(app) as url:
            client = await opened.enter_async_context(visitor(url))
            events = await opened.enter_async_context(listening(client))
            await events.next()
        assert await events.next() == {}  # told its end, not cut off


@pytest.mark.parametrize("cookie", ["", "beian=short"])
async def test_a_stranger_gets_no_stream(app: FastAPI, cookie: str) -> None:
    async with serving(app) as url, httpx.AsyncClient(base_url=url) as client:
        refused = await client.get(EVENTS, headers={"Cookie": cookie})
        assert (refused.status_code, refused.json()["code"]) == (401, "no_visitor")
