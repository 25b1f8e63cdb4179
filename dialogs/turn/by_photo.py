"""Answering by a photo: which questions one answers, offering it, and values as one checks them."""

from typing import Final

from dialogs.flow import Step
from dialogs.message import Button
from dialogs.turn.draft import Draft
from dialogs.turn.paper_words import name_of
from dialogs.turn.papers import collects, papers
from filing.materials.checklist import Item
from filing.materials.material import MaterialKind, Slot
from filing.subject import SubjectKind

OF_BODY: Final = {
    "number": "certificate.number",
    "name": "name",
    "address": "certificate.address",
    "valid_until": "certificate.valid_until",
}
"""What a body's certificate says (``Inspection.read``), by the field of the subject."""

OF_PERSON: Final = {
    "number": "certificate.number",
    "name": "name",
    "valid_until": "certificate.valid_until",
}
"""What a person's paper says, by the field of that person."""

PHOTO_FIELDS: Final[frozenset[str | None]] = frozenset(
    f"{whose}.{field}"
    for whose, fields in (
        ("subject", OF_BODY),
        ("principal", OF_PERSON),
        ("site_manager", OF_PERSON),
    )
    for field in fields.values()
)
"""Fields that a photo can fill."""


def to_check(draft: Draft, step: Step, value: str) -> str:
    """A value as whoever holds the paper can check it: in full, but for numbers.

    Those prove themselves by their check characters. Nothing is shown in full in a chat that is
    kept elsewhere.
    """
    is_number = step.fills is not None and step.fills.endswith("certificate.number")
    return draft.show(step, value, masked=is_number or draft.is_cautious)


def photo_button(draft: Draft, step: Step) -> Button | None:
    """A way to answer this question by a photo, where one can be read and is still to come."""
    item = photo_item(draft, step)
    if item is None:
        return None
    label = draft.text("button.by_photo", paper=name_of(draft, item))
    return Button(label, f"paper:upload:{item.slot.key}", quiet=True)


def photo_line(draft: Draft, step: Step) -> str:
    """That a photo will do instead, said once for each paper: before anything of it is known."""
    item = photo_item(draft, step)
    if item is None:
        return ""
    whose, _, _ = (step.fills or "").partition(".")
    fields = {f"{whose}.{field}" for field in OF_BODY.values()}
    if any(one.fills in fields and one.key in draft.journey.values for one in draft.flow.steps):
        return ""
    return draft.text("message.photo_offer", paper=name_of(draft, item))


def photo_item(draft: Draft, step: Step) -> Item | None:
    """The paper this question's answer could be read from, if it is still to come."""
    if not draft.world.reads_papers or step.fills not in PHOTO_FIELDS or not collects(draft):
        return None
    open_ones = (item for item in papers(draft) if item.is_open)
    return next((item for item in open_ones if is_filled_by(draft, step, item.slot)), None)


def is_filled_by(draft: Draft, step: Step, slot: Slot) -> bool:
    """Whether a step's answer stands on the paper of a slot."""
    if step.fills is None or step.fills not in PHOTO_FIELDS:
        return False
    whose, _, _ = step.fills.partition(".")
    if whose != "subject":
        return slot == Slot(MaterialKind.IDENTITY_DOCUMENT, whose)
    if draft.filing.subject.kind is SubjectKind.INDIVIDUAL:  # one person, one paper
        return slot == Slot(MaterialKind.IDENTITY_DOCUMENT, "principal")
    return slot == Slot(MaterialKind.SUBJECT_CERTIFICATE)
