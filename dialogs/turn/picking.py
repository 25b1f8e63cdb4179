"""Picking a line to change by tap: first the part of the sheet, then the line."""

from collections.abc import Mapping

from dialogs.flow import Step
from dialogs.message import Button, ReplyKind
from dialogs.turn.deciding import say_locked
from dialogs.turn.draft import Draft
from filing.sheet import sheet


def offer_sections(draft: Draft) -> None:
    """The parts of the sheet as buttons."""
    if not draft.is_open:
        say_locked(draft)
        return
    parts = _lines(draft)
    if not parts:
        draft.notice("message.nothing_yet")
        return
    buttons = tuple(Button(draft.text(f"section.{part}"), f"section:{part}") for part in parts)
    draft.say(ReplyKind.QUESTION, "message.which_section", buttons=buttons)
    draft.ask_after = False


def offer_lines(draft: Draft, section: str) -> None:
    """Every answered line of one part as a button."""
    lines = _lines(draft).get(section)
    if not lines:
        draft.notice("message.stale_button")
        return
    buttons = tuple(Button(draft.text(f"step.{one.key}.label"), f"edit:{one.key}") for one in lines)
    draft.say(ReplyKind.QUESTION, "message.which_line", buttons=buttons)
    draft.ask_after = False


def _lines(draft: Draft) -> Mapping[str, list[Step]]:
    """Answered questions by the part of the sheet their line stands in, parts in its order.

    A question without a line of its own stands where it was asked.
    """
    if not draft.is_open:
        return {}
    sections = sheet(draft.filing).sections
    place = {line.field: section.key for section in sections for line in section.lines}
    found: dict[str, list[Step]] = {section.key: [] for section in sections}
    for step in _editable(draft):
        found.setdefault(place.get(step.fills or "", step.section), []).append(step)
    return {section: lines for section, lines in found.items() if lines}


def _editable(draft: Draft) -> list[Step]:
    """Answered questions whose answer matters: it fills a field, or another looks at it."""
    looked_at = {key for step in draft.flow.steps if not step.closes for key in step.looks_at}
    return [
        step
        for step in draft.journey.asked
        if step.consent is None and (step.fills is not None or step.key in looked_at)
    ]
