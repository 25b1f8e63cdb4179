"""Which reminders should exist for a filing: pure, so that any process plans the same ones."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from dialogs.reminding import DEFAULT_QUIET, Purpose, Reminder
from filing.deadline import CHINA, Deadline
from filing.event import Event, EventType

REACH: Final = "reach:-:-"
"""In place of a deadline's id: the look whether anything will reach the person."""

PATIENCE: Final = timedelta(days=1)
"""How long a last reminder may stay unanswered where the deadline sets no limit."""


def plan(
    filing_id: str,
    deadlines: Iterable[Deadline],
    events: Iterable[Event],
    quiet: tuple[int, int] | None = None,
) -> tuple[Reminder, ...]:
    """All reminders of a filing's open deadlines, past moments included, in order of time.

    ``quiet`` are the hours (from, to) in which the person does not want to be disturbed; a
    reminder that falls into them waits for their end, unless the deadline does not.
    """
    told = tuple(events)
    snoozes = _snoozes(told)
    still_open = [deadline for deadline in deadlines if deadline.open]
    found: list[Reminder] = []
    for deadline in still_open:
        found += _of_deadline(filing_id, deadline, snoozes, quiet)
    if told and still_open:
        found.append(_reach(filing_id, min(event.at for event in told), still_open))
    return tuple(sorted(found, key=lambda one: (one.at, one.key)))


def quiet_until(
    at: datetime, deadline_at: datetime, quiet: tuple[int, int] | None = None
) -> datetime | None:
    """The end of the quiet hours ``at`` falls into; None if it may ring then.

    A reminder rings at night rather than after its deadline.
    """
    begins, ends = quiet or DEFAULT_QUIET
    local = at.astimezone(CHINA)
    hour = local.hour
    inside = begins <= hour < ends if begins < ends else (hour >= begins or hour < ends)
    if begins == ends or not inside:
        return None
    day = local.date() + timedelta(days=1) if begins > ends and hour >= begins else local.date()
    until = datetime.combine(day, time(ends % 24), CHINA)
    return until if until < deadline_at else None


def told_by_the_stage(deadline: Deadline, at: datetime) -> bool:
    """Whether a reminder comes with the very event its deadline runs from.

    What the applicant is told of the event says the same: such a reminder counts as none, and
    is only given where that news does not go.
    """
    begins = (deadline.kind.starts, deadline.kind.starts_else)
    return at == deadline.starts_at and any(one in tuple(EventType) for one in begins)


def _of_deadline(
    filing_id: str,
    deadline: Deadline,
    snoozes: Mapping[str, tuple[datetime, datetime]],
    quiet: tuple[int, int] | None,
) -> list[Reminder]:
    deadline_id = deadline.id  # made anew whenever it is asked for
    snooze = snoozes.get(deadline_id)
    moments: dict[datetime, str] = {}
    for moment in deadline.moments:  # of several moved to one time the last stays
        moments[quiet_until(moment.at, deadline.due_at, quiet) or moment.at] = moment.offset
    first = 0 if any(told_by_the_stage(deadline, at) for at in moments) else 1
    total = len(moments) - 1 + first
    numbered = [
        (at, offset, number, Purpose.REMIND)
        for number, (at, offset) in enumerate(sorted(moments.items()), start=first)
    ]
    if snooze is not None:
        said, until = snooze
        before = [number for at, _, number, _ in numbered if at <= said]
        numbered = [one for one in numbered if not said < one[0] < until]
        if until < deadline.due_at and all(at != until for at, *_ in numbered):
            stamp = f"SNOOZE@{until.astimezone(CHINA):%Y-%m-%dT%H%M}"
            numbered.append((until, stamp, max(before, default=1), Purpose.SNOOZED))
    last = max((at for at, *_ in numbered), default=deadline.due_at)
    reminders = [
        _reminder(filing_id, deadline, deadline_id, offset, purpose, at, number, total)
        for at, offset, number, purpose in numbered
    ]
    return reminders + [
        _reminder(filing_id, deadline, deadline_id, purpose.value.upper(), purpose, at)
        for purpose, at in _alarms(deadline, last)
    ]


def _reach(filing_id: str, since: datetime, deadlines: Sequence[Deadline]) -> Reminder:
    """The look, once deadlines run, whether the person will be reached when they matter."""
    return Reminder(
        key=f"{filing_id}/{REACH}",
        filing_id=filing_id,
        deadline=REACH,
        kind="reach",
        offset="P0D",
        purpose=Purpose.REACH,
        at=since,
        deadline_at=min(deadline.due_at for deadline in deadlines),
    )


def _alarms(deadline: Deadline, last: datetime) -> Iterable[tuple[Purpose, datetime]]:
    """When staff are to look: while there is time left, and when there is none."""
    kind = deadline.kind
    if kind.waits and kind.ends == EventType.SUBMITTED_FOR_FIRST_REVIEW:
        return  # nobody has to hand in
    if not kind.waits:
        left = deadline.due_at - last
        yield Purpose.UNANSWERED, last + (left / 2 if left > timedelta(0) else PATIENCE)
    yield Purpose.OVERDUE, max(deadline.due_at, last + timedelta(minutes=1))


def _reminder(
    filing_id: str,
    deadline: Deadline,
    deadline_id: str,
    offset: str,
    purpose: Purpose,
    at: datetime,
    number: int = 0,
    total: int = 0,
) -> Reminder:
    version = deadline.length.version or "-"
    return Reminder(
        key=f"{filing_id}/{deadline_id}/{version}/{offset}",
        filing_id=filing_id,
        deadline=deadline_id,
        kind=deadline.kind.key,
        offset=offset,
        purpose=purpose,
        at=at,
        deadline_at=deadline.due_at,
        number=number,
        total=total,
    )


def _snoozes(events: Iterable[Event]) -> Mapping[str, tuple[datetime, datetime]]:
    """For each deadline put off: when that was said last, and until when."""
    return {
        event.data["what"]: (event.at, datetime.fromisoformat(event.data["until"]))
        for event in events
        if event.type is EventType.REMINDER_SNOOZED
    }
