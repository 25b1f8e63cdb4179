"""Where a case stands, seen from outside a turn: stage, open question and masked values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dialogs.case import Case
from dialogs.due import deadlines_in
from dialogs.journey import Journey
from dialogs.turn.draft import Draft
from dialogs.turn.papers import papers
from dialogs.world import World
from filing.deadline import Deadline
from filing.event import Person
from filing.materials.checklist import Item
from filing.model import Filing
from filing.stage import StageState


@dataclass(frozen=True, slots=True)
class Standing:
    """A case, derived: nothing here is stored."""

    journey: Journey
    stage: StageState
    filing: Filing
    asking: str | None  # key of the open question
    needs_typing_consent: bool  # the open step is sensitive and may not be typed here yet
    masked_values: Mapping[str, str]  # every counting value; sensitive ones masked
    now: datetime
    deadlines: tuple[Deadline, ...] = ()  # of the active filing, the nearest first
    persons: frozenset[Person] = frozenset()  # who answers an SMS
    papers: tuple[Item, ...] = ()  # the checklist, where it was asked for


def standing(
    case: Case,
    now: datetime,
    world: World,
    *,
    deadlines: tuple[Deadline, ...] | None = None,
    with_papers: bool = False,
) -> Standing:
    """Work out where a case stands at a moment; ``deadlines`` where they are known already."""
    draft = Draft(case, world, now, _no_id)
    opened = draft.open_step
    masked = {
        key: _masked(draft, key, value) for key, value in draft.journey.values.items() if value
    }
    return Standing(
        journey=draft.journey,
        stage=draft.stage,
        filing=draft.filing,
        asking=opened.key if opened else None,
        needs_typing_consent=opened is not None and draft.keeps_out(opened),
        masked_values=masked,
        now=now,
        deadlines=deadlines_in(case, now, world, values=draft.journey.values)
        if deadlines is None
        else deadlines,
        persons=draft.persons,
        papers=papers(draft) if with_papers else (),
    )


def _masked(draft: Draft, key: str, value: str) -> str:
    ask = draft.flow[key].ask
    if ask is None or not ask.sensitive:
        return value
    return ask.show(value, masked=True, locale=draft.case.locale)


def _no_id() -> str:
    raise LookupError("looking at a case never begins a filing")
