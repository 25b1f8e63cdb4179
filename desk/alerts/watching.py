"""Which alerts there should be, seen from who waits, what is open and what failed."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from desk.alerts.alert import TEAM, Alert, AlertKind, Choice
from desk.alerts.ports import AlertStore
from desk.claims import Claims, NoConversation
from desk.ports import ClaimStore
from desk.tasks import Task, Tasks
from desk.waiting import Waiter, Waiters
from dialogs.holding import ClaimLost
from dialogs.ports import DeadLetter
from filing.service_hours import ServiceHours

GATHER: Final = timedelta(seconds=10)
"""How long an alert waits for others to be told with it."""

LETTERS_FOR: Final = timedelta(days=1)
"""How long a message that failed is news."""

_BY_TASK: Final = {
    "overdue": AlertKind.OVERDUE,
    "unanswered": AlertKind.AT_RISK,
    "unreachable": AlertKind.AT_RISK,
}
_PASSING: Final = (
    AlertKind.WAITING,
    AlertKind.LATE,
    AlertKind.AT_RISK,
    AlertKind.OVERDUE,
    AlertKind.FAILED,
)
"""Kinds that end by themselves when there is nothing to see to any more."""


class Letters(Protocol):
    """Where messages that failed are read."""

    async def latest(self, limit: int = 50) -> Sequence[DeadLetter]:
        """The newest, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class Ways:
    """What the operator has set up to reach staff."""

    telegram: bool = False
    team_mail: bool = False

    def to(self, alert: Alert, choices: Iterable[Choice]) -> Iterator[tuple[str, str]]:
        """Whom an alert is told, and how."""
        if self.telegram:
            yield "telegram", TEAM
        if self.team_mail:
            yield "email", TEAM
        for choice in choices:
            if alert.kind in choice.kinds:
                yield "email", choice.agent


def wanted(
    waiters: Iterable[Waiter],
    tasks: Iterable[Task],
    letters: Iterable[DeadLetter],
    hours: ServiceHours,
    now: datetime,
) -> Iterator[Alert]:
    """The alerts there should be now; the same thing has the same key whenever it is looked at."""
    for one in waiters:
        since = one.since
        place = f"{one.conversation}/{since.timestamp():.6f}"
        yield Alert(f"waiting/{place}", AlertKind.WAITING, since, one.filing, one.conversation)
        late_at = hours.first_answer_due(since)
        if late_at <= now:
            yield Alert(f"late/{place}", AlertKind.LATE, late_at, one.filing, one.conversation)
    for task in tasks:
        if (kind := _BY_TASK.get(task.kind)) is not None:
            yield Alert(f"task/{task.key}", kind, task.at, task.filing_id)
    for letter in letters:
        if now - letter.at <= LETTERS_FOR:
            yield Alert(_letter_key(letter), AlertKind.FAILED, letter.at)


def _letter_key(letter: DeadLetter) -> str:
    """A key that is the letter's own, and says nothing of who wrote it."""
    told = (letter.identity.channel, letter.identity.external_id, letter.message_id, letter.at)
    return f"failed/{hashlib.sha256(repr(told).encode()).hexdigest()[:20]}"


@dataclass(slots=True)
class Watch:
    """Looks what there is to see to, and keeps an alert of it. ``listeners`` hear of new ones."""

    waiters: Waiters
    tasks: Tasks
    letters: Letters
    alerts: AlertStore
    hours: ServiceHours
    ways: Ways
    clock: Callable[[], datetime]
    listeners: Sequence[Callable[[Sequence[Alert]], None]] = ()

    async def run(self) -> Sequence[Alert]:
        """Look once; the alerts that are new."""
        now = self.clock()
        found = list(
            wanted(
                await self.waiters.waiting(),
                await self.tasks.open(),
                await self.letters.latest(),
                self.hours,
                now,
            )
        )
        await self.alerts.end(_PASSING, {one.key for one in found}, now)
        return await self.keep(found)

    async def keep(self, found: Sequence[Alert]) -> Sequence[Alert]:
        """Keep alerts, with whom to tell: at once where a legal clock runs, else in hours."""
        if not found:
            return ()
        now = self.clock()
        choices = await self.alerts.choices()
        new: list[Alert] = []
        for is_legal in (True, False):
            some = [one for one in found if one.kind.is_legal is is_legal]
            quiet_until = now if is_legal else self.hours.next_opening(now)
            pings: Mapping[Alert, Sequence[tuple[str, str]]] = {
                one: tuple(self.ways.to(one, choices)) for one in some
            }
            if some:
                new += await self.alerts.keep(pings, now, max(now + GATHER, quiet_until))
        for listener in self.listeners:
            if new:
                listener(new)
        return new


@dataclass(slots=True)
class Silence:
    """Ends claims whose holder fell silent: the conversation waits again, supervisors are told."""

    claims: Claims
    store: ClaimStore
    watch: Watch
    clock: Callable[[], datetime]

    async def run(self) -> int:
        """End those that have run out; how many did."""
        ended = 0
        for held in await self.store.lapsed(self.clock()):
            key = f"silent/{held.id}/{held.epoch}"
            # Kept before it is true: a process that dies in between must not swallow it.
            alert = Alert(key, AlertKind.SILENT, self.clock(), conversation=held.id)
            await self.watch.keep([alert])
            try:
                await self.claims.expire(held.id, held.epoch)
            except (ClaimLost, NoConversation):  # renewed, taken or ended meanwhile
                await self.watch.alerts.end_one(key, self.clock())
                continue
            ended += 1
        return ended
