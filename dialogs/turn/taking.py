"""One turn: a message and a case in, the changed case and the replies out. Pure.

Time, the random id of a filing that may have to be begun, and everything looked up come in
as arguments, so a turn can be replayed, fuzzed and explained.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.case import Attention, Case
from dialogs.linking import JOIN_CODE
from dialogs.message import Inbound, ReplyKind
from dialogs.ports import Question
from dialogs.turn import advising, events, languages, proposals
from dialogs.turn.anew import ask_anew
from dialogs.turn.answering import accept, refusal
from dialogs.turn.asking import ask
from dialogs.turn.deciding import conclude
from dialogs.turn.draft import Draft, TurnResult
from dialogs.turn.filling import ask_about
from dialogs.turn.hearing import hear
from dialogs.turn.linking import is_about_channels, open_link
from dialogs.turn.moving import pause, summary
from dialogs.turn.placing import receive
from dialogs.turn.pressing import press
from dialogs.turn.reaching import tell_of_reminders
from dialogs.turn.returning import ask_again, is_gone_over
from dialogs.turn.reviewing import ask_to_close
from dialogs.turn.rights import answers_right
from dialogs.turn.sensitive import ask_elsewhere
from dialogs.turn.taking_reports import read_back_again
from dialogs.turn.telling import pass_over, tell_late
from dialogs.turn.unusable import say_unusable
from dialogs.world import World
from filing.event import Event
from filing.invalid import Invalid, invalid

LONG_AWAY = timedelta(hours=12)
"""After so long a silence the assistant sums up before it goes on."""


def take_turn(
    case: Case, inbound: Inbound, now: datetime, world: World, fresh_id: Callable[[], str]
) -> TurnResult:
    """Take one message of the applicant.

    While a person has the conversation the message is only recorded. Raises nothing for
    any input; what cannot be read gets a reply that says so.
    """
    draft = Draft(case, world, now, fresh_id, inbound)
    last_seen = case.attention.seen_at
    draft.just_told = _answered_since(case.attention.told_at, last_seen)
    draft.heard = inbound.words
    draft.attend(seen_at=now)
    if answers_right(draft, inbound):
        if last_seen is None:  # no beginning of a conversation either
            draft.attend(seen_at=None)
        if draft.ask_after:
            finish(draft)
        return draft.result()
    if case.hold is not None:
        draft.heard = _for_staff(draft, inbound)
        # A colleague asked for it: what comes of it is told, and nothing else.
        draft.by_staff = advising.answers_advice(draft, inbound)
        if any(one.wrong for one in inbound.files):  # or they would wait for word on it
            say_unusable(draft, inbound.files)
            draft.by_staff = True
        return draft.result()
    if last_seen is None and is_about_channels(inbound):  # no beginning of a conversation
        draft.attend(seen_at=None)
        _take(draft, inbound)
        return draft.result()
    _greet(draft, inbound, last_seen)
    pass_over(draft, inbound.button)
    _take(draft, inbound)
    if not _has_answered(case) and _has_answered(draft.case):
        tell_of_reminders(draft)
    finish(draft)
    return draft.result()


def _has_answered(case: Case) -> bool:
    """Whether anything was ever answered: a filing has really begun."""
    return any(filing.answers for filing in case.filings.values())


def _for_staff(draft: Draft, inbound: Inbound) -> str:
    """What somebody sent, as the colleague who has the conversation reads it: nothing is lost."""
    if inbound.other is not None:
        known = inbound.other if inbound.other in _OTHERS else "unreadable"
        return draft.text(f"staff.sent_{known}")
    return inbound.words or inbound.button or inbound.start or ""


def _answered_since(told_at: datetime | None, last_seen: datetime | None) -> bool:
    return told_at is not None and last_seen is not None and told_at >= last_seen


def _greet(draft: Draft, inbound: Inbound, last_seen: datetime | None) -> None:
    """Welcome whoever comes for the first time, or after long; else note what they look at."""
    opened = draft.open_step
    draft.opened_before = opened.key if opened else None
    draft.ended_before = opened is None or draft.withheld is not None
    if draft.attention.pending == proposals.PROPOSAL:
        draft.read_back_before = draft.attention.proposal
    if last_seen is None:
        draft.open_filing()
        draft.greeted = True
        languages.begin(draft, inbound.text)
        provider = draft.world.provider.short_name(draft.case.locale)
        draft.notice("message.welcome", provider=provider)
        languages.say_begun(draft)
    elif draft.now - last_seen > LONG_AWAY and opened is not None and draft.withheld is None:
        draft.attend(paused=False)
        draft.greeted = True
        draft.notice("message.welcome_back", **summary(draft))
    elif opened is not None:
        came_over = draft.case.last_on not in (
            None,
            draft.case.identity,
        )  # nothing is read here yet
        if draft.attention.pending != proposals.PROPOSAL and not came_over:
            draft.asked_before = opened.key
        current = draft.journey.current
        draft.at_review = current is not None and current.closes


def _take(draft: Draft, inbound: Inbound) -> None:
    if advising.answers_advice(draft, inbound):
        return
    if inbound.start is not None and inbound.start.startswith(JOIN_CODE):
        open_link(draft, inbound.start)
    elif inbound.button is not None:
        press(draft, inbound.button)
    elif inbound.text is not None and inbound.text.strip():
        hear(draft, inbound.text)
    elif inbound.files:
        usable = say_unusable(draft, inbound.files)
        if usable:
            receive(draft, usable)
    elif inbound.other is not None:
        draft.notice(
            f"message.other_{inbound.other}"
            if inbound.other in _OTHERS
            else ("message.other_unreadable")
        )


_OTHERS = frozenset({"sticker", "voice", "video", "location", "contact", "edited"})


def finish(draft: Draft) -> None:
    """Put the open question, or say why there is none."""
    if draft.withheld is not None:
        proposals.forget_withheld(draft)
    proposals.settle_early(draft)
    ask_anew(draft)
    if _went_on(draft):
        proposals.set_aside(draft)
    if read_back_again(draft) or not draft.ask_after or proposals.read_back(draft):
        return
    if ask_about(draft):
        return
    step = draft.open_step
    if step is None or (step is draft.withheld and draft.attention.focus != step.key):
        if not draft.replies or not draft.ended_before:
            conclude(draft)
    elif draft.attention.paused:
        _stay_paused(draft)
    elif step.closes:
        ask_to_close(draft, step)
    elif draft.keeps_out(step):
        ask_elsewhere(draft, step)
    elif is_gone_over(draft, step):
        ask_again(draft, step)
    else:
        ask(draft, step)


def _went_on(draft: Draft) -> bool:
    """Whether the open question was answered in place of confirming what was read back."""
    waiting = draft.attention.proposal
    if not waiting or not set(waiting) <= set(draft.read_back_before):
        return False
    step = draft.open_step
    return draft.opened_before is not None and (step is None or step.key != draft.opened_before)


def _stay_paused(draft: Draft) -> None:
    if not draft.replies:
        pause(draft)
        return
    resume = draft.button("cmd:resume", "resume")
    draft.say(ReplyKind.NOTICE, "message.still_paused", buttons=(resume,))


def take_event(
    case: Case, event: Event, now: datetime, world: World, filing_id: str | None = None
) -> TurnResult:
    """Record what happened to a filing, by default the active one, and tell what is new.

    Of another filing than the active one it is told by the way: what the applicant is at
    stays as it is.
    """
    if filing_id is not None and case.active not in (None, filing_id):
        return _take_elsewhere(case, event, now, world, filing_id)
    if filing_id is not None:
        case = replace(case, active=filing_id)
    draft = Draft(case, world, now, _no_id)
    if case.filing is None:
        return draft.result()
    draft.at_review = True  # what is told of the event matters now, not the sheet again
    if events.take(draft, event) and draft.open_step is not None:
        finish(draft)
    return draft.result()


def _take_elsewhere(
    case: Case, event: Event, now: datetime, world: World, filing_id: str
) -> TurnResult:
    aside = replace(case, active=filing_id, attention=Attention())
    draft = Draft(aside, world, now, _no_id)
    events.take(draft, event)
    values = draft.journey.values
    about = draft.text(
        "message.other_filing", name=values.get("domain") or draft.text("message.no_domain_yet")
    )
    switch = draft.button(f"filing:{filing_id}", "look_there")
    waits = case.attention if case.attention.handover else draft.attention
    attention = replace(case.attention, handover=waits.handover, waiting_since=waits.waiting_since)
    result = draft.result()
    replies = tuple(
        replace(reply, text=f"{about}\n{reply.text}", buttons=(switch,), step=None)
        for reply in result.replies
    )
    back = replace(result.case, active=case.active, attention=attention)
    return replace(result, case=back, replies=replies)


def take_late_answer(
    case: Case, question: Question, article: str, now: datetime, world: World
) -> TurnResult | None:
    """Tell an article as the answer to an earlier question; None if there is no such article.

    Nothing else is said: the open question stays where it is.
    """
    draft = Draft(case, world, now, _no_id)
    return draft.result() if tell_late(draft, question, article) else None


def take_form(
    case: Case, values: Mapping[str, str], now: datetime, world: World
) -> tuple[TurnResult, Mapping[str, Invalid]]:
    """Count what was typed into the secure form; nothing is stored if one field is wrong.

    A person who has the conversation reads in it which fields were filled.

    Returns the turn and what is wrong, by step key; the turn counts only if that is empty.
    """
    draft = Draft(case, world, now, _no_id)
    wrong: dict[str, Invalid] = {}
    for step in draft.flow.steps:
        if step.key not in values or step.ask is None or not step.applies(draft.ground):
            continue
        read = step.ask.parse(values[step.key], draft.context)
        if isinstance(read, Invalid):
            wrong[step.key] = read
        elif refused := refusal(draft, step, read):
            reason = draft.text(f"check.{refused.code}.reason", **refused.params)
            wrong[step.key] = invalid("form.refused", reason=reason)
        else:
            accept(draft, step, read)
    if wrong:
        return replace(draft.result(), case=case, replies=()), wrong
    draft.notice("message.form_received", count=len(values))
    finish(draft)
    if case.hold is not None:
        draft.heard = draft.text("staff.form_filled", labels=draft.labels(values))
    return draft.result(), wrong


def take_advice(
    case: Case,
    values: Mapping[str, str],
    agent: str,
    advice_id: str,
    now: datetime,
    world: World,
) -> tuple[TurnResult, Mapping[str, Invalid]]:
    """Ask the applicant whether values a colleague proposes may count.

    Returns the turn and what is wrong, by step key; the turn counts only if that is empty.
    """
    draft = Draft(case, world, now, _no_id, by_staff=True)
    wrong = advising.advise(draft, values, agent, advice_id)
    return draft.result(), wrong


def _no_id() -> str:
    raise LookupError("an event, a form or advice never begins a filing")
