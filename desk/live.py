"""Live queues: what changes is worked out once for all who look at the same, then fanned out.

A view is the first so many of what somebody wants to see, read from the database; of what changed
only those views are read again in which it may show, and only the dockets that changed are opened.
A view keeps its last events as the bytes that go over the wire. A watcher keeps only the number of
the event it has seen, so a slow one costs nothing: it catches up from the view, or, if it fell too
far behind, gets the whole view again.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from secrets import randbelow, token_hex
from time import monotonic
from typing import Any, Final, TypeAlias

from desk.docket import Docket
from desk.listing import Counts, Listed, Listing, Mark
from desk.placing import Placing
from desk.queue import OrderKey, Wanted

_log = logging.getLogger(__name__)

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

VIEWS: Final = 256
"""Views kept; of more, those that nobody watches are forgotten at once."""

SINGLY: Final = 500
"""Changes looked at one by one; after more, all views are read again."""

SPARE: Final = 20.0
"""Counting takes at most this part of the time (one twentieth): counts may be as much older."""

ADMITTED_FOR: Final = 60.0
"""Seconds after which it is asked again whether a watcher is still logged in."""

Row: TypeAlias = Mapping[str, Any]
"""A conversation as pages show it, in words of one language: plain data, no markup."""

Render: TypeAlias = Callable[[Listed, str, datetime], Row]
"""Puts a conversation into words at a moment."""


Words: TypeAlias = Callable[[Listed, str], Row]
"""The same at a given moment."""


@dataclass(frozen=True, slots=True)
class Key:
    """What tells one view from another."""

    wanted: Wanted
    locale: str
    limit: int
    after: OrderKey | None = None  # those behind that one


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
        self._rows: dict[str, tuple[Mark, Listed, Row]] = {}  # in order
        self._counts: Mapping[str, Any] = {}
        self._events: deque[tuple[int, bytes]] = deque(maxlen=KEPT)

    @property
    def event_id(self) -> str:
        """Of the last event."""
        return f"{self._epoch}-{self._number}"

    @property
    def rows(self) -> Iterator[tuple[Listed, Row]]:
        """The conversations in order, with their rows."""
        return ((listed, row) for _, listed, row in self._rows.values())

    @property
    def last(self) -> OrderKey | None:
        """The place of the last one shown."""
        return next((mark.key for mark, _, _ in reversed(self._rows.values())), None)

    def concerns(self, changes: Mapping[str, Listed | None]) -> bool:
        """Whether any of these changes may show here. None: it can no longer be read."""
        return any(
            scope in self._rows or (listed is not None and self._reaches(listed))
            for scope, listed in changes.items()
        )

    def unopened(self, marks: Sequence[Mark], changes: Mapping[str, Listed | None]) -> list[str]:
        """Whose dockets have to be read before ``update``."""
        return [
            mark.conversation
            for mark in marks
            if not self._knows(mark) and not _is_of(mark, changes.get(mark.conversation))
        ]

    def update(
        self, marks: Sequence[Mark], opened: Mapping[str, Listed | None], words: Words
    ) -> dict[str, Any]:
        """Show these, in their order; what is new of it."""
        before = self._rows
        rows: dict[str, tuple[Mark, Listed, Row]] = {}
        for mark in marks:
            scope = mark.conversation
            if self._knows(mark):
                rows[scope] = before[scope]
            elif (listed := opened.get(scope)) is not None:
                rows[scope] = (mark, listed, words(listed, self.key.locale))
        changed = {scope: row[2] for scope, row in rows.items() if before.get(scope) is not row}
        self._rows = rows
        patch: dict[str, Any] = {}
        if changed:
            patch["rows"] = changed
        if list(rows) != list(before):
            patch["order"] = list(rows)
        return patch

    def tell(self, patch: dict[str, Any], counts: Counts, now: datetime) -> bool:
        """Make an event of what is new, and of counts that are; True if there is one."""
        counted = counts_as_data(counts)
        if counted != self._counts:
            patch["counts"] = self._counts = counted
        if not patch:
            return False
        self._number += 1
        patch["at"] = now.isoformat(timespec="milliseconds")
        self._events.append((self._number, _event("patch", patch, self.event_id)))
        return True

    def since(self, event_id: str) -> tuple[bytes, str]:
        """All that happened after an event, and the last event's id; the whole view if unknown."""
        epoch, _, number = event_id.partition("-")
        seen = int(number) if number.isascii() and number.isdigit() else -1
        oldest = self._events[0][0] if self._events else self._number + 1
        if epoch != self._epoch or not oldest - 1 <= seen <= self._number:
            return self._whole(), self.event_id
        return b"".join(data for n, data in self._events if n > seen), self.event_id

    def _knows(self, mark: Mark) -> bool:
        known = self._rows.get(mark.conversation)
        return known is not None and known[0] == mark

    def _reaches(self, listed: Listed) -> bool:
        if not self.key.wanted.takes(listed.docket, listed.place):
            return False
        after, last = self.key.after, self.last
        if after is not None and listed.place.key <= after:
            return False
        return last is None or len(self._rows) < self.key.limit or listed.place.key < last

    def _whole(self) -> bytes:
        data = {
            "order": list(self._rows),
            "rows": {scope: row for scope, (_, _, row) in self._rows.items()},
            "counts": self._counts,
        }
        return _event("whole", data, self.event_id)


def counts_as_data(counts: Counts) -> dict[str, Any]:
    """Counts as pages take them."""
    return {
        "states": {state.value: number for state, number in counts.states.items()},
        "held": dict(counts.held),
    }


def _is_of(mark: Mark, listed: Listed | None) -> bool:
    """Whether a docket is the one that is marked."""
    if listed is None:
        return False
    return (listed.docket.version, listed.docket.made_at) == (mark.version, mark.made_at)


@dataclass(slots=True)
class Hub:
    """The live queues of this process."""

    listing: Listing
    placing: Placing
    render: Render
    clock: Callable[[], datetime]
    lag: Callable[[], float] = lambda: 0.0  # seconds by which dockets are late
    worked_out: int = 0  # events, so far: however many watch them
    _views: dict[Key, View] = field(default_factory=dict)
    _heard: dict[str, Docket | None] = field(default_factory=dict)  # None: to be read
    _any: bool = False  # whatever changed was not named
    _counts: Counts | None = None
    _counting: float = 0.0  # seconds it took
    _counted_at: float = 0.0
    _is_counted: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    _closed: bool = False

    def hear(self, dockets: Collection[Docket]) -> None:
        """These stand as they are now."""
        self._heard.update((one.conversation, one) for one in dockets)
        self._wake()

    def hear_of(self, conversations: Collection[str] | None) -> None:
        """Something changed about these; None: about any."""
        if conversations is None:
            self._any = True
        elif not conversations:
            return
        else:
            self._heard.update((one, None) for one in conversations)
        self._wake()

    async def view(self, key: Key) -> View:
        """The view somebody wants to see, as it now stands."""
        async with self._one_at_a_time:
            view = self._views.get(key)
            if view is None:
                view, now = View(key), self.clock()
                view.tell(await self._look(view, {}, now), await self._count(), now)
                self._views[key] = view
            view.left_at = monotonic()
            return view

    async def counts(self) -> Counts:
        """How many there are of each kind, as open queues show them."""
        async with self._one_at_a_time:
            return self._counts or await self._count()

    async def run(self, stop: asyncio.Event) -> None:
        """Tell watchers what changes, until told to stop."""
        stopping = asyncio.create_task(stop.wait())
        while not stop.is_set():
            news = asyncio.create_task(self._news.wait())
            await asyncio.wait({news, stopping}, timeout=1, return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
            try:
                await self.flush()
            except Exception as error:  # the database may be back in a moment
                self._any = True
                _log.warning("the queue cannot be read: %s", type(error).__name__)
            await asyncio.wait({stopping}, timeout=FLUSH)
        stopping.cancel()

    async def flush(self) -> None:
        """Work out what changed for each view, once."""
        async with self._one_at_a_time:
            self._news.clear()
            self._forget_unwatched()
            heard, self._heard = self._heard, {}
            is_any, self._any = self._any or len(heard) > SINGLY, False
            if heard or is_any:
                self._is_counted = False
            elif self._is_counted:
                return
            now = self.clock()
            changes = {} if is_any else await self._changes(heard, now)
            counts = self._counts
            if counts is None or monotonic() - self._counted_at >= self._counting * SPARE:
                counts = await self._count()
            for view in list(self._views.values()):
                patch: dict[str, Any] = {}
                if is_any or view.concerns(changes):
                    patch = await self._look(view, changes, now)
                if view.tell(patch, counts, now):
                    self.worked_out += 1
                    for watcher in view.watchers:
                        watcher.wake()

    async def stream(
        self, key: Key, agent: str, seen: str, is_admitted: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[bytes]:
        """The events after one, as they go over the wire, while that person may see them."""
        view = await self.view(key)
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

    async def _look(
        self, view: View, changes: Mapping[str, Listed | None], now: datetime
    ) -> dict[str, Any]:
        """Read a view again; what is new of it."""
        key = view.key
        marks = await self.listing.first(key.wanted, key.limit, key.after)
        opened = dict(changes)
        if unopened := view.unopened(marks, changes):
            opened |= self._listed(await self.listing.dockets(unopened), now)
        return view.update(marks, opened, lambda listed, locale: self.render(listed, locale, now))

    async def _changes(
        self, heard: Mapping[str, Docket | None], now: datetime
    ) -> dict[str, Listed | None]:
        """Where those stand now of whom something was heard."""
        unread = [scope for scope, docket in heard.items() if docket is None]
        read = await self.listing.dockets(unread) if unread and self._views else {}
        changes: dict[str, Listed | None] = dict.fromkeys(heard)
        return changes | self._listed({k: v for k, v in heard.items() if v} | dict(read), now)

    def _listed(self, dockets: Mapping[str, Docket], now: datetime) -> dict[str, Listed]:
        return {scope: Listed(one, self.placing(one, now)) for scope, one in dockets.items()}

    async def _count(self) -> Counts:
        began = monotonic()
        self._counts = counts = await self.listing.counts()
        self._counted_at, self._is_counted = monotonic(), True
        self._counting = self._counted_at - began
        return counts

    def _wake(self) -> None:
        if len(self._heard) > SINGLY:
            self._heard, self._any = {}, True
        self._news.set()

    def _forget_unwatched(self) -> None:
        until, most = monotonic() - LINGER, VIEWS
        unwatched = [one for one in self._views.values() if not one.watchers]
        unwatched.sort(key=lambda view: view.left_at)
        for number, view in enumerate(unwatched):
            if view.left_at < until or len(unwatched) - number > most:
                del self._views[view.key]


def _event(kind: str, data: Mapping[str, Any], event_id: str = "") -> bytes:
    """A server-sent event. JSON has no line breaks of its own."""
    head = f"id: {event_id}\n" if event_id else ""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"{head}event: {kind}\ndata: {text}\n\n".encode()
