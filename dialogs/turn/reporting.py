"""What applicants report of their filing: read, read back where it matters, recorded or refused."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from dialogs.case import APPLICANT
from dialogs.message import ReplyKind
from dialogs.turn import events
from dialogs.turn.dates import day_words, moment_words
from dialogs.turn.draft import Draft
from dialogs.turn.returning import tick_off
from dialogs.turn.stages import event_button, event_words, next_events, say_stage, ways_on
from dialogs.turn.verifying import hear_trouble, keep_code_out
from dialogs.understanding.reports import Reported, read_reports, trouble, wonders
from dialogs.understanding.understood import Intent
from dialogs.understanding.when_said import SaidWhen, said_when
from dialogs.world import SHANGHAI, day_of
from filing.event import AUTHOR, Event, EventType, Person, Stage
from filing.filing_number import find_filing_numbers
from filing.identifiers.normalise import half_width
from filing.simplified import simplify
from filing.stage import stage_of
from knowledge.return_reading import read_reasons

REPORT: Final = "report"
"""What is pending while events read back wait for "that is right"."""
REASON: Final = "reason"
"""What is pending while the reviewer's own words are waited for."""

_E, _S = EventType, Stage
_JUST_NOW = timedelta(minutes=30)
_ALWAYS_READ_BACK = frozenset({_E.BUREAU_APPROVED, _E.RETURNED})
_COMMANDS = frozenset(Intent) - {
    *(Intent.ANSWER, Intent.CORRECT, Intent.FAQ, Intent.UNKNOWN, Intent.CONFIRM, Intent.DENY),
}
_BEFORE_SMS = frozenset({_S.FIRST_REVIEW, _S.MATERIALS, _S.SECOND_REVIEW, _S.SUBMITTED})
_MISSES_SMS = re.compile(r"短信|验证码|\b(?:sms|codes?|text)\b", re.IGNORECASE)
_GIVES_NONE = re.compile(
    r"^\W*(?:上面|里面|他们|短信|邮件|也|都|就|好像)*(?:没|没有|未)(?:写|给|说|注明|说明)?(?:明)?(?:原因|理由)?(?:了|啊)?\W*$|"
    r"不知道(?:原因|理由|为什么)|^\W*(?:no reason|none|not given|it does ?n.t say)",
    re.IGNORECASE,
)
_DATE_ALONE = 14
_ASKS = re.compile("[?？吗]")
_TIME_ALONE = 24
"""Characters of a message that may be nothing but another time."""
_TOO_SHORT = 4
_READ_BACK_TEXT = 200


def hear_report(draft: Draft, text: str, read: Intent) -> bool:
    """Take what a message tells of the filing; False if it tells nothing of it.

    ``read`` is what the message means as an answer: a command is not a reviewer's words.
    """
    if draft.case.filing is None or _is_asking(draft):
        return False
    if keep_code_out(draft, text, then=_hear_again, buttons=ways_on(draft)):
        draft.ask_after = draft.is_open
        return True
    return _hear(draft, text, read)


def hear_report_after_all(draft: Draft, text: str) -> bool:
    """The same for a message that was not understood as an answer to the open question."""
    if draft.case.filing is None or draft.is_open is False:
        return False
    told = [
        one
        for one in read_reports(text, draft.stage.stage, draft.now)
        if one.type is not None and one.type is not _E.WEBSITE_OPENED
    ]
    return bool(told) and _take_all(draft, told)


def _is_asking(draft: Draft) -> bool:
    """Whether a question is open whose answer the message may be."""
    step = draft.open_step
    if step is None or draft.attention.pending in (REPORT, REASON):
        return False
    return not step.closes


def _hear_again(draft: Draft, text: str) -> None:
    _hear(draft, text, Intent.UNKNOWN)


def _hear(draft: Draft, text: str, read: Intent) -> bool:
    pending = draft.attention.pending
    told = read_reports(text, draft.stage.stage, draft.now)
    if draft.is_open and not draft.mending.to_do:  # "done" is a yes to handing in
        told = tuple(one for one in told if one.type is not None)
    if pending == REPORT and not told and _amend(draft, text):
        return True
    if pending == REASON and not told and _GIVES_NONE.search(text):
        _propose(draft, [_event(draft, _E.RETURNED, draft.now)])
        return True
    if pending == REASON and not told and _is_reason(draft, text, read):
        _take_return(draft, Reported(_E.RETURNED, reason=text.strip()))
        return True
    if _names_reasons(draft, text) and not told:
        _take_return(draft, Reported(_E.RETURNED, reason=text.strip()))
        return True
    if not told and _waits_for_opening(draft) and len(text.strip()) <= _DATE_ALONE:
        when = said_when(_plain(text), draft.now)
        if when is not None and not _ASKS.search(text):
            told = (Reported(_E.WEBSITE_OPENED, when=when, is_plan=True),)
    if _redone(draft, told):
        return True
    told = tuple(_with_reason(draft, one, text) for one in told)
    taken = bool(told) and _take_all(draft, told)
    if taken and draft.attention.pending in (REPORT, REASON):
        return True
    if hear_trouble(draft, text) or taken:
        return True
    if draft.stage.stage in _BEFORE_SMS and _MISSES_SMS.search(text) and trouble(text) == "no_code":
        draft.notice("stage.no_sms_yet")
        say_stage(draft)
        return True
    if not draft.is_open and wonders(text, draft.stage.stage):
        say_stage(draft)
        return True
    return False


def _with_reason(draft: Draft, told: Reported, text: str) -> Reported:
    """A return with the whole message as its reason, where that names one by itself."""
    if told.type is not _E.RETURNED or told.reason is not None:
        return told
    names_one = read_reasons(text, draft.world.rejections).codes
    return replace(told, reason=text.strip()) if names_one else told


def _waits_for_opening(draft: Draft) -> bool:
    """Whether the day on which the website opens is asked for."""
    state = draft.stage
    return state.stage is _S.APPROVED and state.when(_E.WEBSITE_OPENED) is None


def _plain(text: str) -> str:
    return simplify(half_width(text)).lower()


def _is_reason(draft: Draft, text: str, read: Intent) -> bool:
    """Whether a message can be a reviewer's words; one that names a reason is, whatever else."""
    if read_reasons(text, draft.world.rejections).codes:
        return True
    return read not in _COMMANDS and len(text.strip()) > _TOO_SHORT


def _names_reasons(draft: Draft, text: str) -> bool:
    """Whether reasons are told of a return that nobody understood so far."""
    if draft.stage.stage is not _S.RETURNED or draft.mending.reasons:
        return False
    return bool(read_reasons(text, draft.world.rejections).codes)


def _redone(draft: Draft, told: Iterable[Reported]) -> bool:
    """Tick off what a return asked to redo, where the list of it is before the applicant."""
    if not draft.mending.to_do:
        return False
    means = {
        _E.MATERIALS_SUBMITTED: "upload_papers",
        _E.AUTHENTICITY_PASSED: "face_check",
        _E.FOOTER_DISPLAYED: "footer",
        None: "all",
    }
    keys = [means[one.type] for one in told if one.type in means]
    ticked = [
        tick_off(draft, redo.key if key != "all" else "all")
        for key in keys
        for redo in draft.mending.to_do
        if key in ("all", redo.what)
    ]
    return any(ticked)


# --- buttons ---------------------------------------------------------------------------------


def press_event(draft: Draft, rest: str) -> None:
    """Report by button: ``first_review_passed``, ``sms_verified:principal``, ``returned:none``.

    A filing's id may follow; while another one is the active one, nothing is recorded.
    """
    name, more, filing_id, *_ = *rest.split(":"), "", "", ""
    try:
        kind = EventType(name)
    except ValueError:
        draft.notice("message.stale_button")
        return
    if draft.case.filing is None:
        draft.notice("message.nothing_begun")
        return
    if filing_id and filing_id != draft.case.active:
        _say_elsewhere(draft, filing_id)
        return
    if kind is _E.RETURNED and more == "none":
        _propose(draft, [_event(draft, kind, draft.now)])
        return
    _take_all(draft, [Reported(kind, who=more or None)])


def _say_elsewhere(draft: Draft, filing_id: str) -> None:
    if filing_id not in draft.case.filings:
        draft.notice("message.stale_button")
        return
    switch = draft.button(f"filing:{filing_id}", "look_there")
    draft.say(ReplyKind.NOTICE, "stage.report_elsewhere", buttons=(switch,))


def press_redo(draft: Draft, key: str) -> None:
    """Tick something off by button."""
    if not tick_off(draft, key):
        draft.notice("message.stale_button")


# --- taking ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Refusal:
    """An event that cannot be, and the wording that says why."""

    key: str
    event: Event


def _take_all(draft: Draft, told: Iterable[Reported]) -> bool:
    """Record what was told, or read it back, ask what is missing, or say why it cannot be."""
    if draft.stage.stage in (_S.DRAFT, _S.WITHDRAWN):
        _not_handed_in(draft)
        return True
    told = tuple(told)
    waiting = _still_waiting(draft, {one.type for one in told})
    wanted: list[Event] = []
    read_back = False
    for one in told:
        if one.type is None:
            return _which(draft)
        if one.type is _E.RETURNED:
            _take_return(draft, one)
            return True
        people = _people(draft, one)
        if people is None:
            _ask_who(draft, one.type)
            return True
        at = _moment(draft, one)
        if at is None:
            return True  # and why has been said
        made = [_event(draft, one.type, at, one, person) for person in people or (None,)]
        read_back = read_back or (one.when is not None and at < draft.now - _JUST_NOW)
        read_back = read_back or one.type in _ALWAYS_READ_BACK or at > draft.now
        wanted += made
    possible = _possible(draft, wanted)
    if not possible:
        return True
    steps = {kind for kind, _ in next_events(draft)}
    if read_back or possible[0].type not in steps:
        _propose(draft, [*waiting, *possible])
        return True
    record(draft, possible)
    if waiting:
        _propose(draft, _possible(draft, waiting))
    return True


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
    _propose(draft, waiting)
    return True


def _possible(draft: Draft, wanted: list[Event]) -> list[Event]:
    """Those that would count, told in this order; the first that would not is refused aloud."""
    filing = draft.case.filing
    assert filing is not None
    known: tuple[Event, ...] = filing.events
    taken: list[Event] = []
    refused: list[_Refusal] = []
    for event in wanted:
        after = stage_of((*known, *taken, event), draft.persons)
        why = next((one.why for one in after.ignored if one.event is event), None)
        if why is None:
            taken.append(event)
        else:
            refused.append(_Refusal("known" if why == "repeat" else "not_yet", event))
    if refused and not taken:
        _refuse(draft, refused[0])
    return taken


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


def record(draft: Draft, told: Iterable[Event]) -> None:
    """Record events of the applicant, and say once where that leads."""
    draft.attend(reports=(), pending=None)
    draft.at_review = True  # what is told of the event matters now, not the sheet again
    draft.ask_after = True
    events.take_all(draft, tuple(told))
    draft.ask_after = draft.ask_after and draft.is_open


def _event(
    draft: Draft,
    kind: EventType,
    at: datetime,
    told: Reported | None = None,
    person: str | None = None,
) -> Event:
    data = {AUTHOR: APPLICANT}
    if person is not None:
        data["person"] = person
    if told is not None:
        numbers = {"filing_number": told.filing_number, "police_number": told.police_number}
        data |= {name: number for name, number in numbers.items() if number}
        if told.reason:
            data["reason"] = told.reason
    return Event(kind, at, data)


# --- who, and when ---------------------------------------------------------------------------


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
        return _take_all(draft, [Reported(kind, who=person)])
    buttons = [event_button(draft, *one) for one in waited]
    draft.say(ReplyKind.QUESTION, "stage.report_which", buttons=tuple(buttons))
    draft.ask_after = False
    return True


def _moment(draft: Draft, told: Reported) -> datetime | None:
    """When it happened: the earliest the words allow, which is the safe side for a deadline.

    None if it cannot be, after saying why.
    """
    when = told.when
    if when is None:
        return draft.now
    if when.earliest > draft.now:
        if told.type is _E.WEBSITE_OPENED:
            return when.earliest
        _wrong_time(draft, "stage.report_future", when)
        return None
    if draft.stage.stage is _S.APPROVED:  # what follows approval may have come before its news
        return min(when.earliest, draft.now)
    begun, since = _begun(draft), draft.stage.since or _begun(draft)
    if when.latest < begun:
        _wrong_time(draft, "stage.report_too_early", when, begun)
        return None
    # What led to this stage may have been told late: a time before it is believed all the same.
    bound = since if when.latest >= since else begun
    return min(max(when.earliest, bound), draft.now)


def _begun(draft: Draft) -> datetime:
    """When this attempt began."""
    accepted, filing = draft.stage.accepted, draft.case.filing
    assert filing is not None
    return accepted[0].at if accepted else filing.created_at


def _wrong_time(draft: Draft, key: str, when: SaidWhen, since: datetime | None = None) -> None:
    draft.ask_after = draft.is_open
    draft.say(
        ReplyKind.ANSWER,
        key,
        day=day_words(draft, day_of(when.earliest)),
        stage=draft.text(f"stage.name.{draft.stage.stage.value}"),
        since=moment_words(draft, since) if since else "",
        buttons=ways_on(draft),
    )


# --- reading back ----------------------------------------------------------------------------


def _propose(draft: Draft, told: list[Event]) -> None:
    """Read events back; they count once they are confirmed."""
    if not told:
        return
    draft.attend(reports=tuple(told), pending=REPORT)
    draft.say(
        ReplyKind.QUESTION,
        "stage.report_read_back",
        lines="\n".join(_line(draft, event) for event in told),
        buttons=(draft.button(f"yes:{REPORT}", "yes"), draft.button(f"no:{REPORT}", "no")),
    )
    draft.ask_after = False


def _line(draft: Draft, event: Event) -> str:
    number = event.data.get("filing_number") or event.data.get("police_number")
    is_day = event.type in (_E.WEBSITE_OPENED, _E.FOOTER_DISPLAYED, _E.POLICE_FILED)
    return draft.text(
        "stage.report_line",
        event=event_words(draft, event.type, event.data.get("person")),
        number=number or "",
        asks_number=event.type is _E.BUREAU_APPROVED and not number,
        asks_time=event.type is _E.SMS_RECEIVED and _is_midnight(event.at),
        at=day_words(draft, day_of(event.at)) if is_day else moment_words(draft, event.at),
        reason=event.data.get("reason", "")[:_READ_BACK_TEXT],
        reads=_reads(draft, event),
    )


def _is_midnight(at: datetime) -> bool:
    """Whether only the day is known of a moment."""
    return at.astimezone(SHANGHAI).strftime("%H%M") == "0000"


def _reads(draft: Draft, event: Event) -> str:
    """What the reviewer's words are taken to mean."""
    reason = event.data.get("reason")
    if not reason:
        return ""
    book = draft.world.rejections
    codes = read_reasons(reason, book).codes
    locale = draft.case.locale
    return draft.text("message.semicolon").join(
        book.rejections[code].cause[locale] for code in codes
    )


def decide_report(draft: Draft, *, yes: bool) -> None:
    """Record what was read back, or let it go."""
    waiting = draft.attention.reports
    draft.attend(reports=(), pending=None)
    possible = _possible(draft, list(waiting)) if yes else []
    if possible:
        record(draft, possible)
    elif not yes:
        draft.ask_after = draft.is_open
        draft.say(ReplyKind.NOTICE, "stage.report_dropped", buttons=ways_on(draft))


def _amend(draft: Draft, text: str) -> bool:
    """Put right the time, or the number, of what is being read back; False if it is neither."""
    waiting = draft.attention.reports
    number = next(find_filing_numbers(text), None)
    if number is not None and any(one.type is _E.BUREAU_APPROVED for one in waiting):
        _propose(draft, [_with(one, filing_number=number.full) for one in waiting])
        return True
    when = said_when(_plain(text), draft.now)
    if when is None or len(text.strip()) > _TIME_ALONE or not waiting:
        return False
    at = _moment(draft, Reported(waiting[0].type, when=when))
    if at is not None:
        _propose(draft, [replace(one, at=at) for one in waiting])
    return True


def _with(event: Event, **data: str) -> Event:
    if event.type is not _E.BUREAU_APPROVED:
        return event
    return replace(event, data={**event.data, **data})


# --- returns ---------------------------------------------------------------------------------


def _take_return(draft: Draft, told: Reported) -> None:
    """A return: ask for the reviewer's words if there are none yet, else read it all back."""
    at = _moment(draft, told)
    if at is None:
        return
    event = _event(draft, _E.RETURNED, at, told)
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
    _propose(draft, [event])
