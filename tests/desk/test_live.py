"""Live queues: worked out once for all who look at the same, and never lost."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

import desk.live
from desk.docket import Docket
from desk.dockets import Kept
from desk.gathering import Gatherer
from desk.listing import Listed
from desk.live import KEPT, SINGLY, STREAMS, VIEWS, Hub, Key, Row
from desk.placing import Placing
from desk.queue import State, Wanted
from desk.terms import Terms
from storage.memory.dockets import MemoryDockets
from storage.memory.listing import MemoryListing, PlacedDocket
from storage.memory.shared import Memory
from storage.ports import StorePolicy
from tests.desk.dockets import HOUR, LIMITS, NOW, HalfAnHour, docket, held, sms

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


PLACING = Placing.by(HalfAnHour(), LIMITS)


class Stored(MemoryListing):
    """Dockets in memory, which counts how many are opened."""

    def __init__(self) -> None:
        self.placed: dict[str, PlacedDocket] = {}
        self.opened = 0
        super().__init__(lambda: self.placed)

    def put(self, one: Docket, now: datetime) -> None:
        """Store a docket where it stands at a moment."""
        self.placed[one.conversation] = PlacedDocket.by(Kept(one, Terms()), PLACING, now)

    async def dockets(self, conversations: Collection[str]) -> Mapping[str, Docket]:
        """Counted."""
        self.opened += len(conversations)
        return await super().dockets(conversations)


@pytest.fixture
def stored() -> Stored:
    """What is stored: nothing yet."""
    return Stored()


@pytest.fixture
def hub(clock: Clock, stored: Stored, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub over what is stored, which counts at once."""
    monkeypatch.setattr(desk.live, "SPARE", 0)
    return Hub(stored, PLACING, Words(), clock)


async def put(hub: Hub, *dockets: Docket) -> None:
    """Let these dockets come in, and tell of it."""
    assert isinstance(hub.listing, Stored)
    for one in dockets:
        hub.listing.put(one, hub.clock())
    hub.hear(dockets)
    await hub.flush()


async def shown(hub: Hub, key: Key = ALL) -> list[Docket]:
    """Who is shown."""
    return [listed.docket for listed, _ in (await hub.view(key)).rows]


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
    start = (await hub.view(key)).event_id if seen is None else seen
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
        async with asyncio.timeout(30):
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
        await put(hub, docket(name="甲", waiting_since=NOW))
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
    await put(hub, one, two)
    async with watching(hub) as reader:
        waiting = asyncio.create_task(reader.event())
        await asyncio.sleep(0)
        await put(hub, later(one, deadlines=(sms(HOUR),)))
        _, patch = await waiting
        assert list(patch["rows"]) == [one.conversation]
        assert patch["order"] == [one.conversation, two.conversation]


async def test_whoever_looks_at_something_else_hears_of_it_by_the_counts_alone(hub: Hub) -> None:
    async with watching(hub, WAITING) as reader:
        waiting = asyncio.create_task(reader.event())
        await asyncio.sleep(0)
        await put(hub, docket(holder=held()))
        _, patch = await waiting
        assert "rows" not in patch
        assert patch["counts"]["held"] == {"a1": 1}


async def test_time_alone_moves_a_window_that_closes(
    hub: Hub, clock: Clock, stored: Stored
) -> None:
    closing = docket(stage="sms_verification", asking=None, deadlines=(sms(HOUR),))
    await put(hub, closing, waiting := docket(waiting_since=NOW))
    assert await shown(hub) == [closing, waiting]
    clock.now = NOW + 2 * HOUR
    gatherer = Gatherer(MemoryDockets(Memory(), StorePolicy()), stored, PLACING, clock, hub)
    await gatherer.look()
    await hub.flush()
    assert await shown(hub) == [waiting, closing]


async def test_whoever_comes_back_gets_what_they_missed_and_nothing_twice(hub: Hub) -> None:
    await put(hub, docket(name="甲"))
    seen = (await hub.view(ALL)).event_id
    for name in "乙丙":
        await put(hub, docket(name=name))
    async with watching(hub, seen=seen) as reader:
        events = read(await reader.chunk())
        names = [row["name"] for _, patch in events for row in patch["rows"].values()]
        assert names == ["乙", "丙"]


@pytest.mark.parametrize("seen", ["", "nonsense", "12ab-1", "12ab-99999999999999999999"])
async def test_whoever_comes_from_before_a_restart_gets_the_whole(hub: Hub, seen: str) -> None:
    await put(hub, one := docket(name="甲"))
    async with watching(hub, seen=seen) as reader:
        kind, whole = await reader.event()
        assert kind == "whole"
        assert whole["order"] == [one.conversation]
        assert whole["counts"]["states"]["all"] == 1


async def test_a_slow_reader_costs_nothing_and_gets_the_whole_in_the_end(hub: Hub) -> None:
    async with watching(hub) as slow:
        for number in range(KEPT + 10):
            await put(hub, docket(name=str(number)))
        kind, whole = await slow.event()
        assert kind == "whole"
        assert len(whole["order"]) == ALL.limit


async def test_a_further_window_of_one_agent_ends_their_oldest(hub: Hub) -> None:
    await put(hub, docket())
    streams = [
        hub.stream(ALL, "a1", (await hub.view(ALL)).event_id, _yes) for _ in range(STREAMS + 1)
    ]
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
    stream = hub.stream(ALL, "a1", (await hub.view(ALL)).event_id, is_admitted)
    told = [kind async for chunk in stream for kind, _ in read(chunk)]
    assert told == ["beat", "logged_out"]
    hub.close()
    assert [chunk async for chunk in hub.stream(ALL, "a1", (await hub.view(ALL)).event_id, _yes)][
        1:
    ] == []


async def test_a_view_nobody_watches_is_forgotten(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await hub.view(ALL)
    assert await hub.view(ALL) is first
    monkeypatch.setattr(desk.live, "LINGER", -1)
    await hub.flush()
    assert await hub.view(ALL) is not first


async def test_only_what_changed_and_shows_is_opened(hub: Hub, stored: Stored) -> None:
    waiting = [docket(waiting_since=NOW) for _ in range(3)]
    await put(hub, *waiting, *(docket() for _ in range(10)))
    await hub.view(WAITING)
    assert stored.opened == 3
    await put(hub, docket())  # concerns nobody who looks
    await put(hub, later(waiting[0], name="甲"))  # made here: it need not be opened
    assert stored.opened == 3
    stored.put(later(later(waiting[0]), name="乙"), NOW)
    hub.hear_of([waiting[0].conversation])  # by another process
    await hub.flush()
    assert stored.opened == 4
    assert sorted(one.name for one in await shown(hub, WAITING)) == ["", "", "乙"]


async def test_whoever_is_gone_leaves_when_the_queue_is_read_again(
    hub: Hub, stored: Stored
) -> None:
    await put(hub, gone := docket(), stays := docket())
    assert len(await shown(hub)) == 2
    del stored.placed[gone.conversation]
    hub.hear_of(None)
    await hub.flush()
    assert await shown(hub) == [stays]


async def test_a_page_behind_another_one_shows_who_follows_and_stays_behind_it(hub: Hub) -> None:
    waiting = [docket(waiting_since=NOW + n * HOUR) for n in range(5)]
    await put(hub, *waiting)
    first = replace(WAITING, limit=2)
    assert await shown(hub, first) == waiting[:2]
    behind = replace(first, after=(await hub.view(first)).last)
    assert await shown(hub, behind) == waiting[2:4]
    await put(hub, urgent := docket(waiting_since=NOW - HOUR))
    assert await shown(hub, behind) == waiting[2:4]
    assert await shown(hub, first) == [urgent, waiting[0]]


async def test_what_a_hub_remembers_is_bounded_whatever_it_hears_and_is_asked(hub: Hub) -> None:
    for limit in range(VIEWS + 50):
        await hub.view(Key(Wanted(State.ALL), "zh-CN", limit + 1))
    await hub.flush()
    assert len(hub._views) == VIEWS
    for number in range(SINGLY + 50):
        hub.hear_of([f"c{number}"])
    assert len(hub._heard) <= SINGLY


async def test_counting_takes_a_small_part_of_the_time(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.live, "SPARE", float("inf"))
    counted = (await hub.counts()).of(State.ALL)
    await put(hub, docket())
    assert (await hub.counts()).of(State.ALL) == counted == 0  # for a while
    monkeypatch.setattr(desk.live, "SPARE", 0)
    await hub.flush()  # nothing else has changed: it is remembered
    assert (await hub.counts()).of(State.ALL) == 1
