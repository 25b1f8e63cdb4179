"""What a secure form asks, says of a wrong field, and reads back when it was taken."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dialogs.case import Case
from dialogs.turn.asking import example_of, variables
from dialogs.turn.draft import Draft
from dialogs.turn.paper_words import name_of, need_words
from dialogs.turn.papers import PICTURE_FIELD, collects, item_of
from dialogs.world import World
from filing.invalid import Invalid

PICTURE: Final = "picture"
"""Kind of a field that takes pictures of one paper; its key is ``material:`` and the slot's."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One input: the step it fills and its wording; ``options`` are (value, label) pairs."""

    key: str
    kind: str  # the answer type's name
    label: str
    ask: str
    example: str
    options: tuple[tuple[str, str], ...] = ()
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """A field that was taken, as it may be shown again."""

    label: str
    value: str  # masked


def ask_in_form(
    case: Case, steps: tuple[str, ...], now: datetime, world: World
) -> tuple[FormField, ...]:
    """The fields for ``steps``, in their order; steps that no longer apply are left out."""
    draft = _look(case, now, world)
    fields: list[FormField] = []
    for key in steps:
        if key.startswith(PICTURE_FIELD):
            fields += picture_fields(draft, key)
        if key not in draft.flow:
            continue
        step = draft.flow[key]
        if step.ask is None or not step.applies(draft.ground):
            continue
        wording = variables(draft)
        fields.append(
            FormField(
                key,
                step.ask.name,
                draft.text(f"step.{key}.label"),
                draft.text(f"step.{key}.ask", **wording),
                example_of(draft, step),
                tuple(
                    (option, step.ask.show(option, locale=case.locale))
                    for option in step.ask.options(draft.context)
                ),
                step.skippable(draft.ground),
            )
        )
    return tuple(fields)


def picture_fields(draft: Draft, key: str) -> tuple[FormField, ...]:
    """The field that takes pictures of one paper; none where the filing no longer has it."""
    item = item_of(draft, key.removeprefix(PICTURE_FIELD))
    if item is None or not collects(draft):
        return ()
    needs = "\n".join(need_words(draft, need) for need in item.needs)
    return (FormField(key, PICTURE, name_of(draft, item), needs, ""),)


def say_wrong(case: Case, step: str, wrong: Invalid, now: datetime, world: World) -> str:
    """What is wrong with a field, in the applicant's language; never what was typed."""
    return _look(case, now, world).text(f"invalid.{wrong.code}", **wrong.params)


def read_back_masked(
    case: Case, steps: tuple[str, ...], now: datetime, world: World
) -> tuple[Received, ...]:
    """The answers to ``steps`` as they now stand, masked."""
    draft = _look(case, now, world)
    return tuple(
        Received(
            draft.text(f"step.{key}.label"), draft.show(draft.flow[key], draft.journey.values[key])
        )
        for key in steps
        if draft.journey.values.get(key)
    )


def _look(case: Case, now: datetime, world: World) -> Draft:
    return Draft(case, world, now, _no_id)


def _no_id() -> str:
    raise LookupError("a form never begins a filing")
