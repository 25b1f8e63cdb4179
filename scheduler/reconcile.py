"""The difference between the reminders there are and those there should be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dialogs.reminding import Purpose, Reminder, ReminderStatus

_S: Final = ReminderStatus

RECENT: Final = timedelta(hours=2)
"""Somebody reminded of a matter so shortly ago is not reminded again of what they missed."""


@dataclass(frozen=True, slots=True)
class Known:
    """A reminder as it is stored."""

    key: str
    deadline: str
    at: datetime
    deadline_at: datetime
    status: ReminderStatus
    settled_at: datetime | None = None

    @property
    def matter(self) -> str:
        """Kind and person: what two deadlines with another start have in common."""
        return _matter(self.deadline)


@dataclass(frozen=True, slots=True)
class Changes:
    """What makes the stored reminders those there should be."""

    add: tuple[tuple[Reminder, ReminderStatus], ...] = ()  # new, or cancelled once and back
    move: tuple[Reminder, ...] = ()
    cancel: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.add or self.move or self.cancel)


def reconcile(known: Iterable[Known], wanted: Sequence[Reminder], now: datetime) -> Changes:
    """Compare by key.

    Of moments that passed before anybody knew of them, the last of each deadline is given at
    once and the others are noted as passed over, so that a late word brings no flood. What is
    cancelled while it waits in an outbox is withdrawn from there.
    """
    there = {one.key: one for one in known}
    asked = {one.key for one in wanted}
    missing = [
        one for one in wanted if one.key not in there or there[one.key].status is _S.CANCELLED
    ]
    return Changes(
        add=tuple(_added(missing, wanted, there, now)),
        move=tuple(
            one
            for one in wanted
            if (row := there.get(one.key)) is not None
            and row.status is _S.PLANNED
            and (row.at, row.deadline_at) != (one.at, one.deadline_at)
        ),
        cancel=tuple(
            row.key for row in there.values() if row.key not in asked and not row.status.is_final
        ),
    )


def _added(
    missing: Sequence[Reminder],
    wanted: Sequence[Reminder],
    there: Mapping[str, Known],
    now: datetime,
) -> Iterable[tuple[Reminder, ReminderStatus]]:
    newest: dict[str, Reminder] = {}
    for one in wanted:
        if one.at <= now and not one.purpose.is_for_staff:
            newest[one.deadline] = one
    reminded = {
        row.matter
        for row in there.values()
        if row.status in (_S.SENT, _S.HANDED)
        and row.settled_at is not None
        and row.settled_at > now - RECENT
    }
    for one in missing:
        if one.at > now or one.purpose is Purpose.OVERDUE:
            yield one, _S.PLANNED
        elif one.purpose is Purpose.UNANSWERED or newest[one.deadline] is not one:
            yield one, _S.PASSED_OVER
        else:
            yield one, _S.PASSED_OVER if _matter(one.deadline) in reminded else _S.PLANNED


def _matter(deadline: str) -> str:
    return deadline.rpartition(":")[0]
