"""Keeps dockets up with their conversations, beside the turns and never in their way.

Whoever takes turns in this process tells the follower of whom; what other processes changed, or
was missed, it finds by comparing versions. So a docket is late at worst, and how late is known.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from time import monotonic
from typing import Final

from desk.docket import Deadlines, Talked, deadlines_of_record, docket_of
from desk.dockets import Changed, Dockets, Kept, Seen
from desk.limits import Limits, load_limits
from desk.placing import Placing
from desk.terms import Terms
from dialogs.case import Case, FilingRecord
from dialogs.message import Identity
from dialogs.ports import CaseStore, NewerCase
from dialogs.world import World, day_of
from filing.deadline import Deadline

_log = logging.getLogger(__name__)

GATHER: Final = 0.05
"""Seconds for which news is gathered: a burst of messages in one conversation is one docket."""

SWEEP: Final = 5.0
"""Seconds between looks for conversations that nobody told of."""

OVERLAP: Final = timedelta(seconds=30)
"""How far back each look goes: commits take time, and clocks of several machines differ."""

FRESH_FOR: Final = timedelta(days=1)
"""After so long a docket is made anew: dates pass, and rules change."""

MOST: Final = 10_000
"""Conversations that wait here for their docket; of more, sweeps find what is behind in time."""

_BATCH = 64
_TOGETHER = 8  # dockets made before turns have their say: some milliseconds


@dataclass(slots=True)
class DeadlineMemory:
    """Deadlines of filings seen lately: most messages change nothing about a filing.

    They follow from a filing's answers, events and the date alone, and take most of the time it
    takes to make a docket.
    """

    limit: int = 4096
    _known: dict[str, tuple[FilingRecord, date, tuple[Deadline, ...]]] = field(default_factory=dict)

    def __call__(
        self, case: Case, record: FilingRecord, now: datetime, world: World
    ) -> tuple[Deadline, ...]:
        """See ``desk.docket.Deadlines``."""
        today = day_of(now)
        known = self._known.pop(record.id, None)
        if known is None or known[0] is not record or known[1] != today:
            known = (record, today, deadlines_of_record(case, record, now, world))
        self._known[record.id] = known  # the latest last
        if len(self._known) > self.limit:
            del self._known[next(iter(self._known))]
        return known[2]


@dataclass(slots=True)
class Follower:
    """Makes dockets of what changed. ``listeners`` hear of those just put."""

    cases: CaseStore
    dockets: Dockets
    world: World
    clock: Callable[[], datetime]
    limits: Limits = field(default_factory=load_limits)
    listeners: list[Callable[[Sequence[Kept]], None]] = field(default_factory=list)
    made: int = 0  # dockets, so far
    deadlines: DeadlineMemory = field(default_factory=DeadlineMemory)
    _told: dict[Identity, float] = field(default_factory=dict)  # and when, oldest first
    _found: dict[str, None] = field(default_factory=dict)  # conversations, oldest first
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _swept_at: datetime | None = None
    _walked_to: Changed | None = None  # through all conversations, the latest first
    _walks: int = 0  # that came to their end
    _last_lag: float = 0.0

    @property
    def placing(self) -> Placing:
        """By which dockets are placed."""
        return Placing.by(self.world.provider.service_hours, self.limits)

    def tell(self, identity: Identity) -> None:
        """Something was committed for this person."""
        if len(self._told) < MOST:
            self._told.setdefault(identity, monotonic())
        self._news.set()

    def look_at(self, conversation: str) -> None:
        """Something beside a conversation changed, such as its tasks."""
        self._found.setdefault(conversation)
        self._news.set()

    @property
    def behind(self) -> int:
        """How many conversations wait for their docket, as far as is known."""
        return len(self._told) + len(self._found)

    @property
    def lag(self) -> float:
        """Seconds by which the last docket was late, or by which the next one is."""
        oldest = next(iter(self._told.values()), None)
        return self._last_lag if oldest is None else max(monotonic() - oldest, self._last_lag)

    async def catch_up(self) -> None:
        """Make all the dockets that are missing or behind."""
        self._walked_to, walks = None, self._walks
        while self._walks == walks or self._told or self._found:
            if self._walks == walks:
                await self.sweep()
            while self._told or self._found:
                await self.work()

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until told to stop."""
        stopping = asyncio.create_task(stop.wait())
        next_sweep = 0.0
        try:
            while not stop.is_set():
                try:
                    if monotonic() >= next_sweep or not (self._walks or self._found):
                        next_sweep = monotonic() + SWEEP
                        await self.sweep()
                    await self.work()
                except Exception as error:  # the database may be back in a moment
                    _log.warning("dockets cannot be kept: %s", type(error).__name__)
                    await asyncio.wait({stopping}, timeout=SWEEP)
                    continue
                if not self._found:
                    await self._wait(stopping, next_sweep - monotonic())
                await asyncio.wait({stopping}, timeout=GATHER)
        finally:
            stopping.cancel()

    async def _wait(self, stopping: "asyncio.Task[bool]", seconds: float) -> None:
        """Until there is news, the stop, or the next sweep."""
        if self._told or seconds <= 0:
            return
        self._news.clear()
        news = asyncio.create_task(self._news.wait())
        await asyncio.wait({news, stopping}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        news.cancel()

    async def sweep(self) -> None:
        """Find what changed lately and nobody told of, and what is behind among some others.

        In time those others are all, so memory and time of a sweep do not grow with their number.
        The first walk through them finds what was placed by other limits than this process's.
        """
        if len(self._found) >= MOST:
            return
        now = self.clock()
        fresh = now - FRESH_FOR
        lately = None if self._swept_at is None else (self._swept_at - OVERLAP, "")
        while lately is not None and len(self._found) < MOST:
            found = await self.dockets.behind(lately, fresh)
            self._find(found.behind)
            lately = found.end
        if lately is None:  # else the next sweep begins where this one did
            self._swept_at = now
        mark = None if self._walks else self.placing.mark
        found = await self.dockets.behind(self._walked_to, fresh, newest_first=True, mark=mark)
        self._find(found.behind)
        self._walked_to = found.end
        if found.end is None:
            self._walks += 1

    def _find(self, conversations: Iterable[str]) -> None:
        for conversation in conversations:
            self._found.setdefault(conversation)

    async def work(self) -> None:
        """Make a batch of dockets: of those told of, and of some found."""
        told = list(islice(self._told.items(), _BATCH))
        found = list(islice(self._found, _BATCH - len(told) or 1))
        if not told and not found:
            return
        for identity, _ in told:
            self._told.pop(identity, None)
        for conversation in found:
            self._found.pop(conversation, None)
        now = self.clock()
        opened: list[Case] = []
        for identity, _ in told:
            try:
                opened.append(await self.cases.open(identity, now, "zh-CN"))
            except NewerCase:  # its own version follows it
                continue
        cases = {case.conversation_id: case for case in opened if case.version}
        for case in await self.dockets.cases(found) if found else ():
            known = cases.get(case.conversation_id)
            if known is None or known.version < case.version:
                cases[case.conversation_id] = case
        await self._make(cases.values())
        if told:
            self._last_lag = monotonic() - min(at for _, at in told)

    async def _make(self, cases: Iterable[Case]) -> None:
        by_id = {case.conversation_id: case for case in cases}
        if not by_id:
            return
        beside = await self.dockets.beside(list(by_id))
        made: list[Kept] = []
        for number, (scope, case) in enumerate(by_id.items(), start=1):
            if scope not in beside:
                continue
            try:
                made.append(make(case, beside[scope], self.clock(), self.world, self.deadlines))
            except Exception as error:  # one case must not hold up the others
                _log.error("docket of %s cannot be made: %s", scope, type(error).__name__)
            if number % _TOGETHER == 0:
                await asyncio.sleep(0)  # turns go first
        if made:
            await self.dockets.put(made, self.placing)
            self.made += len(made)
            for listener in self.listeners:
                listener(made)


def make(
    case: Case,
    seen: Seen,
    now: datetime,
    world: World,
    deadlines: Deadlines = deadlines_of_record,
) -> Kept:
    """The docket of a case, and the fingerprint of its words."""
    before = seen.before
    talked = before.docket.talked if before is not None else Talked()
    terms = before.terms if before is not None else Terms()
    return Kept(
        docket_of(case, talked.after(seen.lines), seen.tasks, now, world, deadlines),
        terms.with_texts(line.text for line in seen.lines if line.text),
    )
