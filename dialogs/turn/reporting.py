"""What applicants report of their filing, in words or by button: read, then taken."""

import re
from collections.abc import Iterable
from dataclasses import replace

from dialogs.message import ReplyKind
from dialogs.turn.draft import Draft
from dialogs.turn.reading_back import REPORT, propose
from dialogs.turn.reported_time import moment_of
from dialogs.turn.returning import tick_off
from dialogs.turn.stages import say_stage, ways_on
from dialogs.turn.taking_back import meant_by_mistake
from dialogs.turn.taking_reports import (
    REASON,
    decide_report,
    event_of,
    take_reports,
    take_return,
)
from dialogs.turn.verifying import hear_trouble, keep_code_out
from dialogs.understanding.reports import (
    Reported,
    mistaken,
    read_reports,
    trouble,
    wants_more,
    wonders,
)
from dialogs.understanding.understood import Intent
from dialogs.understanding.when_said import said_when
from filing.event import Event, EventType, Stage
from filing.filing_number import find_filing_numbers
from filing.identifiers.normalise import half_width
from filing.simplified import simplify
from knowledge.return_reading import read_reasons
from knowledge.return_telling import letter_of_return

_E, _S = EventType, Stage
_COMMANDS = frozenset(Intent) - {
    *(Intent.ANSWER, Intent.CORRECT, Intent.FAQ, Intent.UNKNOWN, Intent.CONFIRM, Intent.DENY),
}
_TAKEN_BACK_WHILE_OPEN = frozenset({_E.RETURNED, _E.WITHDRAWN})
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


def hear_report(draft: Draft, text: str, read: Intent) -> bool:
    """Take what a message tells of the filing; False if it tells nothing of it.

    ``read`` is what the message means as an answer: a command is not a reviewer's words.
    """
    if draft.case.filing is None or (_is_asking(draft) and not _denies_return(draft, text)):
        return False
    if keep_code_out(draft, text, then=_hear_again, buttons=ways_on(draft)):
        draft.ask_after = draft.is_open
        return True
    return _hear(draft, text, read)


def hear_report_after_all(draft: Draft, text: str) -> bool:
    """The same for a message that was not understood as an answer to the open question."""
    if draft.case.filing is None or draft.is_open is False or _only_explains(draft, text):
        return False
    told = [
        one
        for one in read_reports(text, draft.stage.stage, draft.now)
        if one.type is not None and one.type is not _E.WEBSITE_OPENED
    ]
    return bool(told) and take_reports(draft, told)


def _only_explains(draft: Draft, text: str) -> bool:
    """Whether a letter of return is of another filing, as this one is not handed in yet."""
    if draft.stage.stage not in (_S.DRAFT, _S.WITHDRAWN):
        return False
    return letter_of_return(text, draft.world.rejections) is not None


def _is_asking(draft: Draft) -> bool:
    """Whether a question is open whose answer the message may be."""
    step = draft.open_step
    if step is None or draft.attention.pending in (REPORT, REASON):
        return False
    return not step.closes


def _denies_return(draft: Draft, text: str) -> bool:
    """Whether a message says that the return whose answers are gone over was none."""
    return draft.stage.stage is _S.RETURNED and _E.RETURNED in (mistaken(text) or ())


def _hear_again(draft: Draft, text: str) -> None:
    _hear(draft, text, Intent.UNKNOWN)


def _hear(draft: Draft, text: str, read: Intent) -> bool:
    pending = draft.attention.pending
    if _mistaken(draft, text):
        return True
    told = read_reports(text, draft.stage.stage, draft.now)
    if draft.is_open and not draft.mending.to_do:  # "done" is a yes to handing in
        told = tuple(one for one in told if one.type is not None)
    if pending == REPORT and not told and _amend(draft, text):
        return True
    if pending == REASON and not told and _GIVES_NONE.search(text):
        propose(draft, [event_of(draft, _E.RETURNED, draft.now)])
        return True
    if pending == REASON and not told and _is_reason(draft, text, read):
        take_return(draft, Reported(_E.RETURNED, reason=text.strip()))
        return True
    if _names_reasons(draft, text) and not told:
        take_return(draft, Reported(_E.RETURNED, reason=text.strip()))
        return True
    if not told and _waits_for_opening(draft) and len(text.strip()) <= _DATE_ALONE:
        when = said_when(_plain(text), draft.now)
        if when is not None and not _ASKS.search(text):
            told = (Reported(_E.WEBSITE_OPENED, when=when, is_plan=True),)
    if _redone(draft, told):
        return True
    told = tuple(_with_reason(draft, one, text) for one in told)
    taken = bool(told) and take_reports(draft, told)
    if taken and draft.attention.pending in (REPORT, REASON):
        return True
    if hear_trouble(draft, text) or taken:
        return True
    if draft.stage.stage in _BEFORE_SMS and _MISSES_SMS.search(text) and trouble(text) == "no_code":
        draft.notice("stage.no_sms_yet")
        say_stage(draft)
        return True
    if draft.stage.stage is _S.MATERIALS and wants_more(text):
        say_stage(draft)
        return True
    if not draft.is_open and wonders(text, draft.stage.stage):
        say_stage(draft)
        return True
    return False


def _mistaken(draft: Draft, text: str) -> bool:
    """Take back what was reported by mistake: read back first, with what is right instead."""
    named = mistaken(text)
    state = draft.stage
    if named is None or state.stage is _S.DRAFT:
        return False
    told = [one for one in read_reports(text, state.stage, draft.now) if one.type in named]
    waiting = draft.attention.reports if draft.attention.pending == REPORT else ()
    if waiting and all(one.type is not _E.CORRECTED for one in waiting):
        if told or said_when(_plain(text), draft.now) is not None:
            return False  # it is put right, not taken back
        decide_report(draft, yes=False)
        return True
    if state.stage.editable and not (named & _TAKEN_BACK_WHILE_OPEN or draft.mending.to_do):
        return False  # of the answers, not of what was reported
    correction = meant_by_mistake(draft, named)
    draft.ask_after = False
    if correction is None:
        return True
    right: list[Event] = []
    if told and told[0].type is not None and told[0].when is not None:
        at = moment_of(draft, told[0])
        if at is None:
            return True
        person = correction.data.get("person")
        right = [event_of(draft, told[0].type, at, told[0], person)]
    propose(draft, [correction, *right])
    return True


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
        propose(draft, [event_of(draft, kind, draft.now)])
        return
    take_reports(draft, [Reported(kind, who=more or None)])


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


def _amend(draft: Draft, text: str) -> bool:
    """Put right the time, or the number, of what is being read back; False if it is neither."""
    waiting = draft.attention.reports
    number = next(find_filing_numbers(text), None)
    if number is not None and any(one.type is _E.BUREAU_APPROVED for one in waiting):
        propose(draft, [_with(one, filing_number=number.full) for one in waiting])
        return True
    when = said_when(_plain(text), draft.now)
    if when is None or len(text.strip()) > _TIME_ALONE or not waiting:
        return False
    at = moment_of(draft, Reported(waiting[0].type, when=when))
    if at is not None:
        propose(draft, [replace(one, at=at) for one in waiting])
    return True


def _with(event: Event, **data: str) -> Event:
    if event.type is not _E.BUREAU_APPROVED:
        return event
    return replace(event, data={**event.data, **data})
