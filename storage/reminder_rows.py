"""What a turn changes about reminders, as rows."""

from collections.abc import Iterator, Sequence
from typing import Final

from dialogs.ports import TurnRecord
from dialogs.reminding import Reminder, ReminderStatus, rung_of
from scheduler.reconcile import Known, reconcile
from storage.instant import from_micros, to_micros
from storage.rows import (
    DeliverySettled,
    NewReminder,
    NewStaffTask,
    OutgoingWithdrawn,
    ReminderCancelled,
    ReminderMoved,
    ReminderSettled,
    TurnRow,
)

DELIVERY_STATUS = {
    ReminderStatus.HANDED: "handed",
    ReminderStatus.SENT: "sent",
    ReminderStatus.FAILED: "refused",
}
"""How an attempt ends, by what it makes of its reminder; dropped otherwise."""


def settled_rows(turn: TurnRecord, at: int) -> Iterator[TurnRow]:
    """What a sweeper did with the reminders it held, and the tasks it left."""
    for one in turn.settled:
        again = None if one.again_at is None else to_micros(one.again_at)
        waits = one.status is ReminderStatus.PLANNED
        yield ReminderSettled(
            one.status.value,
            (again or at) if waits else None,
            one.outgoing_id,
            one.reason,
            None if waits else at,
            one.key,
            one.fence,
        )
        yield DeliverySettled(
            DELIVERY_STATUS.get(one.status, "dropped"),
            rung_of(one.way) if one.way is not None else None,
            one.outgoing_id,
            one.reason,
            at,
            one.key,
            one.fence,
        )
    for task in turn.tasks:
        yield NewStaffTask(
            task.key, task.filing_id, task.kind, task.deadline, task.note, to_micros(task.at)
        )


def planned_rows(
    known: Sequence[Known], wanted: Sequence[Reminder], now: int
) -> tuple[list[TurnRow], list[Known]]:
    """The rows that make a filing's reminders those wanted, and the reminders as they then are."""
    changes = reconcile(known, wanted, from_micros(now))
    there = {one.key: one for one in known}
    rows: list[TurnRow] = []
    for key in changes.cancel:
        if there[key].status is ReminderStatus.HANDED:
            rows.append(OutgoingWithdrawn(now, key))
        rows.append(ReminderCancelled(now, key))
        there[key] = _with(there[key], ReminderStatus.CANCELLED)
    for one in changes.move:
        at = to_micros(one.at)
        rows.append(
            ReminderMoved(at, to_micros(one.deadline_at), one.number, one.total, at, one.key)
        )
        there[one.key] = _known(one, ReminderStatus.PLANNED)
    for one, status in changes.add:
        waits = status is ReminderStatus.PLANNED
        rows.append(
            NewReminder(
                one.key,
                one.filing_id,
                one.deadline,
                one.kind,
                one.offset,
                one.purpose.value,
                to_micros(one.at),
                to_micros(one.deadline_at),
                one.number,
                one.total,
                status.value,
                to_micros(one.at) if waits else None,
                None if waits else now,
            )
        )
        there[one.key] = _known(one, status)
    return rows, list(there.values())


def _known(one: Reminder, status: ReminderStatus) -> Known:
    return Known(one.key, one.deadline, one.at, one.deadline_at, status)


def _with(one: Known, status: ReminderStatus) -> Known:
    return Known(one.key, one.deadline, one.at, one.deadline_at, status, one.settled_at)


def status_of(stored: str) -> ReminderStatus:
    """A reminder's status; one that only a later version knows is let be, as if it were sent."""
    return _STATUSES.get(stored, ReminderStatus.SENT)


_STATUSES: Final = {status.value: status for status in ReminderStatus}
