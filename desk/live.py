"""Live queues: what changes is worked out once for all who look at the same, then fanned out.

A view keeps its last events as the bytes that go over the wire. A watcher keeps only the number of
the event it has seen, so a slow one costs nothing: it catches up from the view, or, if it fell too
far behind, gets the whole view again.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from secrets import randbelow, token_hex
from time import monotonic
from typing import Any, Final, TypeAlias

from desk.board import Board, Change, Counts, Listed
from desk.queue import Wanted

FLUSH: Final = 0.2
"""Seconds for which changes are gathered into one event."""

BEAT: Final = 15.0
"""Seconds after which watchers hear something although nothing changed."""

KEPT: Final = 128
"""Events a view keeps for those who come back."""

LINGER: Final = 120.0
"""Seconds for which a view that nobody watches is kept, for those who come back."""

STREAMS: Final = 6
"""Open queues of one agent; a further one ends the oldest."""

ADMITTED_FOR: Final = 60.0
"""Seconds after which it is asked again whether a watcher is still logged in."""

Row: TypeAlias = Mapping[str, Any]
"""A conversation as pages show it, in words of one language: plain data, no markup."""

Render: TypeAlias = Callable[[Listed, str, datetime], Row]
"""Puts a conversation into words at a moment."""


@dataclass(frozen=True, slots=True)
class Key:
    """What tells one view from another."""

    wanted: Wanted
    locale: str
    limit: int


@dataclass(eq=False, slots=True)
class Watcher:
    """One open queue: only ever told *that* there is news."""

    agent: str
    is_open: bool = True
    was_replaced: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """There is news."""
        self._news.set()

    def end(self) -> None:
        """Let the stream finish."""
        self.is_open = False
        self._news.set()

    async def wait(self, seconds: float) -> bool:
        """Until there is news; False if there was none for so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True


class View:
    """One queue as some people see it, with its last events."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.watchers: list[Watcher] = []
        self.left_at = monotonic()  # when the last watcher went
        self._epoch = token_hex(4)  # numbers begin anew with every view
        self._number = 0
        self._rows: dict[str, tuple[Listed, Row]] = {}  # in order
        self._counts: Mapping[str, Any] = {}
        self._events: deque[tuple[int, bytes]] = deque(maxlen=KEPT)

    @property
    def event_id(self) -> str:
        """Of the last event."""
        return f"{self._epoch}-{self._number}"

    @property
    def rows(self) -> Iterator[tuple[Listed, Row]]:
        """The conversations in order, with their rows."""
        return iter(self._rows.values())

    def concerns(self, changes: list[Change]) -> bool:
        """Whether any of these changes may show here."""
        wanted = self.key.wanted
        return any(
            one is not None and (wanted.takes(one.docket, one.place))
            for change in changes
            for one in change
        )

    def update(self, board: Board, render: Render, now: datetime) -> bool:
        """Look at the board again; True if there is an event."""
        before = self._rows
        rows: dict[str, tuple[Listed, Row]] = {}
        for listed in board.wanted(self.key.wanted, self.key.limit):
            scope = listed.docket.conversation
            known = before.get(scope)
            is_known = known is not None and known[0] is listed
            rows[scope] = (
                known if known and is_known else (listed, render(listed, self.key.locale, now))
            )
        changed = {scope: row[1] for scope, row in rows.items() if before.get(scope) is not row}
        order = list(rows)
        is_moved = order != list(before)
        self._rows = rows
        patch: dict[str, Any] = {}
        if changed:
            patch["rows"] = changed
        if is_moved:
            patch["order"] = order
        return self._tell(patch, board.counts(), now)

    def recount(self, counts: Counts, now: datetime) -> bool:
        """Take note of counts alone; True if there is an event."""
        return self._tell({}, counts, now)

    def since(self, event_id: str) -> tuple[bytes, str]:
        """All that happened after an event, and the last event's id; the whole view if unknown."""
        epoch, _, number = event_id.partition("-")
        seen = int(number) if number.isascii() and number.isdigit() else -1
        oldest = self._events[0][0] if self._events else self._number + 1
        if epoch != self._epoch or not oldest - 1 <= seen <= self._number:
            return self._whole(), self.event_id
        return b"".join(data for n, data in self._events if n > seen), self.event_id

    def _tell(self, patch: dict[str, Any], counts: Counts, now: datetime) -> bool:
        counted = counts_as_data(counts)
        if counted != self._counts:
            patch["counts"] = self._counts = counted
        if not patch:
            return False
        self._number += 1
        patch["at"] = now.isoformat(timespec="milliseconds")
        self._events.append((self._number, _event("patch", patch, self.event_id)))
        return True

    def _whole(self) -> bytes:
        data = {
            "order": list(self._rows),
            "rows": {scope: row for scope, (_, row) in self._rows.items()},
            "counts": self._counts,
        }
        return _event("whole", data, self.event_id)


def counts_as_data(counts: Counts) -> dict[str, Any]:
    """Counts as pages take them."""
    return {
        "states": {state.value: number for state, number in counts.states.items()},
        "held": dict(counts.held),
    }


@dataclass(slots=True)
class Hub:
    """The live queues of this process."""

    board: Board
    render: Render
    clock: Callable[[], datetime]
    lag: Callable[[], float] = lambda: 0.0  # seconds by which dockets are late
    worked_out: int = 0  # events, so far: however many watch them
    _views: dict[Key, View] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _closed: bool = False

    def wake(self) -> None:
        """Something changed on the board."""
        self._news.set()

    def view(self, key: Key) -> View:
        """The view somebody wants to see, as it now stands."""
        view = self._views.get(key)
        if view is None:
            view = self._views[key] = View(key)
            view.update(self.board, self.render, self.clock())
        return view

    async def run(self, stop: asyncio.Event) -> None:
        """Tell watchers what changes, until told to stop."""
        stopping = asyncio.create_task(stop.wait())
        while not stop.is_set():
            news = asyncio.create_task(self._news.wait())
            await asyncio.wait({news, stopping}, timeout=1, return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
            self.flush()
            await asyncio.wait({stopping}, timeout=FLUSH)
        stopping.cancel()

    def flush(self) -> None:
        """Work out what changed for each view, once."""
        self._news.clear()
        now = self.clock()
        self._forget_unwatched()
        self.board.tick(now)
        changes = self.board.take_changes()
        if not changes:
            return
        counts = self.board.counts()
        for view in list(self._views.values()):
            if view.concerns(changes):
                is_news = view.update(self.board, self.render, now)
            else:
                is_news = view.recount(counts, now)
            if is_news:
                self.worked_out += 1
                for watcher in view.watchers:
                    watcher.wake()

    async def stream(
        self, key: Key, agent: str, seen: str, is_admitted: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[bytes]:
        """The events after one, as they go over the wire, while that person may see them."""
        view = self.view(key)
        with self._watching(view, agent) as watcher:
            # A restart ends all streams at once; they shall not come back at once.
            yield f"retry: {500 + randbelow(1500)}\n\n".encode()
            checked = monotonic()
            while watcher.is_open:
                data, seen = view.since(seen)
                if data:
                    yield data
                if not await watcher.wait(BEAT):
                    yield _event("beat", {"lag": round(self.lag(), 1)})
                if monotonic() - checked >= ADMITTED_FOR:
                    checked = monotonic()
                    if not await is_admitted():
                        yield _event("logged_out", {})
                        return
            if watcher.was_replaced:
                yield _event("replaced", {})

    def close(self) -> None:
        """End every stream: the server is stopping."""
        self._closed = True
        for view in self._views.values():
            for watcher in view.watchers:
                watcher.end()

    def __len__(self) -> int:
        return sum(len(view.watchers) for view in self._views.values())

    @contextmanager
    def _watching(self, view: View, agent: str) -> Iterator[Watcher]:
        watcher = Watcher(agent, is_open=not self._closed)
        others = [
            one for open_ in self._views.values() for one in open_.watchers if one.agent == agent
        ]
        for oldest in others[: len(others) - STREAMS + 1]:
            oldest.was_replaced = True
            oldest.end()
        view.watchers.append(watcher)
        try:
            yield watcher
        finally:
            view.watchers.remove(watcher)
            view.left_at = monotonic()

    def _forget_unwatched(self) -> None:
        until = monotonic() - LINGER
        for key, view in list(self._views.items()):
            if not view.watchers and view.left_at < until:
                del self._views[key]


def _event(kind: str, data: Mapping[str, Any], event_id: str = "") -> bytes:
    """A server-sent event. JSON has no line breaks of its own."""
    head = f"id: {event_id}\n" if event_id else ""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"{head}event: {kind}\ndata: {text}\n\n".encode()
