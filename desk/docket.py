"""案卷: a conversation as the desk lists it, from its case and what was written in it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeAlias

from dialogs.case import Case, FilingRecord
from dialogs.due import deadlines_in
from dialogs.standing import Standing, standing
from dialogs.world import World
from filing.deadline import Deadline
from filing.event import Stage
from filing.masking import mask_name
from filing.stage import stage_of

SHAPE = 3
"""Raised whenever a docket is worked out differently: those of another shape are made anew."""

Author: TypeAlias = Literal["applicant", "assistant", "staff"]

_DEADLINES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """Something written in a conversation. Only words of people are kept for the search."""

    seq: int
    at: datetime
    author: Author
    text: str = ""  # empty for the assistant's


@dataclass(frozen=True, slots=True)
class Talked:
    """Who wrote last, as far as it has been read."""

    seq: int = 0  # of the last line
    heard_at: datetime | None = None  # the applicant
    said_at: datetime | None = None  # anybody of us
    unanswered_since: datetime | None = None  # the applicant's first line that nobody answered

    def after(self, lines: Iterable[Line]) -> "Talked":
        """The same once these further lines are read."""
        talked = self
        for line in lines:
            if line.seq <= talked.seq:
                continue
            if line.author == "applicant":
                since = talked.unanswered_since or line.at
                talked = Talked(line.seq, line.at, talked.said_at, since)
            else:
                talked = Talked(line.seq, talked.heard_at, line.at, None)
        return talked


@dataclass(frozen=True, slots=True)
class Running:
    """A deadline that runs and wants something done."""

    kind: str
    due_at: datetime
    who: str | None = None
    filing: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """The colleague who holds the conversation."""

    agent: str  # id of the account
    name: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Docket:
    """What staff see of a conversation in a list. Nothing in it is secret among staff.

    ``name`` is masked where it is a person's. ``deadlines`` are the nearest first; of somebody
    whose data is to be erased there are none.
    """

    conversation: str
    version: int
    made_at: datetime
    channel: str
    locale: str
    filing: str | None = None
    name: str = ""
    domain: str | None = None
    province: str | None = None
    subject_kind: str | None = None
    stage: str | None = None  # None before a filing is begun
    asking: str | None = None  # key of the open question
    answered: int = 0
    remaining: int = 0
    numbers: tuple[str, ...] = ()  # filing numbers
    domains: tuple[str, ...] = ()  # of all filings
    waiting_since: datetime | None = None  # for a person
    holder: Holder | None = None
    deadlines: tuple[Running, ...] = ()
    failures: int = 0  # wrong answers in a row
    paused: bool = False
    moved_at: datetime | None = None  # the last answer or event
    tasks: tuple[str, ...] = ()  # kinds of what staff were asked to look at
    erasing: datetime | None = None  # all of it is to go then, unless its owner takes it back
    talked: Talked = field(default_factory=Talked)
    shape: int = SHAPE

    @property
    def heard_at(self) -> datetime | None:
        """When the applicant wrote last."""
        return self.talked.heard_at

    @property
    def stirred_at(self) -> datetime:
        """When something last happened in it."""
        return self.heard_at or self.moved_at or self.made_at

    @property
    def unanswered_since(self) -> datetime | None:
        """Since when the holder owes an answer; None while nobody holds it or none is owed."""
        if self.holder is None or self.talked.unanswered_since is None:
            return None
        return max(self.talked.unanswered_since, self.holder.since)


Deadlines: TypeAlias = Callable[[Case, FilingRecord, datetime, World], tuple[Deadline, ...]]
"""Works out the deadlines of one filing of a case."""


def deadlines_of_record(
    case: Case, record: FilingRecord, now: datetime, world: World
) -> tuple[Deadline, ...]:
    """The deadlines of one filing of a case."""
    return deadlines_in(case, now, world, record=record)


def docket_of(
    case: Case,
    talked: Talked,
    tasks: Sequence[str],
    now: datetime,
    world: World,
    deadlines: Deadlines = deadlines_of_record,
) -> Docket:
    """Work a docket out. ``tasks`` are the kinds of open ones."""
    hold, holder = case.hold, None
    if hold is not None:
        holder = Holder(hold.agent, hold.name, hold.since, hold.until)
    docket = Docket(
        case.conversation_id,
        case.version,
        now,
        case.identity.channel,
        case.locale,
        waiting_since=_waiting_since(case),
        holder=holder,
        failures=case.attention.failures,
        paused=case.attention.paused,
        tasks=tuple(sorted(set(tasks))),
        erasing=case.erasing.due_at if case.erasing is not None else None,
        talked=talked,
    )
    shown = case.filing or _newest(case.filings.values())
    if shown is None:
        return docket
    of_filing = {
        one.id: deadlines(case, one, now, world) for one in case.filings.values() if one.events
    }
    known = of_filing.get(shown.id)
    stands = standing(replace(case, active=shown.id), now, world, deadlines=known)
    values = stands.journey.values
    name, domain = values.get("subject_name", ""), values.get("domain")
    running: list[Running] = []  # of what is to be erased nothing is chased any more
    if case.erasing is None:
        running += _running({**of_filing, shown.id: stands.deadlines})
    others = [one for one in case.filings.values() if one is not shown]
    return replace(
        docket,
        filing=shown.id,
        name=mask_name(name) if values.get("subject_kind") == "individual" else name,
        domain=domain,
        province=values.get("province"),
        subject_kind=values.get("subject_kind"),
        stage=stands.stage.stage.value,
        asking=stands.asking if case.filing is not None else None,
        answered=stands.journey.answered,
        remaining=stands.journey.remaining,
        numbers=_numbers(stands, others),
        domains=_domains(domain, others),
        deadlines=tuple(sorted(running, key=lambda one: (one.due_at, one.kind))[:_DEADLINES]),
        moved_at=_moved_at(shown),
    )


def _waiting_since(case: Case) -> datetime | None:
    """Since when they wait; of a wait begun before that was kept, since they wrote last."""
    attention = case.attention
    if case.handover != "waiting":
        return None
    return attention.waiting_since or attention.seen_at


def _newest(filings: Iterable[FilingRecord]) -> FilingRecord | None:
    return max(filings, key=lambda one: (one.created_at, one.id), default=None)


def _running(deadlines: Mapping[str, Sequence[Deadline]]) -> Iterable[Running]:
    for filing, found in deadlines.items():
        for one in found:
            if one.open and not one.kind.waits:
                yield Running(one.kind.key, one.due_at, one.who, filing)


def _numbers(stands: Standing, others: Sequence[FilingRecord]) -> tuple[str, ...]:
    found = [stands.stage.filing_number]
    found += [stage_of(one.events).filing_number for one in others if one.events]
    return tuple(number for number in found if number)


def _domains(shown: str | None, others: Sequence[FilingRecord]) -> tuple[str, ...]:
    told = [answer.value for one in others for answer in one.answers if answer.step == "domain"]
    return tuple(dict.fromkeys(one for one in (shown, *told) if one))


def _moved_at(filing: FilingRecord) -> datetime:
    times = [filing.created_at]
    times += [answer.at for answer in filing.answers[-1:]]
    times += [event.at for event in filing.events]
    return max(times)


EDITABLE: frozenset[str] = frozenset(one.value for one in Stage if one.editable)
"""Stages in which the form is the applicant's to fill in."""
