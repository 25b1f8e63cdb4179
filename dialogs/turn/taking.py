"""One turn: a message and a case in, the changed case and the replies out. Pure.

Time, the random id of a filing that may have to be begun, and everything looked up come in
as arguments, so a turn can be replayed, fuzzed and explained.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.case import Case
from dialogs.message import Inbound
from dialogs.turn.answering import accept, read_back
from dialogs.turn.asking import ask
from dialogs.turn.commands import pause
from dialogs.turn.deciding import conclude, say_stage
from dialogs.turn.draft import Draft, TurnResult
from dialogs.turn.hearing import hear
from dialogs.turn.pressing import press
from dialogs.turn.reviewing import ask_to_confirm
from dialogs.world import World
from filing.event import Event
from filing.invalid import Invalid, invalid

LONG_AWAY = timedelta(hours=12)
"""After so long a silence the assistant sums up before it goes on."""


def take_turn(
    case: Case, inbound: Inbound, now: datetime, world: World, fresh_id: Callable[[], str]
) -> TurnResult:
    """Take one message of the applicant.

    While a person holds the conversation the message is only recorded. Raises nothing for
    any input; what cannot be read gets a reply that says so.
    """
    draft = Draft(case, world, now, fresh_id, inbound)
    last_seen = case.attention.seen_at
    draft.heard = inbound.words
    draft.attend(seen_at=now)
    if case.attention.handover == "held":
        return draft.result()
    _greet(draft, last_seen, inbound)
    _take(draft, inbound)
    _finish(draft)
    return draft.result()


def _greet(draft: Draft, last_seen: datetime | None, inbound: Inbound) -> None:
    if last_seen is None:
        draft.open_filing()
        draft.notice(
            "message.welcome",
            provider=draft.world.provider.short_name(draft.case.locale),
            operator=draft.world.operator,
        )
    elif draft.now - last_seen > LONG_AWAY and draft.open_step is not None:
        draft.notice(
            "message.welcome_back",
            answered=len(draft.journey.asked),
            remaining=draft.journey.remaining,
        )


def _take(draft: Draft, inbound: Inbound) -> None:
    if inbound.button is not None:
        press(draft, inbound.button)
    elif inbound.text is not None and inbound.text.strip():
        hear(draft, inbound.text)
    elif inbound.files:
        draft.notice("message.file_not_now", count=len(inbound.files))
    elif inbound.other is not None:
        draft.notice(
            f"message.other_{inbound.other}"
            if inbound.other in _OTHERS
            else ("message.other_unreadable")
        )


_OTHERS = frozenset({"sticker", "voice", "video", "location", "contact", "edited"})


def _finish(draft: Draft) -> None:
    """Put the open question, or say why there is none."""
    if not draft.ask_after:
        return
    if draft.attention.pending == "proposal":
        read_back(draft, draft.attention.proposal)
        return
    step = draft.open_step
    if draft.attention.paused:
        if not draft.replies:
            pause(draft)
    elif step is None:
        if not draft.events:
            conclude(draft)
    elif step.closes:
        ask_to_confirm(draft, step)
    else:
        ask(draft)


def take_event(case: Case, event: Event, now: datetime, world: World) -> TurnResult:
    """Record what happened to the active filing, and tell the applicant."""
    draft = Draft(case, world, now, _no_id)
    if case.filing is None:
        return draft.result()
    draft.happen(event)
    say_stage(draft)
    if draft.stage.stage.editable and draft.open_step is not None:
        _finish(draft)
    return draft.result()


def take_form(
    case: Case, values: Mapping[str, str], now: datetime, world: World
) -> tuple[TurnResult, Mapping[str, Invalid]]:
    """Count what was typed into the secure form; nothing is stored if one field is wrong.

    Returns the turn and what is wrong, by step key; the turn counts only if that is empty.
    """
    draft = Draft(case, world, now, _no_id)
    wrong: dict[str, Invalid] = {}
    for key, text in values.items():
        step = draft.flow[key]
        if step.ask is None or not step.applies(draft.ground):
            continue
        read = step.ask.parse(text, draft.context)
        if isinstance(read, Invalid):
            wrong[key] = read
        elif not accept(draft, step, read):
            reason = draft.replies[-1].text.partition("\n")[0]  # the rule's, without example
            wrong[key] = invalid("form.refused", reason=reason)
    if wrong:
        return replace(draft.result(), case=case, replies=()), wrong
    draft.notice("message.form_received", count=len(values))
    _finish(draft)
    return draft.result(), wrong


def _no_id() -> str:
    raise LookupError("an event or a form never begins a filing")
