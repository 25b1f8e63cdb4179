"""Live queues: worked out once for all who look at the same, and never lost."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import desk.live
from desk.board import Board, Listed
from desk.docket import Docket
from desk.dockets import Kept
from desk.live import KEPT, STREAMS, Hub, Key, Row
from desk.queue import State, Wanted
from desk.terms import Terms
from tests.desk.dockets import DAY, HOUR, LIMITS, NOW, HalfAnHour, docket, held, sms

ALL = Key(Wanted(State.ALL), "zh-CN", 50)
WAITING = Key(Wanted(State.WAITING), "zh-CN", 50)


class Clock:
    """Stands until it is moved."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


class Words:
    """Rows of names, counted."""

    rendered = 0

    def __call__(self, listed: Listed, locale: str, now: datetime) -> Row:
        self.rendered += 1
        return {"name": listed.docket.name}


@pytest.fixture
def clock() -> Clock:
    """A clock that stands."""
    return Clock()


@pytest.fixture
def hub(clock: Clock) -> Hub:
    """A hub over an empty board."""
    return Hub(Board(HalfAnHour(), LIMITS), Words(), clock)


def put(hub: Hub, *dockets: Docket) -> None:
    """Let these dockets come in, and tell of it."""
    hub.board.put([Kept(one, Terms()) for one in dockets], hub.clock())
    hub.flush()


def later(one: Docket, **changes: Any) -> Docket:
    """The docket of the next version of the conversation."""
    return replace(one, version=one.version + 1, made_at=one.made_at, **changes)


def read(data: bytes) -> list[tuple[str, Any]]:
    """The events in some bytes."""
    events = []
    for block in data.decode().strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        if "event" in fields:
            events.append((fields["event"], json.loads(fields["data"])))
    return events


async def _yes() -> bool:
    return True


@asynccontextmanager
async def watching(
    hub: Hub, key: Key = ALL, agent: str = "a1", seen: str | None = None
) -> AsyncIterator["Reader"]:
    """Somebody with the queue open."""
    start = hub.view(key).event_id if seen is None else seen
    async with aclosing(hub.stream(key, agent, start, _yes)) as stream:  # type: ignore[type-var]
        reader = Reader(stream)
        await reader.chunk()  # how soon to come back
        yield reader


class Reader:
    """Reads a stream."""

    def __init__(self, stream: AsyncIterator[bytes]) -> None:
        self._stream = stream

    async def chunk(self) -> bytes:
        """What comes next."""
        async with asyncio.timeout(5):
            return await anext(self._stream)

    async def event(self) -> tuple[str, Any]:
        """The only event that comes next."""
        [event] = read(await self.chunk())
        return event


async def test_a_change_reaches_all_who_look_at_the_same_as_the_same_bytes(hub: Hub) -> None:
    words = hub.render
    assert isinstance(words, Words)
    async with watching(hub) as first, watching(hub, agent="a2") as second:
        waiting = [asyncio.create_task(one.chunk()) for one in (first, second)]
        await asyncio.sleep(0)
        put(hub, docket(name="甲", waiting_since=NOW))
        chunks = await asyncio.gather(*waiting)
        assert chunks[0] == chunks[1]
        [(kind, patch)] = read(chunks[0])
        assert kind == "patch"
        assert [row["name"] for row in patch["rows"].values()] == ["甲"]
        assert patch["counts"]["states"]["waiting"] == 1
    assert words.rendered == 1
    assert hub.worked_out == 1


async def test_only_what_changed_is_sent_and_a_move_by_its_order(hub: Hub) -> None:
    one, two = docket(name="甲", waiting_since=NOW), docket(name="乙", waiting_since=NOW - HOUR)
    put(hub, one, two)
    async with watching(hub) as reader:
        waiting = asyncio.create_task(reader.event())
        await asyncio.sleep(0)
        put(hub, later(one, deadlines=(sms(HOUR),)))
        _, patch = await waiting
        assert list(patch["rows"]) == [one.conversation]
        assert patch["order"] == [one.conversation, two.conversation]


async def test_whoever_looks_at_something_else_hears_of_it_by_the_counts_alone(hub: Hub) -> None:
    async with watching(hub, WAITING) as reader:
        waiting = asyncio.create_task(reader.event())
        await asyncio.sleep(0)
        put(hub, docket(holder=held()))
        _, patch = await waiting
        assert "rows" not in patch
        assert patch["counts"]["held"] == {"a1": 1}


async def test_time_alone_moves_a_window_that_closes(hub: Hub, clock: Clock) -> None:
    closing = docket(stage="sms_verification", asking=None, deadlines=(sms(HOUR),))
    put(hub, closing, waiting := docket(waiting_since=NOW))
    assert [row[0].docket for row in hub.view(ALL).rows] == [closing, waiting]
    clock.now = NOW + 2 * HOUR
    hub.flush()
    assert [row[0].docket for row in hub.view(ALL).rows] == [waiting, closing]


async def test_whoever_comes_back_gets_what_they_missed_and_nothing_twice(hub: Hub) -> None:
    put(hub, docket(name="甲"))
    seen = hub.view(ALL).event_id
    for name in "乙丙":
        put(hub, docket(name=name))
    async with watching(hub, seen=seen) as reader:
        events = read(await reader.chunk())
        names = [row["name"] for _, patch in events for row in patch["rows"].values()]
        assert names == ["乙", "丙"]


@pytest.mark.parametrize("seen", ["", "nonsense", "12ab-1", "12ab-99999999999999999999"])
async def test_whoever_comes_from_before_a_restart_gets_the_whole(hub: Hub, seen: str) -> None:
    put(hub, one := docket(name="甲"))
    async with watching(hub, seen=seen) as reader:
        kind, whole = await reader.event()
        assert kind == "whole"
        assert whole["order"] == [one.conversation]
        assert whole["counts"]["states"]["all"] == 1


async def test_a_slow_reader_costs_nothing_and_gets_the_whole_in_the_end(hub: Hub) -> None:
    async with watching(hub) as slow:
        for number in range(KEPT + 10):
            put(hub, docket(name=str(number)))
        kind, whole = await slow.event()
        assert kind == "whole"
        assert len(whole["order"]) == ALL.limit


async def test_a_further_window_of_one_agent_ends_their_oldest(hub: Hub) -> None:
    put(hub, docket())
    streams = [hub.stream(ALL, "a1", hub.view(ALL).event_id, _yes) for _ in range(STREAMS + 1)]
    for stream in streams:
        await anext(stream)
    assert read(await anext(streams[0])) == [("replaced", {})]
    assert len(hub) >= STREAMS
    for stream in streams:
        await stream.aclose()  # type: ignore[attr-defined]
    assert len(hub) == 0


async def test_streams_end_with_the_server_and_with_the_session(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def is_admitted() -> bool:
        return False

    monkeypatch.setattr(desk.live, "ADMITTED_FOR", 0)
    monkeypatch.setattr(desk.live, "BEAT", 0.01)
    stream = hub.stream(ALL, "a1", hub.view(ALL).event_id, is_admitted)
    told = [kind async for chunk in stream for kind, _ in read(chunk)]
    assert told == ["beat", "logged_out"]
    hub.close()
    assert [chunk async for chunk in hub.stream(ALL, "a1", hub.view(ALL).event_id, _yes)][1:] == []


async def test_a_view_nobody_watches_is_forgotten(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = hub.view(ALL)
    assert hub.view(ALL) is first
    monkeypatch.setattr(desk.live, "LINGER", -1)
    hub.flush()
    assert hub.view(ALL) is not first


def test_the_board_counts_what_it_lists_whatever_comes_and_goes() -> None:
    board = Board(HalfAnHour(), LIMITS)
    dockets = [
        docket(waiting_since=NOW, province="江苏"),
        docket(holder=held("a2"), province="广东"),
        docket(deadlines=(sms(HOUR),)),
        docket(moved_at=NOW - 4 * DAY),
        docket(),
    ]

    def take(changed: Iterable[Docket], now: datetime = NOW) -> None:
        board.put([Kept(one, Terms()) for one in changed], now)
        board.tick(now)
        for state in State:
            if state is not State.MINE:
                listed = board.wanted(Wanted(state), 100)
                assert board.counts().of(state) == len(listed), state
        mine = board.wanted(Wanted(State.MINE, agent="a2"), 100)
        assert board.counts().of(State.MINE, "a2") == len(mine)
        keys = [one.place.key for one in board.in_order()]
        assert keys == sorted(keys)
        assert len(keys) == len(board)

    take(dockets)
    assert board.choices("province") == ["广东", "江苏"]
    take([later(dockets[0], waiting_since=None, province="广东")])
    assert board.choices("province") == ["广东"]
    take([dockets[0]])  # an older one changes nothing
    assert board.choices("province") == ["广东"]
    take([later(dockets[1], holder=None)], NOW + timedelta(hours=2))
    board.drop([one.conversation for one in dockets[:3]])
    take([])
    assert len(board) == 2
