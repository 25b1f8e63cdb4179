"""Moving about in one filing: back, forward, undo, redo, skip, edit, pause and resume."""

from collections.abc import Callable

from dialogs.case import Change
from dialogs.message import ReplyKind
from dialogs.turn.anew import ask_anew
from dialogs.turn.asking import variables
from dialogs.turn.deciding import say_locked
from dialogs.turn.draft import Draft
from dialogs.turn.returning import is_gone_over, keep_as_it_was


def back(draft: Draft) -> None:
    """Open the question before the present one; its answer stays until another is given."""
    if not draft.is_open:
        return
    keys = [step.key for step in draft.journey.asked]
    here = draft.open_step
    place = keys.index(here.key) if here is not None and here.key in keys else len(keys)
    if place == 0:
        draft.notice("message.at_start")
        return
    draft.attend(focus=keys[place - 1], failures=0, paused=False)


def forward(draft: Draft) -> None:
    """Leave a question gone back to as it was."""
    if not draft.is_open:
        return
    draft.attend(paused=False)
    opened = draft.open_step
    if opened is not None and is_gone_over(draft, opened):
        keep_as_it_was(draft, opened)
        return
    keys = [step.key for step in draft.journey.asked]
    focus = draft.attention.focus
    if focus is None or focus not in keys:
        draft.attend(focus=None)
        if draft.open_step is not None and focus is None:
            draft.notice("message.at_end")
        return
    if draft.at_review:
        draft.attend(focus=None, failures=0)
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
    if draft.case.filing is not None and not draft.is_open:
        say_locked(draft)
        return
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
        help=draft.text(f"step.{step.key}.help", **variables(draft)),
    )


def pause(draft: Draft) -> None:
    """Stop asking; everything is kept."""
    if draft.open_step is None:
        draft.notice("message.smalltalk_bye")
        draft.ask_after = False
        return
    draft.attend(paused=True)
    draft.say(
        ReplyKind.NOTICE,
        "message.paused",
        answered=draft.journey.answered,
        remaining=draft.journey.remaining,
        buttons=(draft.button("cmd:resume", "resume"),),
    )
    draft.ask_after = False


def resume(draft: Draft) -> None:
    """Go on, with a summary of where things stand once anything has been answered."""
    draft.attend(paused=False)
    ask_anew(draft)
    if draft.journey.asked and draft.withheld is None and not draft.greeted:
        sum_up(draft)


def sum_up(draft: Draft) -> None:
    """One message that says where an applicant stands who is filling in."""
    step = draft.open_step
    if step is None:
        return
    draft.notice("message.resumed", **summary(draft))


def summary(draft: Draft) -> dict[str, object]:
    """What a summary mentions."""
    step = draft.open_step
    return {
        "domain": draft.journey.values.get("domain", ""),
        "answered": draft.journey.answered,
        "remaining": draft.journey.remaining,
        "is_complete": step is not None and step.closes,
    }


def edit(draft: Draft, key: str) -> None:
    """Open an answered question again."""
    if key not in draft.flow or draft.flow[key].ask is None or draft.flow[key].closes:
        draft.notice("message.stale_button")
        return
    filing = draft.case.filing
    if filing is None or not draft.is_open:
        say_locked(draft)
        return
    step = draft.flow[key]
    if key in draft.journey.derived:
        draft.notice("message.derived", label=draft.text(f"step.{key}.label"))
        return
    if not step.applies(draft.ground):
        was_answered = key in {answer.step for answer in filing.answers}
        draft.notice(
            "message.edit_later" if was_answered else "message.not_yet",
            label=draft.text(f"step.{key}.label"),
        )
        return
    draft.attend(focus=key, failures=0, paused=False)
