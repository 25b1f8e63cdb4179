"""Values volunteered out of turn: kept until they may be, read back, then counted."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dialogs.flow import Step
from dialogs.journey import is_early
from dialogs.message import Button, Reply, ReplyKind
from dialogs.turn.answering import accept, fail
from dialogs.turn.by_photo import to_check
from dialogs.turn.deciding import say_declined
from dialogs.turn.draft import Draft
from filing.invalid import Invalid

PROPOSAL = "proposal"
"""What is pending while values wait for "that is right"."""


def volunteer(draft: Draft, values: Mapping[str, str]) -> None:
    """Keep values for other questions than the open one; they count once they are confirmed.

    What comes before the consent it needs waits for it, and goes if it is refused.
    """
    withheld = draft.withheld
    if withheld is not None and values:
        draft.heard = None  # nothing is kept without the consent to it
        say_declined(draft, withheld)
    if withheld is not None or not draft.is_open:
        return
    known = draft.journey.values
    news = {
        key: value
        for key, value in values.items()
        if key in draft.flow and known.get(key) != value and _may_come(draft, draft.flow[key])
    }
    if not news:
        return
    kept = dict(draft.attention.proposal) | news
    places = {step.key: place for place, step in enumerate(draft.flow.steps)}
    draft.attend(proposal=tuple(sorted(kept.items(), key=lambda item: places[item[0]])))
    waiting = [key for key in news if not draft.may_hold(draft.flow[key])]
    if waiting:
        asking = draft.open_step is not None and draft.open_step.consent is not None
        key = "message.kept_until_consent" if asking else "message.kept_for_later"
        draft.notice(key, what=draft.labels(waiting))


def _may_come(draft: Draft, step: Step) -> bool:
    """Whether the question still lies ahead, or was asked already."""
    return draft.journey.current is not None or step.applies(draft.ground)


def in_the_air(draft: Draft) -> tuple[tuple[str, str], ...]:
    """The kept values that may be read back now."""
    return tuple(
        (key, value)
        for key, value in draft.attention.proposal
        if key in draft.flow and draft.may_hold(draft.flow[key])
    )


def read_back(draft: Draft) -> bool:
    """Read kept values back if there are any that may be; False if there are none."""
    ready = in_the_air(draft)
    if not ready:
        return False
    draft.attend(pending=PROPOSAL)
    decide: tuple[Button, ...] = (
        draft.button("yes:proposal", "yes"),
        draft.button("no:proposal", "no"),
    )
    if draft.attention.from_picture:
        lines = [_line_to_check(draft, draft.flow[key], value) for key, value in ready]
        key = "message.read_from_picture"
        decide += _leave_out_buttons(draft, ready) if len(ready) > 1 else ()
    else:
        lines = [draft.value_line(draft.flow[key], value) for key, value in ready]
        key = "message.read_back"
    text = draft.text(key, lines="\n".join(lines), count=len(lines))
    draft.replies.append(Reply(ReplyKind.QUESTION, text, decide))
    draft.ask_after = False
    return True


def _line_to_check(draft: Draft, step: Step, value: str) -> str:
    label = draft.text(f"step.{step.key}.label")
    return draft.text("message.value_line", label=label, value=to_check(draft, step, value))


def _leave_out_buttons(draft: Draft, ready: tuple[tuple[str, str], ...]) -> tuple[Button, ...]:
    """One for each value, which leaves it out; the others stay."""
    labels = {key: draft.text(f"step.{key}.label") for key, _ in ready}
    return tuple(
        replace(draft.button(f"leave:{key}", "leave_out", label=label), quiet=True)
        for key, label in labels.items()
    )


def set_aside(draft: Draft) -> None:
    """Stop reading values back to somebody who went on; their own questions will offer them."""
    ready = in_the_air(draft)
    draft.attend(aside=tuple((dict(draft.attention.aside) | dict(ready)).items()))
    _let_go(draft, {key for key, _ in ready})


def confirm(draft: Draft) -> None:
    """Count what was read back, in the flow's order, so that later ones rest on earlier ones."""
    ready = in_the_air(draft)
    _let_go(draft, {key for key, _ in ready})
    for key, value in ready:
        step = draft.flow[key]
        if is_early(step, draft.journey.values):
            draft.put_early(step, value)
        else:
            count(draft, step, value)


def drop(draft: Draft) -> None:
    """Leave out everything that was read back."""
    _let_go(draft, {key for key, _ in in_the_air(draft)})
    draft.notice("message.proposal_dropped")


def leave_out(draft: Draft, key: str) -> bool:
    """Leave one of the values read back out; False if it is none of them."""
    if key not in {name for name, _ in in_the_air(draft)}:
        return False
    _let_go(draft, {key})
    draft.notice("message.proposal_without", label=draft.text(f"step.{key}.label"))
    return True


def forget_withheld(draft: Draft) -> None:
    """Forget what was kept for a consent that was refused."""
    _let_go(
        draft,
        {key for key, _ in draft.attention.proposal if not draft.may_hold(draft.flow[key])},
    )


def settle_early(draft: Draft) -> None:
    """Count what was confirmed before its turn, now that its turn has come."""
    for _ in draft.flow.steps:  # each turn settles at least one of them
        step = draft.journey.current
        if step is None or step.key not in draft.journey.early or not draft.ask_after:
            return
        if draft.open_step is not step or draft.keeps_out(step):
            return
        value = draft.journey.proposals[step.key]
        draft.put(step, None, remember=False)
        if not count(draft, step, value):
            return


def count(draft: Draft, step: Step, value: str) -> bool:
    """Take a value that was confirmed, if it still is one; False (and why) if not."""
    if step.ask is None:
        return False
    read = step.ask.parse(value, draft.context)
    if isinstance(read, Invalid):
        fail(draft, step, wrong=read)
        return False
    return accept(draft, step, read)


def _let_go(draft: Draft, keys: Iterable[str]) -> None:
    gone = set(keys)
    left = tuple(item for item in draft.attention.proposal if item[0] not in gone)
    from_picture = draft.attention.from_picture and bool(left)
    draft.attend(proposal=left, pending=None, from_picture=from_picture)
