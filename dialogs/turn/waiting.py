"""Waiting for a person: how many wait before, when somebody answers, and words left for them."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from dialogs.case import LeftMessage
from dialogs.message import Reply, ReplyKind
from dialogs.turn.answering import PERSON_AFTER
from dialogs.turn.dates import day_words
from dialogs.turn.draft import Draft, TurnResult
from dialogs.turn.sensitive import has_number, keep_out_message
from dialogs.turn.telling import count
from dialogs.world import SHANGHAI, World, day_of
from filing.identifiers.normalise import half_width
from filing.service_hours import ServiceHours
from knowledge.answering import Route

WAITING: Final = "waiting"
MESSAGE: Final = "message"
"""What is pending while the next words are for the person they wait for."""

_MOST: Final = 10
"""Messages kept for the person; of more, the latest."""

_LONGEST: Final = 2000

_ENOUGH: Final = re.compile(
    r"(?:(?:好的|嗯|那|那就|算了|我)[,，\s]*)*"
    r"(?:不用|不要|不需要|不必|不找|不转|取消|撤销|别转|别找)(?:再)?(?:转|找|接|叫|等|排)?"
    r"(?:人工|客服|真人|排队)(?:服务|客服|了)*|不(?:用)?(?:等|排队?)(?:人工|客服)?了"
    r"|(?:i )?(?:do not|don't) need (?:a |the )?(?:person|human|agent|colleague|support)"
    r"(?: any ?more)?|cancel (?:the )?(?:person|human|agent|queue|waiting)|stop waiting",
    re.IGNORECASE,
)
_NO_MATTER: Final = re.compile(
    r"(?:算了|不用|没事|不必|不需要|取消|不留)(?:了|啦)?|(?:never ?mind|no need|cancel|forget it)",
    re.IGNORECASE,
)
_LEAVE: Final = re.compile(
    r"(?:我)?(?:要|想)?(?:给(?:人工|客服))?留(?:个|条|一条)?言|(?:leave )?(?:a )?message",
    re.IGNORECASE,
)
_LEFT: Final = re.compile(
    r"(?:(?:我)?(?:要|想)?(?:给(?:人工|客服))?留(?:个|条|一条)?言|(?:请|麻烦)?(?:帮我)?转告(?:人工|客服)"
    r"|(?:leave )?(?:a )?message(?: for (?:the )?(?:person|staff|agent|colleague))?)"
    r"\s*[:：]\s*(.+)",
    re.IGNORECASE | re.DOTALL,
)


def ask_for_person(draft: Draft) -> None:
    """Ask for a person, or say again how long it will be; the assistant stays at hand meanwhile."""
    reason = "failed" if draft.attention.failures >= PERSON_AFTER else "asked"
    is_new = begin(draft, reason)
    if is_new:
        count(draft, Route.HANDOVER)
    _tell_place(draft, is_new)


def begin(draft: Draft, reason: str) -> bool:
    """Wait for a person from now on; False if they do already."""
    if draft.attention.handover == WAITING:
        return False
    draft.attend(handover=WAITING, handover_reason=reason, left=())
    return True


def wait_no_more(draft: Draft) -> None:
    """Wait for nobody any more; what was left for a person goes with the wish."""
    if draft.attention.handover != WAITING:
        draft.notice("waiting.not_waiting")
        return
    has_left = bool(draft.attention.left)
    draft.attend(handover=None, handover_reason=None, left=(), pending=None)
    draft.notice("waiting.cancelled", has_left=has_left)


def leave_message(draft: Draft) -> None:
    """Take the next words for the person they wait for."""
    begin(draft, MESSAGE)
    draft.attend(pending=MESSAGE)
    draft.notice("waiting.write")
    draft.ask_after = False


def hear(draft: Draft, text: str) -> bool:
    """Take a text if it is about waiting for a person, or left for them; else leave it."""
    plain = half_width(text).strip(" 。.!！~～")
    if draft.attention.pending == MESSAGE:
        draft.attend(pending=None)
        if _NO_MATTER.fullmatch(plain):
            draft.notice("waiting.nothing_left")
        else:
            _leave(draft, text)
        return True
    if found := _LEFT.fullmatch(text.strip()):
        _leave(draft, found[1])
        return True
    if _LEAVE.fullmatch(plain):
        leave_message(draft)
        return True
    if draft.attention.handover != WAITING:
        return False
    if _ENOUGH.fullmatch(plain) or (_NO_MATTER.fullmatch(plain) and not _answers(draft, plain)):
        wait_no_more(draft)
        return True
    return False


def pass_on(draft: Draft, text: str) -> bool:
    """Keep what the assistant cannot make sense of for the person they wait for; True if kept."""
    if draft.attention.handover != WAITING or draft.delete_inbound or _is_noise(text):
        return False
    _keep(draft, text)
    draft.notice("waiting.passed_on", open=_hours(draft).is_open(draft.now))
    return True


def take_place(result: TurnResult, ahead: int, now: datetime, world: World) -> TurnResult:
    """The same turn with its reply about waiting saying how many wait before this person."""
    index = result.place_in
    if index is None:
        return result
    draft = Draft(result.case, world, now, _no_id)
    reply = _reply(draft, ahead, is_new=result.waits_anew)
    return replace(result, replies=(*result.replies[:index], reply, *result.replies[index + 1 :]))


def _tell_place(draft: Draft, is_new: bool) -> None:
    draft.place_in, draft.waits_anew = len(draft.replies), is_new
    draft.replies.append(_reply(draft, None, is_new=is_new))


def _reply(draft: Draft, ahead: int | None, *, is_new: bool) -> Reply:
    """What to expect: with how many before them if that is known, and within which hours."""
    hours, now, locale = _hours(draft), draft.now, draft.case.locale
    since = draft.attention.waiting_since or now
    due = hours.first_answer_due(since)
    back = hours.next_opening(now)
    given = {
        "is_new": is_new,
        "ahead": -1 if ahead is None else ahead,
        "estimated": hours.is_estimated(now, max(due, back)),
        "contact": draft.world.reached_by(locale),
        "service_hours": _hours_words(draft, hours),
        "outside": hours.outside.get(locale, ""),
    }
    buttons = (
        draft.button("cmd:leave_message", "leave_message"),
        draft.button("cmd:no_person", "no_person"),
    )
    if back == now:
        text = draft.text("waiting.open", by=_when(draft, due), late=due <= now, **given)
    else:
        text = draft.text("waiting.closed", back=_when(draft, back), **given)
    return Reply(ReplyKind.HANDOVER, text, buttons)


def _leave(draft: Draft, text: str) -> None:
    begin(draft, MESSAGE)
    if has_number(draft, text):
        keep_out_message(draft)
        return
    _keep(draft, text)
    hours = _hours(draft)
    back = hours.next_opening(draft.now)
    draft.say(
        ReplyKind.HANDOVER,
        "waiting.left",
        back="" if back == draft.now else _when(draft, back),
        buttons=(draft.button("cmd:leave_message", "leave_message"),),
    )


def _keep(draft: Draft, text: str) -> None:
    left = (*draft.attention.left, LeftMessage(draft.now, text.strip()[:_LONGEST]))
    draft.attend(left=left[-_MOST:])


def _answers(draft: Draft, text: str) -> bool:
    """Whether a bare "no need" means something else: it answers a question in the air."""
    if draft.attention.pending is not None:
        return True
    step = draft.open_step
    return (
        step is not None
        and step.ask is not None
        and (
            isinstance(step.ask.parse(text, draft.context), str)
            and bool(step.ask.options(draft.context))
        )
    )


def _is_noise(text: str) -> bool:
    return not any(character.isalnum() for character in text)


def _hours(draft: Draft) -> ServiceHours:
    return draft.world.provider.service_hours


def _when(draft: Draft, at: datetime) -> str:
    """``今天 14:05``, ``明天 09:00``, else with its date."""
    here = at.astimezone(SHANGHAI)
    days = here.date() - day_of(draft.now)
    return draft.text(
        "waiting.when",
        days=min(days // timedelta(days=1), 2),
        day=day_words(draft, here.date()),
        time=f"{here:%H:%M}",
    )


def _hours_words(draft: Draft, hours: ServiceHours) -> str:
    lines = (
        draft.text("waiting.days", first=first, last=last, spans=[str(span) for span in spans])
        for first, last, spans in hours.weekly()
    )
    return draft.text("message.comma").join(lines)


def _no_id() -> str:
    raise LookupError("the place in a queue never begins a filing")
