"""What deadlines run from and what settles them: events, dates in the answers, dates told later."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Final, TypeAlias

from filing.deadline_kind import DeadlineKind
from filing.event import Event, EventType, Person, Stage
from filing.model import PERMANENT, Filing
from filing.stage import StageState

_E: Final = EventType
CONTACT_CHECK: Final = "contact_check"
CONTACTS_RIGHT: Final = "contacts_right"
"""The check that comes back for as long as the filing lasts, and what it runs from."""

_MATERIALS: Final = (_E.MATERIALS_SUBMITTED, _E.AUTHENTICITY_PASSED)


@dataclass(frozen=True, slots=True)
class Start:
    """What one deadline runs from."""

    at: datetime
    who: str | None = None
    is_day: bool = False  # a date, from its midnight in China
    happened: bool = True  # an event or a date told; False for a date in the answers
    told_at: datetime | None = None  # when a date was told


Starts: TypeAlias = Mapping[str, tuple[Start, ...]]


def starts_of(
    filing: Filing,
    events: Sequence[Event],
    state: StageState,
    persons: frozenset[Person],
    dates: Mapping[str, date],
    zone: tzinfo,
) -> Starts:
    """Everything known that a deadline can run from, by the name the rule data use."""
    found: dict[str, dict[str | None, Start]] = {}

    def day(name: str, on: date | None, who: str | None = None) -> None:
        if on is not None and on != PERMANENT:
            midnight = datetime.combine(on, time(), zone)
            found.setdefault(name, {})[who] = Start(midnight, who, is_day=True, happened=False)

    day("domain_verified", filing.website.domain_verified_on)
    day("domain_valid_until", filing.website.domain_valid_until)
    for who, until in _certificates(filing):
        day("certificate_valid_until", until, who)
    for name, on in dates.items():
        day(name, on)
    for event in events:
        if event.type is _E.DATE_TOLD:
            whose = event.data.get("who")
            on = date.fromisoformat(event.data["date"])
            found.setdefault(event.data["what"], {})[whose] = Start(
                datetime.combine(on, time(), zone), whose, is_day=True, told_at=event.at
            )
    for name, at in _happened(state, persons).items():
        found[name] = {None: Start(at)}
    if (since := _contacts_right_since(events, state)) is not None:
        found[CONTACTS_RIGHT] = {None: Start(since)}
    return {name: tuple(starts.values()) for name, starts in found.items()}


def _contacts_right_since(events: Iterable[Event], state: StageState) -> datetime | None:
    """When the contacts were last said to be right: at first, those that were approved are."""
    approved = state.when(_E.BUREAU_APPROVED)
    said = [
        event.at
        for event in events
        if event.type is _E.DUTY_DONE and event.data["what"].partition(":")[0] == CONTACT_CHECK
    ]
    return max(said, default=approved) if approved is not None else None


def settled_at(
    kind: DeadlineKind, deadline_id: str, start: Start, events: Iterable[Event], state: StageState
) -> datetime | None:
    """When the event or word came that settles this very deadline; None if it has not."""
    for event in events:
        if event.type is _E.DUTY_DONE and _names(event, kind, deadline_id, start):
            return event.at
    if kind.starts == _E.RETURNED:
        return None  # handing in again begins another attempt, which has no return yet
    for event in state.accepted:
        if event.type != kind.ends:
            continue
        if event.type is not _E.SMS_VERIFIED or event.data.get("person") == start.who:
            return event.at
    if kind.ends == _E.SMS_VERIFIED and start.who in state.verified:
        return state.since
    return None


def _names(event: Event, kind: DeadlineKind, deadline_id: str, start: Start) -> bool:
    """Whether a word of something done means this deadline, by its id or by its kind."""
    what = event.data["what"]
    if what == deadline_id:
        return True
    if what != kind.key or event.data.get("who") not in (None, start.who):
        return False
    if kind.starts == CONTACTS_RIGHT:
        return event.at > start.at  # what was said begins the next one
    return start.told_at is None or event.at >= start.told_at


def _happened(state: StageState, persons: frozenset[Person]) -> dict[str, datetime]:
    known: dict[str, datetime] = {}
    for event in state.accepted:
        if event.type is not _E.SMS_VERIFIED:
            known.setdefault(event.type.value, event.at)
    parts = [at for kind in _MATERIALS if (at := known.get(kind.value)) is not None]
    if len(parts) == len(_MATERIALS):
        known["materials_complete"] = max(parts)
    answered = [event.at for event in state.accepted if event.type is _E.SMS_VERIFIED]
    if answered and state.verified >= persons:
        known["sms_verified"] = max(answered)
    if state.stage is Stage.RETURNED and state.since is not None:
        known["returned"] = state.since
    return known


def _certificates(filing: Filing) -> Iterable[tuple[str, date | None]]:
    """Whose paper and its last valid day; each paper once.

    Of papers whose numbers are gone, those of one kind that end on one day are taken for one.
    """
    seen: set[object] = set()
    papers = (
        ("subject", filing.subject.certificate),
        (Person.PRINCIPAL.value, filing.principal.certificate),
        (Person.SITE_MANAGER.value, filing.site_manager.certificate),
    )
    for who, paper in papers:
        which = paper.number or (paper.type, paper.valid_until)
        if which not in seen:
            seen.add(which)
            yield who, paper.valid_until
