"""What a pressed button does. An old button is recognised and answered, never obeyed blindly."""

from dialogs.flow import Step
from dialogs.turn import duties, linking, proposals, reaching
from dialogs.turn.answering import accept, fail
from dialogs.turn.asking import suggestion
from dialogs.turn.collecting import press_paper
from dialogs.turn.commands import BUTTON_COMMANDS, switch_locale
from dialogs.turn.deciding import say_locked
from dialogs.turn.draft import Draft
from dialogs.turn.filings import decide, new_filing, switch_filing
from dialogs.turn.filling import press_picture
from dialogs.turn.footers import press_footer
from dialogs.turn.guides import press_guide
from dialogs.turn.hearing import hear
from dialogs.turn.letters import press_letter
from dialogs.turn.moving import edit
from dialogs.turn.picking import offer_lines
from dialogs.turn.rating import press_rating
from dialogs.turn.reading_back import REPORT
from dialogs.turn.reporting import press_event, press_redo
from dialogs.turn.reviewing import hand_in
from dialogs.turn.telling import helped, none_of_these, tell_article, unhelped
from dialogs.turn.verifying import help_with
from filing.invalid import Invalid

_SETTLES = ("yes:", "no:", "cmd:type_here", "link:", "picture:")


def press(draft: Draft, value: str) -> None:
    """Do what the button says; a value never offered is read as if it had been typed."""
    pending = draft.attention.pending
    if pending not in (None, proposals.PROPOSAL, REPORT) and not value.startswith(_SETTLES):
        draft.attend(pending=None)  # something else was pressed instead of yes or no
    kind, _, rest = value.partition(":")
    match kind:
        case "cmd" if rest in BUTTON_COMMANDS:
            BUTTON_COMMANDS[rest](draft)
        case "answer":
            key, _, answer = rest.partition(":")
            _answer(draft, key, answer)
        case "accept":
            _accept_suggestion(draft, rest)
        case "edit":
            edit(draft, rest)
        case "section":
            offer_lines(draft, rest)
        case "yes" | "no" if rest:
            _decide(draft, rest, yes=kind == "yes")
        case "due":
            duties.press(draft, rest)
        case "wish":
            reaching.press(draft, rest)
        case "link" | "unlink":
            linking.press(draft, kind, rest)
        case "filing":
            switch_filing(draft, rest)
        case "new_filing":
            new_filing(draft)
        case "locale":
            switch_locale(draft, rest)
        case "event":
            press_event(draft, rest)
        case "redo":
            press_redo(draft, rest)
        case "sms":
            help_with(draft, rest)
        case "guide":
            press_guide(draft, rest)
        case "footer":
            press_footer(draft, rest)
        case "paper":
            press_paper(draft, rest)
        case "picture":
            press_picture(draft, rest)
        case "leave":
            _leave_out(draft, rest)
        case "letter":
            press_letter(draft, rest)
        case "article":
            tell_article(draft, rest)
        case "helped":
            helped(draft, rest)
        case "unhelped":
            unhelped(draft, rest)
        case "rate":
            press_rating(draft, rest)
        case "none_of_these":
            none_of_these(draft)
        case _:
            hear(draft, value)


def _leave_out(draft: Draft, key: str) -> None:
    if draft.attention.pending != proposals.PROPOSAL or not proposals.leave_out(draft, key):
        draft.notice("message.stale_button")


def _decide(draft: Draft, what: str, *, yes: bool) -> None:
    if draft.attention.pending != what:
        draft.notice("message.stale_button")
        return
    decide(draft, yes=yes)


def _answer(draft: Draft, key: str, answer: str) -> None:
    step = _answerable(draft, key)
    if step is None or step.ask is None:
        return
    read = step.ask.parse(answer, draft.context)
    if isinstance(read, Invalid):
        fail(draft, step, wrong=read)
    elif step.closes:
        hand_in(draft)
    else:
        draft.attend(paused=False, focus=None if step is draft.withheld else draft.attention.focus)
        accept(draft, step, read)


def _accept_suggestion(draft: Draft, key: str) -> None:
    step = _answerable(draft, key)
    offered = suggestion(draft, step) if step is not None else None
    if step is None or step.ask is None:
        return
    if offered is None:
        draft.notice("message.stale_button")
        return
    read = step.ask.parse(offered, draft.context)
    if isinstance(read, Invalid):
        fail(draft, step, wrong=read)
    else:
        accept(draft, step, read)


def _answerable(draft: Draft, key: str) -> Step | None:
    """The step if its button may still be pressed: it is open, or a consent that was refused."""
    if draft.case.filing is not None and not draft.is_open:
        say_locked(draft)
        return None
    if key not in draft.flow:
        draft.notice("message.stale_button")
        return None
    step = draft.flow[key]
    if step is draft.open_step or step is draft.withheld:
        return step
    draft.notice("message.old_question", label=draft.text(f"step.{key}.label"))
    return None
