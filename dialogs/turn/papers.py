"""The papers of the filing being worked on: which, how each stands, and whether one may come."""

from dataclasses import replace
from typing import Final

from dialogs.case import FilingRecord
from dialogs.flow import AGREED
from dialogs.turn.draft import Draft
from filing.decision import Outcome
from filing.event import EventType, Stage
from filing.materials.checklist import Item, checklist, next_open
from filing.materials.material import IDENTITY_KINDS, Slot

PICTURE_FIELD: Final = "material:"
"""Before the key of a slot: a field of the secure form that takes pictures for it."""

COLLECTING: Final = frozenset(
    {Stage.DRAFT, Stage.FIRST_REVIEW, Stage.MATERIALS, Stage.SECOND_REVIEW, Stage.RETURNED}
)
"""Stages in which papers are taken: before the bureau has the filing."""


def collects(draft: Draft) -> bool:
    """Whether papers of the active filing may be taken: it is a first filing, and consented to."""
    if draft.case.filing is None or draft.stage.stage not in COLLECTING:
        return False
    values = draft.journey.values
    return values.get("consent_sensitive") == AGREED and (
        values.get("filing_kind") in (None, Outcome.FIRST.value)
    )


def papers(draft: Draft) -> tuple[Item, ...]:
    """The checklist of the active filing, on the ground of the answers so far.

    Worked out once for each state of the filing: a turn asks for it several times.
    """
    record = draft.case.filing
    if record is None or "subject_kind" not in draft.journey.values:
        return ()
    known = draft.papers_known
    if known is None or known[0] is not record:
        known = draft.papers_known = (record, _worked_out(draft, record))
    return known[1]


def _worked_out(draft: Draft, record: FilingRecord) -> tuple[Item, ...]:
    return checklist(
        draft.filing,
        draft.world.materials,
        draft.world.rulebook,
        draft.world.provider,
        draft.today,
        materials=record.materials,
        verdicts=record.verdicts,
        websites=_websites(draft),
    )


def item_of(draft: Draft, key: str) -> Item | None:
    """The item of a slot, if the filing has it."""
    return next((item for item in papers(draft) if item.slot.key == key), None)


def upcoming(draft: Draft, items: tuple[Item, ...]) -> Item | None:
    """The paper to ask for next: one begun, else the first open one that was not put off."""
    passed = draft.attention.passed
    begun = next((item for item in items if item.lacks and item.slot.key not in passed), None)
    if begun is not None:
        return begun
    left = tuple(item for item in items if item.slot.key not in passed)
    return next_open(left) or next_open(items)


def asked_for(draft: Draft) -> Item | None:
    """The paper the next picture is taken to be of; None where nobody asked for one."""
    items = papers(draft)
    chosen = next((item for item in items if item.slot.key == draft.attention.paper), None)
    if chosen is not None or draft.stage.stage is not Stage.MATERIALS:
        return chosen
    return (
        upcoming(draft, items) if draft.stage.when(EventType.MATERIALS_SUBMITTED) is None else None
    )


def expects_picture(draft: Draft) -> bool:
    """Whether a picture sent now may be kept.

    A channel whose messages lie with others never brings identity papers: there a picture may come
    only after another paper was asked for.
    """
    if not collects(draft):
        return False
    if not draft.is_outside:
        return True
    item = asked_for(draft)
    return item is not None and not is_kept_out(draft, item.slot)


def is_kept_out(draft: Draft, slot: Slot) -> bool:
    """Whether pictures of a slot may not come by this channel."""
    return draft.is_outside and slot.kind in IDENTITY_KINDS


def _websites(draft: Draft) -> int:
    """How many websites of the same subject this applicant files, the active one included."""
    if len(draft.case.filings) == 1:
        return 1
    number = draft.filing.subject.certificate.number
    others = (
        Draft(replace(draft.case, active=key), draft.world, draft.now, draft.fresh_id)
        for key in draft.case.filings
        if key != draft.case.active
    )
    return 1 + sum(
        number is not None
        and one.filing.subject.certificate.number == number
        and one.stage.stage is not Stage.WITHDRAWN
        for one in others
    )
