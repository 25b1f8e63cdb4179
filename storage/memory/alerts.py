"""Alerts to staff, in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desk.alerts.alert import Alert, AlertKind, Choice, Ping
from desk.alerts.ports import LEASE
from storage.memory.shared import Memory
from storage.memory.staff import StaffMemory


@dataclass(slots=True)
class PingRow:
    """A ping, and where it stands."""

    alert: str
    channel: str
    recipient: str
    due_at: datetime | None
    status: str = "due"
    fence: int = 0
    attempts: int = 0
    settled_at: datetime | None = None


class MemoryAlerts:
    """``AlertStore`` in memory."""

    def __init__(self, memory: Memory, staff: StaffMemory, lease: timedelta = LEASE) -> None:
        self._memory = memory
        self._staff = staff
        self._lease = lease
        self._kept: dict[str, Alert] = {}
        self._pings: dict[tuple[str, str, str], PingRow] = {}
        self._choices: dict[str, Choice] = {}

    async def keep(
        self, alerts: Mapping[Alert, Sequence[tuple[str, str]]], now: datetime, due_at: datetime
    ) -> Sequence[Alert]:
        """See ``AlertStore``."""
        new = [one for one in alerts if one.key not in self._kept]
        for one in new:
            self._kept[one.key] = one
            for channel, recipient in alerts[one]:
                row = PingRow(one.key, channel, recipient, due_at)
                self._pings[one.key, channel, recipient] = row
        return new

    async def end(self, kinds: Collection[AlertKind], still: Collection[str], now: datetime) -> int:
        """See ``AlertStore``."""
        over = [
            one.key
            for one in self._there()
            if one.ended_at is None and one.kind in kinds and one.key not in still
        ]
        for key in over:
            await self.end_one(key, now)
        return len(over)

    async def end_one(self, key: str, now: datetime) -> None:
        """See ``AlertStore``."""
        one = self._kept.get(key)
        if one is None or one.ended_at is not None:
            return
        self._kept[key] = replace(one, ended_at=now)
        for row in self._pings.values():
            if row.alert == key and row.status == "due":
                row.status, row.due_at, row.settled_at = "dropped", None, now

    async def latest(self, since: datetime, limit: int = 100) -> Sequence[Alert]:
        """See ``AlertStore``."""
        found = [one for one in self._there() if one.ended_at is None or one.at >= since]
        found.sort(key=lambda one: one.key)
        found.sort(key=lambda one: one.at, reverse=True)
        return sorted(found, key=lambda one: one.ended_at is not None)[:limit]

    async def claim(self, channel: str, now: datetime, limit: int) -> Sequence[Ping]:
        """See ``AlertStore``."""
        alerts = {one.key: one for one in self._there()}
        due = [
            (row.due_at, row.recipient, row.alert, row)
            for row in self._pings.values()
            if row.channel == channel
            and row.due_at is not None
            and row.due_at <= now
            and row.alert in alerts
        ]
        rows = [row for *_, row in sorted(due, key=lambda one: one[:3])[:limit]]
        mine = [row for row in rows if row.recipient == rows[0].recipient]
        for row in mine:
            row.status, row.due_at = "sending", now + self._lease
            row.fence += 1
            row.attempts += 1
        return [
            Ping(alerts[row.alert], channel, row.recipient, row.fence, row.attempts) for row in mine
        ]

    async def sent(self, pings: Sequence[Ping], now: datetime) -> None:
        """See ``AlertStore``."""
        for row in self._held(pings):
            row.status, row.due_at, row.settled_at = "sent", None, now

    async def retry(self, pings: Sequence[Ping], at: datetime) -> None:
        """See ``AlertStore``."""
        for row in self._held(pings):
            row.status, row.due_at = "due", at

    async def give_up(self, pings: Sequence[Ping], reason: str, now: datetime) -> None:
        """See ``AlertStore``."""
        for row in self._held(pings):
            row.status, row.due_at, row.settled_at = "failed", None, now

    async def last_sent(self, channel: str, recipient: str) -> datetime | None:
        """See ``AlertStore``."""
        times = [
            row.settled_at
            for row in self._pings.values()
            if (row.channel, row.recipient, row.status) == (channel, recipient, "sent")
            and row.settled_at is not None
        ]
        return max(times, default=None)

    async def choices(self) -> Sequence[Choice]:
        """See ``AlertStore``."""
        enabled = {one.id for one, _ in self._staff.accounts.values() if not one.disabled}
        return [one for agent, one in sorted(self._choices.items()) if agent in enabled]

    async def choose(self, choice: Choice) -> None:
        """See ``AlertStore``."""
        self._choices.pop(choice.agent, None)
        if choice.kinds:
            self._choices[choice.agent] = choice

    def _there(self) -> list[Alert]:
        """Those whose applicant was not erased."""
        filings = {key for case in self._memory.conversations() for key in case.filings}
        return [
            one
            for one in self._kept.values()
            if (one.filing is None or one.filing in filings)
            and (one.conversation is None or self._memory.knows(one.conversation))
        ]

    def _held(self, pings: Sequence[Ping]) -> list[PingRow]:
        rows = [(self._pings[one.alert.key, one.channel, one.recipient], one) for one in pings]
        return [row for row, one in rows if (row.fence, row.status) == (one.fence, "sending")]
