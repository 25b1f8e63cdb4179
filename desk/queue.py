"""In which order staff look at conversations, and which of them concern whom; pure.

First come those in which a deadline of the law can still be kept, an open SMS window before all
others, each by the time left; then people who wait for an answer, by when the service target says
they must have one; then the rest.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Final, Protocol, TypeAlias

from desk.docket import EDITABLE, Docket, Running
from desk.limits import Limits

SMS: Final = "sms_verification"
"""The deadline before all others: hours, not days, and missing it undoes the whole review."""

_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Service(Protocol):
    """When people should have an answer; ``filing.service_hours.ServiceHours`` in the program."""

    def first_answer_due(self, asked_at: datetime) -> datetime:
        """Until when somebody who asked then should have a first answer."""
        ...


class Band(IntEnum):
    """What puts a conversation where it stands; the lower come first."""

    SMS = 0  # an SMS window is open
    RISK = 1  # another deadline ends soon
    PERSON = 2  # somebody waits for an answer of ours
    OVERDUE = 3  # a deadline was missed not long ago
    TASK = 4  # staff were asked to look at something
    STUCK = 5  # the applicant does not get on
    REST = 6


OrderKey: TypeAlias = tuple[int, float, float, str]
"""Band, place in it, since when somebody waits, and the conversation: no two have the same.

Of all who wrote at night an answer is due at the same moment: who wrote first comes first.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation stands at a moment, and until when it stands there by itself."""

    band: Band
    key: OrderKey
    deadline: Running | None  # the one to show: the nearest open one, else one just missed
    answer_due: datetime | None  # by the service target, while somebody waits for one
    at_risk: bool
    urgent: bool  # hardly any time is left, or the service target is missed
    stuck: bool
    waiting: bool  # for a person, and nobody has taken it
    changes_at: datetime | None  # time alone moves it then


def place(docket: Docket, now: datetime, service: Service, limits: Limits) -> Place:
    """Where a conversation stands now."""
    ahead = [one for one in docket.deadlines if one.due_at > now]
    missed = [one for one in docket.deadlines if now - limits.overdue < one.due_at <= now]
    risky = [one for one in ahead if one.kind == SMS or one.due_at - now <= limits.risk]
    waits_since = docket.waiting_since or docket.unanswered_since
    answer_due = service.first_answer_due(waits_since) if waits_since is not None else None
    stuck = _is_stuck(docket, now, limits)
    shown: Running | None
    if sms := [one for one in risky if one.kind == SMS]:
        band, shown, at = Band.SMS, sms[0], sms[0].due_at
    elif risky:
        band, shown, at = Band.RISK, risky[0], risky[0].due_at
    else:
        shown = next(iter(missed[::-1] or ahead), None)
        band, at = _below(docket, answer_due, missed, stuck=stuck)
    seconds = (at - _EPOCH).total_seconds()
    newest_first = band in (Band.OVERDUE, Band.STUCK, Band.REST)
    return Place(
        band,
        (
            band,
            -seconds if newest_first else seconds,
            (waits_since - _EPOCH).total_seconds() if waits_since else math.inf,
            docket.conversation,
        ),
        shown,
        answer_due,
        at_risk=bool(risky),
        urgent=_is_urgent(risky, answer_due, now, limits),
        stuck=stuck,
        waiting=docket.waiting_since is not None,
        changes_at=_changes_at(docket, answer_due, now, limits),
    )


def _below(
    docket: Docket, answer_due: datetime | None, missed: list[Running], *, stuck: bool
) -> tuple[Band, datetime]:
    """The band where no deadline is at risk, and what orders it there."""
    last = docket.heard_at or docket.moved_at or _EPOCH
    if answer_due is not None:
        return Band.PERSON, answer_due
    if missed:
        return Band.OVERDUE, missed[-1].due_at
    if docket.tasks:
        return Band.TASK, last
    return (Band.STUCK if stuck else Band.REST), last


def _is_unfinished(docket: Docket) -> bool:
    return docket.filing is not None and docket.stage in EDITABLE and docket.asking is not None


def _is_stuck(docket: Docket, now: datetime, limits: Limits) -> bool:
    if docket.erasing is not None:
        return False
    if docket.failures >= limits.failures:
        return True
    if not _is_unfinished(docket) or docket.moved_at is None:
        return False
    return limits.silent <= now - docket.moved_at < limits.given_up


def _is_urgent(
    risky: list[Running], answer_due: datetime | None, now: datetime, limits: Limits
) -> bool:
    if answer_due is not None and answer_due <= now:
        return True
    return bool(risky) and risky[0].due_at - now <= limits.urgent


def _changes_at(
    docket: Docket, answer_due: datetime | None, now: datetime, limits: Limits
) -> datetime | None:
    times = [] if answer_due is None else [answer_due]
    for one in docket.deadlines:
        times += [one.due_at - before for before in (limits.risk, limits.urgent)]
        times += [one.due_at, one.due_at + limits.overdue]
    if _is_unfinished(docket) and docket.moved_at is not None:
        times += [docket.moved_at + limits.silent, docket.moved_at + limits.given_up]
    return min((at for at in times if at > now), default=None)


class State(StrEnum):
    """What the chips above the queue choose between."""

    OPEN = "open"  # whatever staff should look at
    WAITING = "waiting"
    MINE = "mine"
    RISK = "risk"
    STUCK = "stuck"
    ERASING = "erasing"  # all of it is to be deleted
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations somebody wants to see. ``agent`` is whose are meant by mine."""

    state: State = State.OPEN
    stage: str | None = None
    province: str | None = None
    channel: str | None = None
    agent: str | None = None

    def takes(self, docket: Docket, at: Place) -> bool:
        """Whether a conversation is one of them."""
        return (
            is_in(self.state, docket, at, self.agent)
            and self.stage in (None, docket.stage)
            and self.province in (None, docket.province)
            and self.channel in (None, docket.channel)
        )


def is_in(state: State, docket: Docket, at: Place, agent: str | None = None) -> bool:
    """Whether a conversation belongs under a chip."""
    match state:
        case State.OPEN:
            return at.band is not Band.REST or docket.holder is not None
        case State.WAITING:
            return at.waiting
        case State.MINE:
            return docket.holder is not None and docket.holder.agent == agent
        case State.RISK:
            return at.at_risk or at.band is Band.OVERDUE
        case State.STUCK:
            return at.stuck
        case State.ERASING:
            return docket.erasing is not None
        case _:
            return True
