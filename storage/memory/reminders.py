"""Reminders in memory."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import takewhile

from desk.tasks import Task
from dialogs.message import Identity
from dialogs.ports import WITHDRAWN, LostClaim
from dialogs.reminding import (
    HELD,
    Claimed,
    Purpose,
    Reminder,
    ReminderStatus,
    Settled,
    StaffTask,
    rung_of,
)
from scheduler.notices import ARRIVED, REFUSED, UNKNOWN
from scheduler.ports import (
    CHANNEL_DOWN,
    LATE,
    LEASE,
    Attempt,
    Figures,
    Outcome,
    ReminderRecord,
    Stuck,
)
from scheduler.reconcile import Known, reconcile
from storage.memory.shared import Memory

_S = ReminderStatus
_CAME_BACK = {"sent": "sent", "undeliverable": "refused", WITHDRAWN: WITHDRAWN}
_DELIVERY = {_S.HANDED: "handed", _S.SENT: "sent", _S.FAILED: "refused"}


@dataclass(slots=True)
class _Try:
    at: datetime
    fence: int
    status: str = "begun"
    way: Identity | None = None
    outgoing_id: str | None = None
    reason: str | None = None
    settled_at: datetime | None = None


@dataclass(slots=True)
class _Row:
    reminder: Reminder
    status: ReminderStatus
    due_at: datetime | None
    fence: int = 0
    outgoing_id: str | None = None
    reason: str | None = None
    settled_at: datetime | None = None
    tries: list[_Try] = field(default_factory=list)

    @property
    def tried(self) -> frozenset[Identity]:
        """On which ways it went out before."""
        return frozenset(
            one.way
            for one in self.tries
            if one.way is not None and one.outgoing_id and one.status != WITHDRAWN
        )

    @property
    def known(self) -> Known:
        one = self.reminder
        return Known(one.key, one.deadline, one.at, one.deadline_at, self.status, self.settled_at)


class MemoryReminders:
    """``ReminderStore`` in memory; ``check``, ``plan`` and ``settle`` serve the case store."""

    def __init__(self, memory: Memory, lease: timedelta = LEASE) -> None:
        self._memory = memory
        self._lease = lease
        self._rows: dict[str, _Row] = {}

    # --- with a turn -----------------------------------------------------------------------

    def check(self, settled: Iterable[Settled]) -> None:
        """Raise ``LostClaim`` unless every reminder is held under its fence."""
        for one in settled:
            row = self._rows.get(one.key)
            if row is None or row.status is not _S.SENDING or row.fence != one.fence:
                raise LostClaim(f"reminder {one.key} is not held under fence {one.fence}")

    def plan(self, wanted: Mapping[str, tuple[Reminder, ...]], now: datetime) -> None:
        """Make the reminders of some filings those wanted."""
        for filing_id, reminders in wanted.items():
            known = [
                row.known for row in self._rows.values() if row.reminder.filing_id == filing_id
            ]
            changes = reconcile(known, reminders, now)
            for key in changes.cancel:
                row = self._rows[key]
                if row.status is _S.HANDED and row.outgoing_id is not None:
                    self._memory.withdraw(row.outgoing_id, now)
                row.status, row.due_at, row.settled_at = _S.CANCELLED, None, now
            for one in changes.move:
                row = self._rows[one.key]
                row.reminder, row.due_at, row.reason = one, one.at, None
            for one, status in changes.add:
                waits = status is _S.PLANNED
                row = self._rows.setdefault(one.key, _Row(one, status, None))
                row.reminder, row.status, row.reason = one, status, None
                row.due_at, row.settled_at = (one.at, None) if waits else (None, now)

    def settle(self, settled: Iterable[Settled], tasks: Iterable[StaffTask], now: datetime) -> None:
        """Note what a sweeper did with the reminders it held."""
        for one in settled:
            row = self._rows[one.key]
            waits = one.status is _S.PLANNED
            row.status, row.outgoing_id, row.reason = one.status, one.outgoing_id, one.reason
            row.due_at = (one.again_at or now) if waits else None
            row.settled_at = None if waits else now
            tried = row.tries[-1]
            tried.status = _DELIVERY.get(one.status, "dropped")
            tried.way, tried.outgoing_id = one.way, one.outgoing_id
            tried.reason, tried.settled_at = one.reason, now
        for task in tasks:
            kept = Task(task.key, task.filing_id, task.kind, task.at, task.deadline, task.note)
            self._memory.tasks.setdefault(task.key, kept)

    def all(self) -> Iterator[tuple[Reminder, ReminderStatus, datetime | None]]:
        """Every reminder with what became of it, and when."""
        for row in self._rows.values():
            yield row.reminder, row.status, row.settled_at

    def release(self, filings: Iterable[str], now: datetime) -> None:
        """Make what was put off while somebody had the conversation due again."""
        for row in self._rows.values():
            is_off = row.status is _S.PLANNED and row.reason == HELD
            if is_off and row.reminder.filing_id in filings:
                row.due_at, row.reason = now, None

    def forget(self, filings: set[str]) -> None:
        """Erase what belongs to some filings."""
        self._rows = {
            key: row for key, row in self._rows.items() if row.reminder.filing_id not in filings
        }
        tasks = self._memory.tasks
        self._memory.tasks = {k: v for k, v in tasks.items() if v.filing_id not in filings}

    # --- the port --------------------------------------------------------------------------

    async def claim(self, now: datetime, limit: int) -> Sequence[Claimed]:
        """See ``ReminderStore``."""
        due = sorted(
            (row for row in self._rows.values() if row.due_at is not None and row.due_at <= now),
            key=lambda row: (row.due_at, row.reminder.key),
        )
        filings = {row.reminder.filing_id for row in due[:limit]}
        claimed: list[Claimed] = []
        for row in due:
            if row.reminder.filing_id not in filings:
                continue
            row.status, row.due_at = _S.SENDING, now + self._lease
            row.fence += 1
            ways = self._ways(row.reminder.filing_id)
            tried = row.tried
            faults = takewhile(lambda one: one.status == "begun", reversed(row.tries))
            attempt = sum(1 for _ in faults) + 1
            row.tries.append(_Try(now, row.fence))
            if ways:
                claimed.append(Claimed(row.reminder, row.fence, attempt, ways[0], ways, tried))
        return claimed

    async def follow_up(self, now: datetime, limit: int) -> Sequence[Outcome]:
        """See ``ReminderStore``."""
        outcomes: list[Outcome] = []
        for key, row in sorted(self._rows.items()):
            if row.status is not _S.HANDED or len(outcomes) == limit:
                continue
            came = self._memory.outcomes.get(row.outgoing_id or "")
            if came is None:
                continue
            became, reason, at = came
            sent = became == "sent"
            row.status = _S.SENT if sent else _S.PLANNED
            row.due_at, row.settled_at = (None, at) if sent else (now, None)
            row.reason = reason
            tried = row.tries[-1]
            tried.status, tried.reason, tried.settled_at = _CAME_BACK[became], reason, at
            if became == WITHDRAWN:  # nothing was tried
                continue
            late = max(timedelta(0), at - row.reminder.at)
            outcomes.append(Outcome(key, row.reminder.kind, sent, late, reason))
        return outcomes

    async def stuck(self, since: datetime, after: str, limit: int) -> Sequence[Stuck]:
        """See ``ReminderStore``."""
        found = [
            Stuck(
                key,
                row.outgoing_id or "",
                self._ways(row.reminder.filing_id),
                row.tried,
            )
            for key, row in sorted(self._rows.items())
            if key > after
            and row.status is _S.HANDED
            and self._memory.waits(row.outgoing_id or "")
            and row.tries[-1].settled_at is not None
            and row.tries[-1].settled_at <= since
        ]
        return found[:limit]

    async def take_back(self, outgoing_ids: Sequence[str], now: datetime) -> int:
        """See ``ReminderStore``."""
        taken = [one for one in outgoing_ids if self._memory.waits(one)]
        for one in taken:
            del self._memory.waiting[one]
            self._memory.outcomes[one] = ("undeliverable", CHANNEL_DOWN, now)
        return len(taken)

    async def told(
        self, way: Identity, platform_id: str | None, now: datetime, *, arrived: bool
    ) -> bool:
        """See ``ReminderStore``."""
        outcomes, sent = self._memory.outcomes, self._memory.sent
        taken = [
            one
            for one in outcomes
            if one in sent
            and sent[one].identity == way
            and (
                self._memory.platform_ids.get(one) == platform_id
                if platform_id
                else outcomes[one][0] == "sent"
            )
        ]
        if not taken:
            return False
        became, reason, at = outcomes[taken[-1]]
        if became != "sent" or reason == ARRIVED:  # told before
            return True
        if arrived:
            outcomes[taken[-1]] = ("sent", ARRIVED, at)
        else:
            self.come_back(taken[-1], REFUSED, now)
        return True

    async def doubt(self, channels: Sequence[str], after: datetime, before: datetime) -> int:
        """See ``ReminderStore``."""
        unheard = {
            row.outgoing_id: row.settled_at
            for row in self._rows.values()
            if row.status is _S.SENT
            and row.outgoing_id in self._memory.sent
            and self._memory.sent[row.outgoing_id].identity.channel in channels
            and self._memory.outcomes[row.outgoing_id][1] != ARRIVED
            and row.settled_at is not None
            and after < row.settled_at <= before
        }
        for one, at in unheard.items():
            self.come_back(one, UNKNOWN, at)
        return len(unheard)

    def come_back(self, outgoing_id: str, reason: str, at: datetime) -> None:
        """Let a message count as refused after all; its reminder is followed up anew."""
        self._memory.outcomes[outgoing_id] = ("undeliverable", reason, at)
        for row in self._rows.values():
            if row.outgoing_id == outgoing_id and row.status is _S.SENT:
                row.status, row.settled_at = _S.HANDED, None

    async def next_due(self) -> datetime | None:
        """See ``ReminderStore``."""
        return min(
            (row.due_at for row in self._rows.values() if row.due_at is not None), default=None
        )

    async def backlog(self, channels: Collection[str], since: datetime, now: datetime) -> int:
        """See ``ReminderStore``."""
        return sum(
            one.outgoing.identity.channel in channels
            and not one.leased
            and since < one.due_at <= now
            for one in self._memory.waiting.values()
        )

    async def of_filing(self, filing_id: str) -> Sequence[ReminderRecord]:
        """See ``ReminderStore``."""
        rows = [row for row in self._rows.values() if row.reminder.filing_id == filing_id]
        return [
            ReminderRecord(
                row.reminder,
                row.status,
                row.reason,
                row.settled_at,
                tuple(
                    Attempt(
                        one.at,
                        one.status,
                        rung_of(one.way) if one.way else None,
                        one.reason,
                        one.settled_at,
                    )
                    for one in row.tries
                ),
            )
            for row in sorted(rows, key=lambda row: (row.reminder.at, row.reminder.key))
        ]

    async def filings_after(self, filing_id: str, limit: int) -> Sequence[tuple[str, Identity]]:
        """See ``ReminderStore``."""
        found = sorted(
            (key, case.identity)
            for case in self._memory.conversations()
            for key, filing in case.filings.items()
            if key > filing_id and filing.events
        )
        return found[:limit]

    async def figures(self, now: datetime) -> Figures:
        """See ``ReminderStore``."""
        rows = list(self._rows.values())
        day_ago = now - timedelta(days=1)
        recent = [row for row in rows if row.settled_at is not None and row.settled_at > day_ago]
        late = sorted(
            max(timedelta(0), row.settled_at - row.reminder.at)
            for row in recent
            if row.status is _S.SENT and row.settled_at is not None
        )
        return Figures(
            planned=sum(
                row.status is _S.PLANNED and row.due_at is not None and row.due_at > now
                for row in rows
            ),
            due=sum(
                row.due_at is not None and (row.due_at <= now or row.status is _S.SENDING)
                for row in rows
            ),
            handed=sum(row.status is _S.HANDED for row in rows),
            sent=len(late),
            failed=sum(row.status is _S.FAILED for row in recent),
            late=sum(one > LATE for one in late),
            at_risk=sum(
                row.due_at is not None
                and row.reminder.purpose is Purpose.OVERDUE
                and row.reminder.deadline_at <= now + timedelta(days=1)
                for row in rows
            ),
            tasks=len(self._open_tasks()),
            late_p50=late[len(late) // 2] if late else timedelta(0),
            late_p99=late[min(len(late) - 1, int(len(late) * 0.99))] if late else timedelta(0),
            next_due=await self.next_due(),
        )

    async def tasks(self, limit: int = 100) -> Sequence[StaffTask]:
        """See ``ReminderStore``."""
        still = sorted(self._open_tasks(), key=lambda task: (task.at, task.key))[:limit]
        return [
            StaffTask(one.key, one.filing_id, one.kind, one.deadline, one.at, one.note)
            for one in still
        ]

    async def finish_task(self, key: str, now: datetime) -> bool:
        """See ``ReminderStore``."""
        task = self._memory.tasks.get(key)
        if task is None or task.done_at is not None:
            return False
        self._memory.tasks[key] = replace(task, done_at=now)
        return True

    def _open_tasks(self) -> list[Task]:
        return [task for task in self._memory.tasks.values() if task.done_at is None]

    def _ways(self, filing_id: str) -> tuple[Identity, ...]:
        cases = [one for one in self._memory.conversations() if filing_id in one.filings]
        chats = [one for case in cases for one in case.everywhere]
        return (*chats, *self._memory.addresses_of(chats))
