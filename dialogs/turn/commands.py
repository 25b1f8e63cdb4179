"""The applicant's commands: back, skip, undo, pause, restart, withdraw, status, help and more."""

from collections.abc import Callable
from types import MappingProxyType

from dialogs.case import Case, Change
from dialogs.message import Button, ReplyKind
from dialogs.turn.answering import confirm_proposal, fail, record_consent
from dialogs.turn.asking import variables
from dialogs.turn.deciding import say_stage
from dialogs.turn.draft import Draft
from dialogs.turn.reviewing import hand_in, offer_edits, show_sheet
from dialogs.understanding.understood import Intent
from dialogs.wording import LOCALES
from dialogs.world import day_of
from filing.event import Event, EventType
from filing.invalid import invalid


def back(draft: Draft) -> None:
    """Open the question before the present one; its answer stays until another is given."""
    keys = [step.key for step in draft.journey.asked]
    here = draft.open_step
    place = keys.index(here.key) if here is not None and here.key in keys else len(keys)
    if place == 0:
        draft.notice("message.at_start")
        return
    draft.attend(focus=keys[place - 1], failures=0, paused=False)


def forward(draft: Draft) -> None:
    """Leave a question gone back to as it was."""
    draft.attend(paused=False)
    keys = [step.key for step in draft.journey.asked]
    focus = draft.attention.focus
    if focus is None or focus not in keys:
        draft.attend(focus=None)
        if draft.open_step is not None and focus is None:
            draft.notice("message.at_end")
        return
    place = keys.index(focus) + 1
    draft.attend(focus=keys[place] if place < len(keys) else None, failures=0)


def undo(draft: Draft) -> None:
    """Give the last changed answer its former value again."""
    _step_back_in(draft, "undo", "redo", lambda change: change.old, "message.undone")


def redo(draft: Draft) -> None:
    """Take the last undo back."""
    _step_back_in(draft, "redo", "undo", lambda change: change.new, "message.redone")


def _step_back_in(
    draft: Draft, source: str, target: str, value: Callable[[Change], str | None], key: str
) -> None:
    stack: tuple[Change, ...] = getattr(draft.attention, source)
    if not stack:
        draft.notice(f"message.nothing_to_{source}")
        return
    change = stack[-1]
    draft.put(draft.flow[change.step], value(change), remember=False)
    other: tuple[Change, ...] = getattr(draft.attention, target)
    draft.attend(focus=None, failures=0, **{source: stack[:-1], target: (*other, change)})
    draft.notice(key, label=draft.text(f"step.{change.step}.label"))


def skip(draft: Draft) -> None:
    """Pass over an optional question; say why another cannot be passed over."""
    step = draft.open_step
    if step is None or step.ask is None:
        return
    if step.skippable(draft.ground):
        draft.put(step, "")
        draft.attend(failures=0, focus=None)
        return
    draft.notice(
        "message.not_skippable",
        label=draft.text(f"step.{step.key}.label"),
        why=draft.text(f"step.{step.key}.why", **variables(draft)),
    )


def pause(draft: Draft) -> None:
    """Stop asking; everything is kept."""
    draft.attend(paused=True)
    draft.say(
        ReplyKind.NOTICE,
        "message.paused",
        answered=len(draft.journey.asked),
        remaining=draft.journey.remaining,
        buttons=(draft.button("cmd:resume", "resume"),),
    )
    draft.ask_after = False


def resume(draft: Draft) -> None:
    """Go on, with a summary of where things stand once anything has been answered."""
    draft.attend(paused=False)
    if draft.journey.asked:
        sum_up(draft)


def sum_up(draft: Draft) -> None:
    """One message that says where a returning applicant stands."""
    draft.notice(
        "message.resumed",
        answered=len(draft.journey.asked),
        remaining=draft.journey.remaining,
        domain=draft.journey.values.get("domain", ""),
    )


def wonder(pending: str) -> Callable[[Draft], None]:
    """A command that is only carried out after a yes."""

    def put_in_the_air(draft: Draft) -> None:
        if draft.case.filing is None:
            draft.notice("message.nothing_begun")
            return
        if pending == "withdraw" and draft.stage.stage.value == "approved":
            draft.notice("message.approved_already")
            return
        if pending == "restart" and not draft.stage.stage.editable:
            say_stage(draft)
            draft.ask_after = False
            return
        draft.attend(pending=pending)
        draft.say(
            ReplyKind.QUESTION,
            f"message.sure_{pending}",
            buttons=(
                draft.button(f"yes:{pending}", f"sure_{pending}"),
                draft.button(f"no:{pending}", "no_go_on"),
            ),
        )
        draft.ask_after = False

    return put_in_the_air


def decide(draft: Draft, *, yes: bool) -> None:
    """Carry out, or drop, what is in the air."""
    pending = draft.attention.pending
    if pending == "proposal":
        if yes:
            confirm_proposal(draft)
        else:
            draft.attend(proposal=(), pending=None)
            draft.notice("message.proposal_dropped")
        return
    draft.attend(pending=None)
    if not yes:
        draft.notice("message.going_on")
    elif pending == "restart":
        restart(draft)
    elif pending == "withdraw":
        withdraw(draft)


def restart(draft: Draft) -> None:
    """Take every answer back except the consents, which stay given."""
    for step in draft.journey.asked:
        if step.consent is None:
            draft.put(step, None, remember=False)
    draft.attend(focus=None, failures=0, undo=(), redo=(), paused=False)
    draft.notice("message.restarted")


def withdraw(draft: Draft) -> None:
    """End the filing at the applicant's wish."""
    draft.happen(Event(EventType.WITHDRAWN, draft.now, MappingProxyType({})))
    draft.attend(focus=None, failures=0, paused=False)
    draft.say(
        ReplyKind.NOTICE,
        "message.withdrawn",
        buttons=(draft.button("new_filing", "new_filing"),),
    )
    draft.ask_after = False


def status(draft: Draft) -> None:
    """Where the filing is, or how far the questions are."""
    if draft.case.filing is None or not draft.stage.stage.editable:
        say_stage(draft)
        draft.ask_after = False
        return
    sum_up(draft)


def explain(draft: Draft) -> None:
    """Why the open question is asked, and how to answer it."""
    step = draft.open_step
    if step is None:
        draft.notice("message.help")
        return
    lines = [
        draft.text(f"step.{step.key}.why", **variables(draft)),
        draft.text(f"step.{step.key}.help", **variables(draft)),
    ]
    draft.say(ReplyKind.ANSWER, "message.plain", text="\n".join(line for line in lines if line))


def help_out(draft: Draft) -> None:
    """What can be said here, with the open question explained."""
    step = draft.open_step
    text = draft.text(f"step.{step.key}.help", **variables(draft)) if step else ""
    draft.say(
        ReplyKind.ANSWER,
        "message.help",
        step=text,
        buttons=(
            draft.button("cmd:back", "back"),
            draft.button("cmd:review", "review"),
            draft.button("cmd:pause", "pause"),
            draft.button("cmd:handover", "person"),
        ),
    )


def hand_over(draft: Draft) -> None:
    """Ask for a person; the assistant stays at hand until one comes."""
    draft.attend(handover="waiting")
    draft.say(ReplyKind.HANDOVER, "message.handover", contact=draft.world.contact)


def new_filing(draft: Draft) -> None:
    """Begin another filing beside those there are; one not begun yet is simply gone on with."""
    filing = draft.case.filing
    if filing is not None and not filing.answers:
        return
    draft.open_filing()
    draft.attend(paused=False)
    draft.notice("message.new_filing")


def wish_to_file(draft: Draft) -> None:
    """ "I want to file": goes on with a filing under way, unless another one is really meant."""
    filing = draft.case.filing
    if filing is None or not filing.answers or not draft.stage.stage.editable:
        new_filing(draft)
        return
    draft.attend(paused=False)
    draft.say(
        ReplyKind.NOTICE,
        "message.filing_under_way",
        answered=len(draft.journey.asked),
        remaining=draft.journey.remaining,
        buttons=(draft.button("new_filing", "new_filing"),),
    )


def list_filings(draft: Draft) -> None:
    """Every filing of this applicant as a button; the active one marked."""
    if not draft.case.filings:
        draft.notice("message.nothing_begun")
        return
    buttons = []
    for record in draft.case.filings.values():
        label = draft.text(
            "button.filing",
            active=record.id == draft.case.active,
            name=_domain_of(draft, record.id),
            on=day_of(record.created_at).isoformat(),
        )
        buttons.append(Button(label, f"filing:{record.id}"))
    buttons.append(draft.button("new_filing", "new_filing"))
    draft.say(ReplyKind.QUESTION, "message.filings", buttons=tuple(buttons))
    draft.ask_after = False


def _domain_of(draft: Draft, filing_id: str) -> str:
    answers = draft.case.filings[filing_id].answers
    found = [answer.value for answer in answers if answer.step == "domain" and answer.value]
    return found[-1] if found else filing_id[:6]


def switch_filing(draft: Draft, filing_id: str) -> None:
    """Make another filing of this applicant the active one."""
    if filing_id not in draft.case.filings:
        draft.notice("message.stale_button")
        return
    draft.case = _activated(draft.case, filing_id)
    draft.forget_journey()
    draft.attend(focus=None, pending=None, proposal=(), failures=0, undo=(), redo=())
    sum_up(draft)


def _activated(case: Case, filing_id: str) -> Case:
    return case.with_filing(case.filings[filing_id])


def type_here(draft: Draft) -> None:
    """Agree that sensitive answers are typed into a chat that keeps them abroad."""
    record_consent(draft, "cross_border", granted=True)
    draft.attend(typed_consent=True)
    draft.notice("message.type_here_agreed")


def switch_locale(draft: Draft, locale: str) -> None:
    """Go on in another language."""
    draft.speak(locale if locale in LOCALES else LOCALES[0])
    draft.notice("message.locale")


def edit(draft: Draft, key: str) -> None:
    """Open an answered question again."""
    if key not in draft.flow or draft.flow[key].ask is None:
        draft.notice("message.stale_button")
        return
    if not draft.stage.stage.editable:
        draft.notice("message.locked")
        say_stage(draft)
        draft.ask_after = False
        return
    step = draft.flow[key]
    if key in draft.journey.derived:
        draft.notice("message.derived", label=draft.text(f"step.{key}.label"))
        return
    if not step.applies(draft.ground):
        draft.notice("message.not_yet", label=draft.text(f"step.{key}.label"))
        return
    draft.attend(focus=key, failures=0, paused=False)


def not_understood(draft: Draft) -> None:
    """The message answers nothing: count it as a failed try at the open question."""
    step = draft.open_step
    if step is None:
        draft.say(
            ReplyKind.ERROR,
            "message.not_understood",
            buttons=(draft.button("cmd:handover", "person"),),
        )
        return
    fail(draft, step, wrong=invalid("not_understood"))


COMMANDS: dict[Intent, Callable[[Draft], None]] = {
    Intent.BACK: back,
    Intent.FORWARD: forward,
    Intent.UNDO: undo,
    Intent.REDO: redo,
    Intent.SKIP: skip,
    Intent.PAUSE: pause,
    Intent.RESUME: resume,
    Intent.RESTART: wonder("restart"),
    Intent.CANCEL: wonder("withdraw"),
    Intent.STATUS: status,
    Intent.REVIEW: show_sheet,
    Intent.WHY: explain,
    Intent.HELP: help_out,
    Intent.HANDOVER: hand_over,
    Intent.LIST_FILINGS: list_filings,
    Intent.NEW_FILING: wish_to_file,
}
"""Commands that need nothing but the draft."""

BUTTON_COMMANDS: dict[str, Callable[[Draft], None]] = {
    "back": back,
    "forward": forward,
    "undo": undo,
    "redo": redo,
    "skip": skip,
    "pause": pause,
    "resume": resume,
    "restart": wonder("restart"),
    "withdraw": wonder("withdraw"),
    "status": status,
    "review": show_sheet,
    "edit": offer_edits,
    "why": explain,
    "help": help_out,
    "handover": hand_over,
    "filings": list_filings,
    "type_here": type_here,
    "submit": hand_in,
}
"""What a ``cmd:`` button does."""
