"""Deadlines that end soon, with what was done so that they are kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from desk.docket import Docket, Running
from desk.listing import Listing
from dialogs.reminding import Purpose, ReminderStatus
from scheduler.ports import ReminderRecord, ReminderStore

HOURS: Final = (24, 72, 168)
"""How far ahead one may look."""

MOST: Final = 200
"""More deadlines than a person can look through are cut off, the nearest kept."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """What was sent about one deadline.

    ``reason`` is why the last one did not arrive, as the store has it; None if it did.
    """

    sent: int = 0
    sent_at: datetime | None = None  # the last that arrived
    failed_at: datetime | None = None  # the last that did not, if nothing arrived since
    reason: str | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Risk:
    """A deadline at risk with whose it is."""

    docket: Docket
    deadline: Running
    left: timedelta  # negative: it is missed
    reminded: Reminded


async def deadlines_at_risk(
    listing: Listing,
    reminders: ReminderStore,
    within: timedelta,
    overdue: timedelta,
    now: datetime,
) -> Sequence[Risk]:
    """Open deadlines that end within a time, or were missed not longer than ``overdue`` ago."""
    dockets = await listing.ending(now + within, MOST)
    found = sorted(
        (
            (running.due_at, docket.conversation, docket, running)
            for docket in dockets
            for running in docket.deadlines
            if -overdue < running.due_at - now <= within
        ),
        key=lambda one: one[:2],
    )[:MOST]
    records = {filing: await reminders.of_filing(filing) for filing in _filings(found)}
    return [
        Risk(docket, running, running.due_at - now, reminded(running, records[running.filing]))
        for _, _, docket, running in found
    ]


def reminded(deadline: Running, records: Sequence[ReminderRecord]) -> Reminded:
    """What the applicant was sent about a deadline, and when the next is due."""
    theirs = [
        one
        for one in records
        if one.reminder.kind == deadline.kind
        and one.reminder.deadline.split(":")[1] == (deadline.who or "-")  # Deadline.id
        and one.reminder.deadline_at == deadline.due_at
        and not one.reminder.purpose.is_for_staff
        and one.reminder.purpose is not Purpose.REACH
    ]
    sent = [one for one in theirs if one.status is ReminderStatus.SENT]
    failed = [one for one in theirs if one.status is ReminderStatus.FAILED]
    planned = [one for one in theirs if not one.status.is_final]
    sent_at = max((one.settled_at for one in sent if one.settled_at), default=None)
    last = max(failed, key=lambda one: one.reminder.at, default=None)
    failed_at = last.settled_at if last is not None else None
    if sent_at is not None and failed_at is not None and failed_at < sent_at:
        failed_at = last = None
    return Reminded(
        len(sent),
        sent_at,
        failed_at,
        last.reason if last is not None else None,
        min((one.reminder.at for one in planned), default=None),
    )


def _filings(
    found: Iterable[tuple[datetime, str, Docket, Running]],
) -> Iterable[str]:
    return dict.fromkeys(running.filing for _, _, _, running in found)
