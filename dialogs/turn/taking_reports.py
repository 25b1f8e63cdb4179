"""Taking reports: recorded, read back where it matters, asked about or refused."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from dialogs.case import APPLICANT
from dialogs.message import ReplyKind
from dialogs.turn import events
from dialogs.turn.draft import Draft
from dialogs.turn.reading_back import REPORT, propose
from dialogs.turn.reported_time import moment_of
from dialogs.turn.stages import event_button, event_words, next_events, ways_on
from dialogs.understanding.reports import Reported
from filing.event import AUTHOR, Event, EventType, Person, Stage

REASON: Final = "reason"
"""What is pending while the reviewer's own words are waited for."""

_E, _S = EventType, Stage
_JUST_NOW = timedelta(minutes=30)
_DONE_BY: Mapping[Stage, frozenset[str]] = MappingProxyType(
    {
        _S.SMS_VERIFICATION: frozenset({*Person, "other", "both"}),
        _S.BUREAU_REVIEW: frozenset({*Person, "other"}),  # "both": the bureau and they
    }
)
_ALWAYS_READ_BACK = frozenset({_E.BUREAU_APPROVED, _E.RETURNED})


@dataclass(frozen=True, slots=True)
class _Refusal:
    """An event that cannot be, and the wording that says why."""

    key: str
    event: Event


def take_reports(draft: Draft, told: Iterable[Reported]) -> bool:
    """Record what was told, or read it back, ask what is missing, or say why it cannot be."""
    if draft.stage.stage in (_S.DRAFT, _S.WITHDRAWN):
        _not_handed_in(draft)
        return True
    told = tuple(_by_stage(draft, one) for one in told)
    waiting = [
        event
        for event in _still_waiting(draft, {one.type for one in told})
        if event.type is not _E.CORRECTED  # whoever reports something else has gone on
    ]
    wanted: list[Event] = []
    read_back = False
    for one in told:
        if one.type is None:
            return _which(draft)
        if one.type is _E.RETURNED:
            take_return(draft, one)
            return True
        people = _people(draft, one)
        if people is None:
            _ask_who(draft, one.type)
            return True
        at = moment_of(draft, one)
        if at is None:
            return True  # and why has been said
        made = [event_of(draft, one.type, at, one, person) for person in people or (None,)]
        read_back = read_back or (one.when is not None and at < draft.now - _JUST_NOW)
        read_back = read_back or one.type in _ALWAYS_READ_BACK or at > draft.now
        wanted += made
    together = _sorted(draft, [*waiting, *wanted])[0] if waiting else []
    if len(together) > len(waiting) and not _sorted(draft, wanted)[0]:
        propose(draft, together)  # can only be once that has happened which waits for a yes
        return True
    possible = _possible(draft, wanted)
    if not possible:
        return True
    steps = {kind for kind, _ in next_events(draft)}
    if read_back or possible[0].type not in steps:
        propose(draft, [*waiting, *possible])
        return True
    _record(draft, possible)
    if waiting:
        propose(draft, _possible(draft, waiting))
    return True


def _by_stage(draft: Draft, one: Reported) -> Reported:
    """That a person is done means, while the SMS is waited for and after, that they verified."""
    if one.type is None and one.who in _DONE_BY.get(draft.stage.stage, ()):
        return replace(one, type=_E.SMS_VERIFIED)
    return one


def _still_waiting(draft: Draft, told: Container[EventType | None]) -> list[Event]:
    """What was read back and neither confirmed nor told anew."""
    if draft.attention.pending != REPORT:
        return []
    return [event for event in draft.attention.reports if event.type not in told]


def read_back_again(draft: Draft) -> bool:
    """Read back what still waits for a yes, where something else was said in between."""
    offered = {button.value for reply in draft.replies for button in reply.buttons}
    waiting = _still_waiting(draft, ())
    if not waiting or f"yes:{REPORT}" in offered:
        return False
    propose(draft, waiting)
    return True


def _possible(draft: Draft, wanted: list[Event]) -> list[Event]:
    """Those that would count, told in this order; the first that would not is refused aloud."""
    taken, refused = _sorted(draft, wanted)
    if refused and not taken:
        _refuse(draft, refused[0])
    return taken


def _sorted(draft: Draft, wanted: Iterable[Event]) -> tuple[list[Event], list[_Refusal]]:
    """Those that would count, told in this order, and those that would not."""
    filing = draft.case.filing
    assert filing is not None
    known: tuple[Event, ...] = filing.events
    taken: list[Event] = []
    refused: list[_Refusal] = []
    for event in wanted:
        after = draft.stage_after((*known, *taken, event))
        why = next((one.why for one in after.ignored if one.event is event), None)
        if why is None:
            taken.append(event)
        else:
            refused.append(_Refusal("known" if why == "repeat" else "not_yet", event))
    return taken, refused


def _refuse(draft: Draft, refusal: _Refusal) -> None:
    draft.ask_after = draft.is_open
    draft.say(
        ReplyKind.ANSWER,
        f"stage.report_{refusal.key}",
        event=event_words(draft, refusal.event.type, refusal.event.data.get("person")),
        stage=draft.text(f"stage.name.{draft.stage.stage.value}"),
        buttons=(*ways_on(draft), draft.button("cmd:handover", "person")),
    )


def _not_handed_in(draft: Draft) -> None:
    draft.ask_after = draft.is_open
    draft.say(
        ReplyKind.ANSWER,
        "stage.report_not_handed_in",
        stage=draft.text(f"stage.name.{draft.stage.stage.value}"),
        buttons=(*ways_on(draft), draft.button("cmd:handover", "person")),
    )


def _record(draft: Draft, told: Iterable[Event]) -> None:
    """Record events of the applicant, and say once where that leads."""
    draft.attend(reports=(), pending=None)
    draft.at_review = True  # what is told of the event matters now, not the sheet again
    draft.ask_after = True
    events.take_all(draft, tuple(told))
    draft.ask_after = draft.ask_after and draft.is_open


def event_of(
    draft: Draft,
    kind: EventType,
    at: datetime,
    told: Reported | None = None,
    person: str | None = None,
) -> Event:
    """An event as the applicant reports it; ``person`` is whose SMS it is about."""
    data = {AUTHOR: APPLICANT}
    if person is not None:
        data["person"] = person
    if told is not None:
        numbers = {"filing_number": told.filing_number, "police_number": told.police_number}
        data |= {name: number for name, number in numbers.items() if number}
        if told.reason:
            data["reason"] = told.reason
    return Event(kind, at, data)


def _people(draft: Draft, told: Reported) -> tuple[str, ...] | None:
    """Whose SMS it is about; empty where it is nobody's, None where that must be asked."""
    if told.type is _E.SMS_RECEIVED:
        named = told.who in tuple(Person) and len(draft.persons) > 1
        return (told.who,) if named and told.who else ()
    if told.type is not _E.SMS_VERIFIED:
        return ()
    missing = [one.value for one in Person if one in draft.persons - draft.stage.verified]
    if len(draft.persons) == 1:
        return tuple(one.value for one in draft.persons)
    if told.who == "both":
        return tuple(missing) or tuple(one.value for one in Person)
    if told.who in tuple(Person):
        return (told.who,) if told.who else ()
    return (missing[0],) if len(missing) == 1 else None


def _ask_who(draft: Draft, kind: EventType) -> None:
    buttons = [event_button(draft, kind, person) for person in (*Person, "both")]
    draft.say(ReplyKind.QUESTION, "stage.report_who", buttons=tuple(buttons))
    draft.ask_after = False


def _which(draft: Draft) -> bool:
    """ "Done", where several things are waited for: ask which."""
    waited = [one for one in next_events(draft) if one[0] is not _E.RETURNED]
    if draft.stage.stage is _S.SUBMITTED:
        waited += [(_E.SMS_VERIFIED, one.value) for one in Person if one in draft.persons]
    if not waited:
        return False
    if len(waited) == 1:
        kind, person = waited[0]
        return take_reports(draft, [Reported(kind, who=person)])
    buttons = [event_button(draft, *one) for one in waited]
    draft.say(ReplyKind.QUESTION, "stage.report_which", buttons=tuple(buttons))
    draft.ask_after = False
    return True


def decide_report(draft: Draft, *, yes: bool) -> None:
    """Record what was read back, or let it go."""
    waiting = draft.attention.reports
    draft.attend(reports=(), pending=None)
    possible = _possible(draft, list(waiting)) if yes else []
    if possible:
        _record(draft, possible)
    elif not yes:
        draft.ask_after = draft.is_open
        is_taking_back = any(event.type is _E.CORRECTED for event in waiting)
        draft.say(
            ReplyKind.NOTICE,
            "stage.report_not_taken_back" if is_taking_back else "stage.report_dropped",
            buttons=ways_on(draft),
        )


def take_return(draft: Draft, told: Reported) -> None:
    """A return: ask for the reviewer's words if there are none yet, else read it all back."""
    at = moment_of(draft, told)
    if at is None:
        return
    event = event_of(draft, _E.RETURNED, at, told)
    if not _possible(draft, [event]):
        return
    if told.reason is None:
        draft.attend(pending=REASON, reports=())
        draft.say(
            ReplyKind.QUESTION,
            "stage.report_reason",
            buttons=(
                draft.button(f"event:returned:none:{draft.case.active or ''}", "no_reason"),
                draft.button("cmd:handover", "person"),
            ),
        )
        draft.ask_after = False
        return
    propose(draft, [event])
