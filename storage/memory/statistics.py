"""Counts over a period, in memory."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from desk.statistics.period import Period, monday_of
from desk.statistics.ports import Begun, Help, History
from dialogs.case import FilingRecord
from dialogs.reminding import ReminderStatus
from dialogs.world import day_of
from storage.memory.reminders import MemoryReminders
from storage.memory.shared import Memory


class MemoryStatistics:
    """``Statistics`` in memory."""

    def __init__(self, memory: Memory, reminders: MemoryReminders) -> None:
        self._memory = memory
        self._reminders = reminders

    async def begun(self, period: Period) -> Begun:
        """See ``Statistics``."""
        filings = [one for one in self._filings() if _inside(one.created_at, period)]
        steps = ((one.flow, {answer.step for answer in one.answers}) for one in filings)
        answered = Counter((flow, step) for flow, found in steps for step in found)
        return Begun({one.id: one.flow for one in filings}, answered)

    async def histories(self, period: Period) -> Sequence[History]:
        """See ``Statistics``."""
        return [
            History(
                one.id,
                tuple(
                    (event.type, event.at)
                    for event in sorted(one.events, key=lambda event: event.at)
                ),
            )
            for one in sorted(self._filings(), key=lambda one: one.id)
            if any(_inside(event.at, period) for event in one.events)
        ]

    async def lags(self, period: Period) -> Sequence[timedelta]:
        """See ``Statistics``."""
        return [
            max(timedelta(0), settled_at - reminder.at)
            for reminder, status, settled_at in self._reminders.all()
            if status is ReminderStatus.SENT
            and settled_at is not None
            and _inside(settled_at, period)
        ]

    async def heard(self, period: Period) -> Mapping[datetime, int]:
        """See ``Statistics``."""
        times = (
            entry.at.astimezone(UTC)
            for case in self._memory.conversations()
            for entry in self._memory.entries.get(case.identity, ())
            if entry.heard is not None and _inside(entry.at, period)
        )
        return Counter(at.replace(minute=0, second=0, microsecond=0) for at in times)

    async def routes(self, period: Period) -> Mapping[tuple[date, str], int]:
        """See ``Statistics``."""
        return Counter(
            (monday_of(day_of(at)), route)
            for at, route in self._memory.routes
            if _inside(at, period)
        )

    async def helps(self, period: Period) -> Sequence[Help]:
        """See ``Statistics``."""
        found = (one for one in self._memory.helps if _inside(one.waiting_since, period))
        return sorted(found, key=lambda one: one.waiting_since)

    def _filings(self) -> Iterator[FilingRecord]:
        for case in self._memory.conversations():
            yield from case.filings.values()


def _inside(at: datetime, period: Period) -> bool:
    return period.since <= at < period.until
