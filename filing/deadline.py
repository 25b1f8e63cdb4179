"""The deadlines of one filing, worked out from its facts and events alone.

Days are days in China. The day a time runs from does not count and the last one counts to its
end (民法典第二百零一条、第二百零三条). ``due_at`` is never put off to the next working day, so that
reminders are on the safe side; ``lawful_until`` is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from filing.correcting import standing
from filing.deadline_facts import Start, Starts, settled_at, starts_of
from filing.deadline_kind import DeadlineKind, DeadlineRules, Length, Offset
from filing.event import Event, EventType, Person, Stage
from filing.model import Filing
from filing.months import months_after
from filing.sms import sms_window
from filing.stage import StageState, persons_to_verify, stage_of
from filing.workdays import is_published, is_working_day, working_days_after

CHINA: Final = ZoneInfo("Asia/Shanghai")
MORNING: Final = time(9, 0)
"""When reminders counted in days are given."""

_DAY_ENDS: Final = time(23, 59, 59)
_ORDER: Final = {stage: place for place, stage in enumerate(Stage)}
_NEVER_LEFT_BEHIND: Final = frozenset({Stage.DRAFT, Stage.RETURNED, Stage.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Moment:
    """One time at which a deadline is to be brought to mind."""

    offset: str  # as the rule data write it: PT2H, -P30D, W5
    at: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline of one filing. Aware times, in China's zone."""

    kind: DeadlineKind
    who: str | None  # principal, site_manager, or subject of a certificate; None: the filing
    starts_at: datetime
    due_at: datetime
    lawful_until: date  # the last day, put off to a working day where it falls on none
    length: Length
    moments: tuple[Moment, ...]  # in order of time
    done_at: datetime | None = None
    superseded: bool = False  # the filing left the stage in which it ran, and it was not settled
    estimated: bool = False  # the calendar of a year it reaches into is not published yet
    provisional: bool = False  # what it runs from is not known: the nearest thing was taken
    by_day: bool = True  # counts days, so that the hour of its start does not matter

    @property
    def id(self) -> str:
        """The same for the same deadline however often it is worked out; unique in a filing."""
        start = self.starts_at
        stamp = f"{start:%Y-%m-%d}" if self.by_day else f"{start:%Y-%m-%dT%H%M}"
        return f"{self.kind.key}:{self.who or '-'}:{stamp}"

    @property
    def open(self) -> bool:
        """Whether it still runs, overdue or not."""
        return self.done_at is None and not self.superseded

    @property
    def urgent_from(self) -> datetime | None:
        """From when on nothing may keep the assistant from telling of it; None: never."""
        urgent = self.kind.urgent
        if urgent is None:
            return None
        unit = timedelta(hours=1) if urgent.unit == "hours" else timedelta(days=1)
        return self.due_at - urgent.amount * unit


def deadlines_of(
    filing: Filing,
    events: Iterable[Event],
    rules: DeadlineRules,
    now: datetime,
    *,
    persons: frozenset[Person] | None = None,
    dates: Mapping[str, date] | None = None,
) -> tuple[Deadline, ...]:
    """All deadlines of the present attempt, settled ones included, the nearest first.

    ``persons`` are those who answer an SMS, by default those of a first filing; ``dates`` are
    starts that the filing's fields do not hold by themselves, such as ``server_valid_until``.
    """
    told = standing(events)
    persons = persons_to_verify(filing) if persons is None else persons
    today = now.astimezone(CHINA).date()
    window = sms_window(rules.rulebook, today) if rules.rulebook is not None else None
    state = stage_of(told, persons, sms_window=window)
    starts = starts_of(filing, told, state, persons, dates or {}, CHINA)
    found: list[Deadline] = []
    for kind in rules.kinds.values():
        for start, provisional in _starts(kind, starts, state, persons, window):
            one = _deadline(kind, start, filing, rules, now, provisional=provisional)
            if one is not None and (judged := _judged(one, start, told, state)) is not None:
                found.append(judged)
    return tuple(sorted(found, key=lambda one: (one.due_at, one.id)))


def _starts(
    kind: DeadlineKind,
    starts: Starts,
    state: StageState,
    persons: frozenset[Person],
    window: timedelta | None,
) -> Iterator[tuple[Start, bool]]:
    """What deadlines of this kind run from, and whether it only stands in for what is unknown."""
    known, instead = starts.get(kind.starts, ()), starts.get(kind.starts_else or "", ())
    if kind.ends != EventType.SMS_VERIFIED:
        yield from ((start, not known) for start in known or instead)
        return
    stands_in = state.sms_stands_in(window) if window is not None else None
    for person in sorted(persons):
        received = state.sms_received(person)
        if received is not None:
            yield Start(received, person.value), False
        elif stands_in is not None:
            yield Start(stands_in, person.value), True


def _deadline(
    kind: DeadlineKind,
    start: Start,
    filing: Filing,
    rules: DeadlineRules,
    now: datetime,
    *,
    provisional: bool,
) -> Deadline | None:
    starts_at = start.at.astimezone(CHINA)
    on = min(starts_at, now.astimezone(CHINA)).date()
    subject = filing.subject.kind.value if filing.subject.kind is not None else None
    length = rules.length(kind, on, filing.subject.province, subject)
    if length is None:
        return None
    due_at = _due(kind, starts_at, length)
    offsets = kind.remind
    if kind.margin and length.unit == "days":
        offsets = (*offsets, Offset(-length.amount, "days"))
    moments = {
        str(offset): _moment(offset, starts_at, start.told_at, due_at, is_day=start.is_day)
        for offset in offsets
    }
    return Deadline(
        kind,
        start.who,
        starts_at,
        due_at,
        _lawful_until(due_at.date()),
        length,
        tuple(Moment(offset, at) for offset, at in sorted(moments.items(), key=lambda one: one[1])),
        estimated=_is_estimated(kind, length, starts_at.date(), due_at.date()),
        provisional=provisional,
        by_day=length.unit != "hours",
    )


def _judged(
    deadline: Deadline, start: Start, told: tuple[Event, ...], state: StageState
) -> Deadline | None:
    """The deadline with what became of it; None for one that never began."""
    kind = deadline.kind
    done_at = settled_at(kind, deadline.id, start, told, state)
    if done_at is None and _is_past(kind, state.stage):
        done_at = state.since
    if done_at is not None:
        return replace(deadline, done_at=done_at.astimezone(CHINA))
    if state.stage in kind.stages or (start.told_at and state.stage is not Stage.WITHDRAWN):
        return deadline  # a date somebody told counts whatever the stage
    if not start.happened:
        return None  # a date stated in a draft binds nobody yet
    return replace(deadline, superseded=True)


def _is_past(kind: DeadlineKind, stage: Stage) -> bool:
    """Whether a later stage was reached without word of what ends this."""
    if kind.stages & _NEVER_LEFT_BEHIND or stage in _NEVER_LEFT_BEHIND:
        return False
    return _ORDER[stage] > max(_ORDER[one] for one in kind.stages)


def _due(kind: DeadlineKind, starts_at: datetime, length: Length) -> datetime:
    day = starts_at.date()
    if kind.before and kind.margin:
        return _end_of(day)
    amount = -length.amount if kind.before else length.amount
    match length.unit:
        case "hours":
            return starts_at + timedelta(hours=amount)
        case "working_days" if amount >= 0:
            return _end_of(working_days_after(day, amount))
        case "months":
            return _end_of(months_after(day, amount))
        case _:
            return _end_of(_plus(day, amount))


def _moment(
    offset: Offset,
    starts_at: datetime,
    told_at: datetime | None,
    due_at: datetime,
    *,
    is_day: bool,
) -> datetime:
    match offset.unit:
        case "hours":
            return starts_at + timedelta(hours=offset.amount)
        case "told":
            return (told_at or starts_at).astimezone(CHINA)
        case "half":
            begun = (told_at or starts_at).astimezone(CHINA)
            return _morning_of((begun + (due_at - begun) / 2).date())
        case "working_days":
            return _morning_of(working_days_after(starts_at.date(), offset.amount))
        case _:
            at = _morning_of(_plus(starts_at.date(), offset.amount))
            # On the very day something happened, not before it did.
            return max(at, starts_at) if offset.amount == 0 and not is_day else at


def _is_estimated(kind: DeadlineKind, length: Length, start: date, due: date) -> bool:
    counted = length.unit == "working_days" or any(
        one.unit == "working_days" for one in kind.remind
    )
    years = range(min(start, due).year, max(start, due).year + 1)
    return counted and not all(map(is_published, years))


def _lawful_until(day: date) -> date:
    while not is_working_day(day) and day < date.max:
        day = _plus(day, 1)
    return day


def _plus(day: date, days: int) -> date:
    """A day so many days off, within what a date can hold."""
    number = min(max(day.toordinal() + days, 1), date.max.toordinal())
    return date.fromordinal(number)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, _DAY_ENDS, CHINA)


def _morning_of(day: date) -> datetime:
    return datetime.combine(day, MORNING, CHINA)
