"""The applicant's commands by intent and by button, and those that explain or fetch a person."""

from collections.abc import Callable
from types import MappingProxyType

from dialogs.flow import Step
from dialogs.message import ReplyKind
from dialogs.turn.answering import fail
from dialogs.turn.asking import variables
from dialogs.turn.deciding import conclude
from dialogs.turn.draft import Draft
from dialogs.turn.filings import list_filings, new_filing, wish_to_file, wonder
from dialogs.turn.moving import back, forward, pause, redo, resume, skip, sum_up, undo
from dialogs.turn.picking import offer_sections
from dialogs.turn.progress import attach_progress
from dialogs.turn.rating import begin_comment
from dialogs.turn.reviewing import reveal, show_sheet
from dialogs.turn.sensitive import type_here
from dialogs.turn.stages import say_stage
from dialogs.turn.telling import more_on
from dialogs.turn.waiting import ask_for_person, leave_message, wait_no_more
from dialogs.understanding.understood import Intent
from dialogs.wording import LOCALES
from filing.event import Stage
from filing.invalid import invalid

__all__ = [
    "BUTTON_COMMANDS",
    "COMMANDS",
    "explain",
    "explain_step",
    "new_filing",
    "not_understood",
    "switch_locale",
]


def status(draft: Draft) -> None:
    """Where the filing is, or how far the questions are; with a picture of it."""
    _say_status(draft)
    attach_progress(draft)


def _say_status(draft: Draft) -> None:
    if draft.open_step is None or draft.withheld is not None:
        conclude(draft)
        draft.ask_after = False
        return
    if draft.stage.stage is Stage.RETURNED:
        say_stage(draft)
    else:
        sum_up(draft)


def explain(draft: Draft) -> None:
    """Why the open question is asked, and how to answer it."""
    step = draft.open_step
    if step is None:
        help_out(draft)
    else:
        explain_step(draft, step)


def explain_step(draft: Draft, step: Step) -> None:
    """Why a question is asked, how to answer it, and the articles that say more."""
    given = variables(draft)
    lines = [draft.text(f"step.{step.key}.{part}", **given) for part in ("why", "help")]
    text = "\n".join(lines)
    draft.say(ReplyKind.ANSWER, "message.plain", text=text, buttons=more_on(draft, step))


def help_out(draft: Draft) -> None:
    """What can be said here, with the open question explained."""
    step = draft.open_step
    person = draft.button("cmd:handover", "person")
    if step is None:
        conclude(draft)
        draft.say(ReplyKind.ANSWER, "message.help_without_question", buttons=(person,))
        draft.ask_after = False
        return
    draft.say(
        ReplyKind.ANSWER,
        "message.help",
        step=draft.text(f"step.{step.key}.help", **variables(draft)),
        buttons=(
            *more_on(draft, step),
            draft.button("cmd:back", "back"),
            draft.button("cmd:review", "review"),
            draft.button("cmd:pause", "pause"),
            person,
        ),
    )


def nobody_here(draft: Draft) -> None:
    """End a person's help where no person is: say so (``dialogs.turn.ending`` ends it)."""
    draft.notice("staff.not_here")


def switch_locale(draft: Draft, locale: str) -> None:
    """Go on in another language."""
    draft.speak(locale if locale in LOCALES else LOCALES[0])
    draft.notice("message.locale")


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


Command = Callable[[Draft], None]

COMMANDS: MappingProxyType[Intent, Command] = MappingProxyType(
    {
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
        Intent.HANDOVER: ask_for_person,
        Intent.LIST_FILINGS: list_filings,
        Intent.NEW_FILING: wish_to_file,
    }
)
"""Commands that need nothing but the draft."""

BUTTON_COMMANDS: MappingProxyType[str, Command] = MappingProxyType(
    {
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
        "reveal": reveal,
        "edit": offer_sections,
        "why": explain,
        "help": help_out,
        "handover": ask_for_person,
        "leave_message": leave_message,
        "no_person": wait_no_more,
        "rating_comment": begin_comment,
        "end_help": nobody_here,
        "filings": list_filings,
        "type_here": type_here,
    }
)
"""What a ``cmd:`` button does."""

_LABELS: MappingProxyType[str, Command] = MappingProxyType(
    {
        "keep": forward,
        "still_so": forward,
        "edit": offer_sections,
        "review": show_sheet,
        "reveal": reveal,
        "take_up_again": resume,
        "new_filing": new_filing,
    }
)
"""Buttons whose label, typed, does the same; other labels are words that are understood."""


def typed_label(draft: Draft, text: str) -> Command | None:
    """The command whose button is labelled just so."""
    said = text.strip()
    for name, command in _LABELS.items():
        if said == draft.text(f"button.{name}"):
            return command
    return None
