"""Which stage a filing is in, worked out from its events alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from filing.correcting import named_by, standing
from filing.event import BESIDE_STAGES, Event, EventType, Person, Stage
from filing.model import Filing

__all__ = [
    "ALLOWED_FROM",
    "BOTH_PERSONS",
    "Ignored",
    "Return",
    "Stage",
    "StageState",
    "persons_to_verify",
    "stage_of",
]

_E, _S = EventType, Stage

_UNREPORTED = (_S.DRAFT, _S.RETURNED)
# The provider tells what happened, not always everything that happened: an event may leap
# over stages nobody reported. It cannot lead back, and the bureau cannot approve or have an
# SMS answered for a filing it never had.
_TO_BUREAU = (*_UNREPORTED, _S.FIRST_REVIEW, _S.MATERIALS, _S.SECOND_REVIEW, _S.SUBMITTED)
_AT_BUREAU = (_S.SUBMITTED, _S.SMS_VERIFICATION, _S.BUREAU_REVIEW)

ALLOWED_FROM: Final[Mapping[EventType, tuple[Stage, ...]]] = MappingProxyType(
    {
        _E.SUBMITTED_FOR_FIRST_REVIEW: (_S.DRAFT, _S.RETURNED, _S.WITHDRAWN),
        _E.FIRST_REVIEW_PASSED: (*_UNREPORTED, _S.FIRST_REVIEW),
        _E.MATERIALS_SUBMITTED: (*_UNREPORTED, _S.FIRST_REVIEW, _S.MATERIALS),
        _E.AUTHENTICITY_PASSED: (*_UNREPORTED, _S.FIRST_REVIEW, _S.MATERIALS),
        _E.SECOND_REVIEW_PASSED: (
            *_UNREPORTED,
            _S.FIRST_REVIEW,
            _S.MATERIALS,
            _S.SECOND_REVIEW,
        ),
        _E.SUBMITTED_TO_BUREAU: _TO_BUREAU,
        _E.SMS_RECEIVED: (*_TO_BUREAU, _S.SMS_VERIFICATION),
        _E.SMS_VERIFIED: (_S.SUBMITTED, _S.SMS_VERIFICATION),
        _E.BUREAU_APPROVED: (*_AT_BUREAU, _S.APPROVED),  # its number may be told later
        _E.RETURNED: (
            *_UNREPORTED,
            _S.FIRST_REVIEW,
            _S.MATERIALS,
            _S.SECOND_REVIEW,
            *_AT_BUREAU,
        ),
        _E.WITHDRAWN: (*_TO_BUREAU, _S.SMS_VERIFICATION, _S.BUREAU_REVIEW),
        _E.WEBSITE_OPENED: (_S.APPROVED,),
        _E.FOOTER_DISPLAYED: (_S.APPROVED,),
        _E.POLICE_FILED: (_S.APPROVED,),
        _E.POLICE_NUMBER_DISPLAYED: (_S.APPROVED,),
        _E.REMEDIED: (_S.RETURNED, _S.WITHDRAWN),
    }
)
"""From which stages an event is believed; anywhere else it is set aside.

Those in ``BESIDE_STAGES`` are not looked at here; a correction takes back another (``standing``).
"""

_LEADS_TO: Final[Mapping[EventType, Stage]] = MappingProxyType(
    {
        _E.SUBMITTED_FOR_FIRST_REVIEW: _S.FIRST_REVIEW,
        _E.FIRST_REVIEW_PASSED: _S.MATERIALS,
        _E.MATERIALS_SUBMITTED: _S.MATERIALS,
        _E.AUTHENTICITY_PASSED: _S.MATERIALS,
        _E.SECOND_REVIEW_PASSED: _S.SUBMITTED,
        _E.SUBMITTED_TO_BUREAU: _S.SUBMITTED,
        _E.SMS_RECEIVED: _S.SMS_VERIFICATION,
        _E.SMS_VERIFIED: _S.SMS_VERIFICATION,
        _E.BUREAU_APPROVED: _S.APPROVED,
        _E.RETURNED: _S.RETURNED,
        _E.WITHDRAWN: _S.WITHDRAWN,
    }
)

_FOLLOWS_APPROVAL = frozenset(
    {
        EventType.WEBSITE_OPENED,
        EventType.FOOTER_DISPLAYED,
        EventType.POLICE_FILED,
        EventType.POLICE_NUMBER_DISPLAYED,
    }
)
_MATERIALS_DONE = {EventType.MATERIALS_SUBMITTED, EventType.AUTHENTICITY_PASSED}
_NEW_ATTEMPT = frozenset({Stage.RETURNED, Stage.WITHDRAWN})
_STAYS_IN_ATTEMPT = frozenset({EventType.RETURNED, EventType.WITHDRAWN, EventType.REMEDIED})

BOTH_PERSONS: Final = frozenset(Person)


def persons_to_verify(
    filing: Filing, recipients: frozenset[Person] = BOTH_PERSONS
) -> frozenset[Person]:
    """Who has to answer an SMS, of those to whom a filing of this kind sends one.

    One person (or phone) in both roles answers once: as the principal, where both get one.
    """
    mobile = filing.site_manager.mobile
    is_one = mobile is not None and mobile == filing.principal.mobile
    if recipients == BOTH_PERSONS and (filing.site_manager_same or is_one):
        return frozenset({Person.PRINCIPAL})
    return recipients


@dataclass(frozen=True, slots=True)
class Return:
    """The filing was sent back: when, from which stage and why."""

    at: datetime
    stage: Stage
    code: str | None  # rejection code R01-R38, if staff gave one; several with commas between
    reason: str | None  # the reviewer's own words


SetAside: TypeAlias = Literal["repeat", "out_of_place", "replaced", "corrected"]


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that did not count, and why.

    Told before, impossible where it came, replaced by a later word on the same matter, or taken
    back as a mistake.
    """

    event: Event
    why: SetAside


@dataclass(frozen=True, slots=True)
class StageState:
    """What the events say: the stage, since when, and what led there."""

    stage: Stage = Stage.DRAFT
    since: datetime | None = None  # None for a draft nothing has happened to
    attempt: int = 1  # rises with each new submission after a return or withdrawal
    returned: Return | None = None  # the latest return the applicant still has to answer
    returns: tuple[Return, ...] = ()  # all of them: a second reason may follow the first
    remedied: frozenset[tuple[str, str]] = frozenset()  # (rejection code, what was redone)
    verified: frozenset[Person] = frozenset()
    filing_number: str | None = None
    police_number: str | None = None
    accepted: tuple[Event, ...] = ()  # of this attempt, in order of time
    ignored: tuple[Ignored, ...] = ()

    def when(self, kind: EventType) -> datetime | None:
        """The first moment an event of this type counted in the present attempt.

        A code sent again does not move the start of the SMS window.
        """
        return next((event.at for event in self.accepted if event.type is kind), None)

    def sms_received(self, person: Person) -> datetime | None:
        """When a person's first code came; told without a name, it came to everybody."""
        return next(
            (
                event.at
                for event in self.accepted
                if event.type is EventType.SMS_RECEIVED
                and event.data.get("person", person) == person
            ),
            None,
        )

    def sms_stands_in(self, window: timedelta) -> datetime | None:
        """What the time of somebody runs from whose own code nobody told of; None: none can be.

        The hand-over to the bureau; or the first code of anybody, where it came later than the
        whole ``window`` after that or nobody told of the hand-over: codes are sent together.
        """
        handed_over = self.when(EventType.SUBMITTED_TO_BUREAU)
        first = self.when(EventType.SMS_RECEIVED)
        if handed_over is None or (first is not None and first >= handed_over + window):
            return first
        return handed_over


def stage_of(
    events: Iterable[Event],
    persons: frozenset[Person] = BOTH_PERSONS,
    *,
    sms_window: timedelta | None = None,
) -> StageState:
    """Replay the events in order of time. They may come late, twice or out of order.

    ``persons`` are those who must answer an SMS (:func:`persons_to_verify`). ``sms_window`` is
    how long a code may be answered: one that comes after it begins another attempt, even if
    nobody told of the return; None where that does not matter. Events at the same moment keep
    the order in which they are given.
    """
    everything = tuple(events)
    told = tuple(event for event in standing(everything) if event.type not in BESIDE_STAGES)
    state = StageState(ignored=_taken_back(everything))
    opened = next((one for one in reversed(told) if one.type is EventType.WEBSITE_OPENED), None)
    approved_at = min(
        (event.at for event in told if event.type is EventType.BUREAU_APPROVED), default=None
    )

    def place(event: Event) -> tuple[datetime, bool, datetime]:
        # What follows approval may be known, and dated, before the approval is told.
        follows = event.type in _FOLLOWS_APPROVAL and approved_at is not None
        at = max(event.at, approved_at) if follows and approved_at else event.at
        return (at, follows, event.at)

    for event in sorted(told, key=place):
        if event.type is EventType.WEBSITE_OPENED and opened and not event.same_as(opened):
            # A date that was planned may be put off: the last word told counts.
            state = _set_aside(state, event, "replaced")
        else:
            state = _after(state, event, persons, sms_window)
    return state


def _taken_back(told: tuple[Event, ...]) -> tuple[Ignored, ...]:
    """What was told by mistake, and corrections of what nobody told."""
    found: list[Ignored] = []
    for place, event in enumerate(told):
        if event.type is _E.CORRECTED:
            meant = named_by(event, standing(told[:place]))
            found.append(
                Ignored(event, "out_of_place") if meant is None else Ignored(meant, "corrected")
            )
    return tuple(found)


def _after(
    state: StageState, event: Event, persons: frozenset[Person], sms_window: timedelta | None
) -> StageState:
    if _is_repeat(state, event):
        return _set_aside(state, event, "repeat")
    if state.stage not in ALLOWED_FROM[event.type]:
        return _set_aside(state, event, "out_of_place")
    is_new = state.stage in _NEW_ATTEMPT and event.type not in _STAYS_IN_ATTEMPT
    if is_new or _is_of_another_round(state, event, persons, sms_window):
        # Handed in again: reviews, materials and SMS all start anew.
        state = StageState(attempt=state.attempt + 1, ignored=state.ignored)
    state = _with_facts(state, event, persons)
    state = replace(state, accepted=(*state.accepted, event))
    stage = _next_stage(state, event, persons)
    return state if stage is state.stage else replace(state, stage=stage, since=event.at)


def _is_of_another_round(
    state: StageState, event: Event, persons: frozenset[Person], window: timedelta | None
) -> bool:
    """Whether a code came after the time of the one before it was up.

    A filing whose SMS are not answered in time goes back by itself, and only handing it over
    again sends codes: to everybody, who all answer anew.
    """
    is_code = event.type is EventType.SMS_RECEIVED and state.stage is Stage.SMS_VERIFICATION
    if window is None or not is_code:
        return False
    named = event.data.get("person")
    if named:  # told for the first time, it may be one of this round that was told late
        begun = [state.sms_received(Person(named))]
    else:
        stands_in = state.sms_stands_in(window)
        begun = [state.sms_received(one) or stands_in for one in persons - state.verified]
    return all(at is not None and event.at >= at + window for at in begun)


def _set_aside(state: StageState, event: Event, why: SetAside) -> StageState:
    return replace(state, ignored=(*state.ignored, Ignored(event, why)))


def _is_repeat(state: StageState, event: Event) -> bool:
    same_kind = [known for known in state.accepted if known.type is event.type]
    if event.type is EventType.SMS_VERIFIED:
        return event.data.get("person") in state.verified
    if event.type is EventType.SMS_RECEIVED:  # a code may be sent again
        return any(known.same_as(event) for known in same_kind)
    if event.type is EventType.RETURNED:  # another reason is news, no reason is not
        why = (event.data.get("code"), event.data.get("reason"))
        known = {(one.code, one.reason) for one in state.returns} | {(None, None)}
        return state.stage is Stage.RETURNED and why in known
    if event.type is EventType.REMEDIED:
        return (event.data["code"], event.data["redo"]) in state.remedied
    return bool(same_kind) and state.stage not in _NEW_ATTEMPT and not _tells_number(state, event)


def _tells_number(state: StageState, event: Event) -> bool:
    """Whether an approval told before now comes with its number, or with another one."""
    known = {"filing_number": state.filing_number, "police_number": state.police_number}
    return any(name in known and known[name] != told for name, told in event.data.items())


def _with_facts(state: StageState, event: Event, persons: frozenset[Person]) -> StageState:
    match event.type:
        case EventType.SMS_VERIFIED:
            person = Person(event.data["person"])
            # One person in both roles answers one SMS, under whichever name it is told.
            whom = frozenset({person}) if person in persons else persons
            return replace(state, verified=state.verified | whom)
        case EventType.BUREAU_APPROVED:
            return replace(
                state, filing_number=event.data.get("filing_number", state.filing_number)
            )
        case EventType.POLICE_FILED:
            return replace(
                state, police_number=event.data.get("police_number", state.police_number)
            )
        case EventType.REMEDIED:
            done = (event.data["code"], event.data["redo"])
            return replace(state, remedied=state.remedied | {done})
        case EventType.RETURNED:
            returned = _return(state, event)
            return replace(state, returned=returned, returns=(*state.returns, returned))
        case _:
            return state


def _return(state: StageState, event: Event) -> Return:
    """What was sent back; a further reason without a stage of its own is from that of the first."""
    stage = state.returned.stage if state.returned is not None else state.stage
    if "stage" in event.data:
        stage = Stage(event.data["stage"])
    return Return(event.at, stage, event.data.get("code"), event.data.get("reason"))


def _next_stage(state: StageState, event: Event, persons: frozenset[Person]) -> Stage:
    stage = _LEADS_TO.get(event.type, state.stage)
    happened = {known.type for known in state.accepted}
    if stage is Stage.MATERIALS and happened >= _MATERIALS_DONE:
        return Stage.SECOND_REVIEW
    if stage is Stage.SMS_VERIFICATION and state.verified >= persons:
        return Stage.BUREAU_REVIEW
    return stage
