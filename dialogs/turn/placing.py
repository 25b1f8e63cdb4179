"""Pictures that come: whether they may, for which paper they are taken, what they should show."""

from collections.abc import Sequence
from dataclasses import replace

from dialogs.message import Button, IncomingFile, ReplyKind
from dialogs.ports import Sought
from dialogs.turn.draft import Draft, WantedPicture
from dialogs.turn.paper_words import name_of
from dialogs.turn.papers import (
    PICTURE_FIELD,
    asked_for,
    collects,
    expects_picture,
    item_of,
    papers,
)
from filing.materials.checklist import Item
from filing.materials.material import MaterialKind, Side


def receive(draft: Draft, files: Sequence[IncomingFile]) -> None:
    """Take pictures: have them looked at, or say why none is wanted."""
    kept = tuple(one for one in files if one.file_id)
    if not collects(draft):
        draft.notice("message.file_not_now", count=len(files))
        return
    if not kept or not expects_picture(draft):
        keep_out(draft, len(files))
        return
    item = asked_for(draft)
    card = item_of(draft, draft.attention.side_of or "")
    is_of_card = card is not None and draft.attention.paper in (None, card.slot.key)
    if card is not None and is_of_card and draft.attention.loose:  # not an answer, the other side
        first, *rest = draft.attention.loose
        draft.attend(loose=tuple(rest), side_of=None)
        item, kept = card, (first, *kept)
    draft.wanted_pictures = tuple(_wanted(draft, file, item, kept) for file in kept)
    draft.ask_after = False


def place(draft: Draft, item: Item, side: Side | None = None) -> None:
    """Have the picture nobody could name looked at as this paper, or this side of it."""
    if not draft.attention.loose:
        draft.notice("message.stale_button")
        return
    first, *rest = draft.attention.loose
    draft.attend(loose=tuple(rest), side_of=None)
    draft.wanted_pictures = (_wanted(draft, first, item, (first,), side),)
    draft.ask_after = False


def receive_for(draft: Draft, slot: str, files: Sequence[IncomingFile]) -> None:
    """Take pictures sent for one paper through the operator's own page."""
    item = item_of(draft, slot)
    if item is None or not collects(draft):
        draft.notice("message.file_not_now", count=len(files))
        return
    kept = tuple(one for one in files if one.file_id)
    draft.wanted_pictures = tuple(_wanted(draft, file, item, kept) for file in kept)
    draft.ask_after = False


def _wanted(
    draft: Draft,
    file: IncomingFile,
    item: Item | None,
    together: tuple[IncomingFile, ...],
    told: Side | None = None,
) -> WantedPicture:
    if item is None:
        return WantedPicture(file, Sought(draft.today, province=draft.filing.subject.province))
    name, number = _stated(draft, item)
    lacking = item.lacks[0] if len(item.lacks) == 1 and len(together) == 1 else None
    sought = Sought(
        draft.today,
        item.slot.kind,
        item.slot.whose,
        told or lacking,
        item.certificate,
        draft.filing.subject.province,
        name,
        number,
    )
    return WantedPicture(file, sought, item.slot.key, told)


def _stated(draft: Draft, item: Item) -> tuple[str | None, str | None]:
    """Name and number that the paper should show, as answered."""
    filing = draft.filing
    if item.slot.kind in (MaterialKind.SUBJECT_CERTIFICATE, MaterialKind.DOMAIN_CERTIFICATE):
        return filing.subject.name, filing.subject.certificate.number
    if item.slot.kind is not MaterialKind.IDENTITY_DOCUMENT:
        return None, None
    if item.slot.whose == "site_manager":
        return filing.site_manager.name, filing.site_manager.certificate.number
    if item.slot.whose == "legal_representative":
        return None, None
    return filing.principal.name, filing.principal.certificate.number


def keep_out(draft: Draft, count: int) -> None:
    """Say that identity papers do not come this way, and which way they do."""
    item = asked_for(draft)
    draft.delete_inbound = draft.is_cautious
    if item is None:
        _ask_what_it_was(draft)
        return
    draft.say(
        ReplyKind.NOTICE,
        "material.not_here",
        name=name_of(draft, item),
        count=count,
        has_forms=draft.world.has_forms,
        buttons=(draft.button("cmd:handover", "person"),),
    )
    if draft.world.has_forms:
        draft.replies[-1] = replace(draft.replies[-1], form=(f"{PICTURE_FIELD}{item.slot.key}",))
    draft.ask_after = False


def _ask_what_it_was(draft: Draft) -> None:
    open_ones = [item for item in papers(draft) if item.is_open]
    draft.say(
        ReplyKind.QUESTION,
        "material.choose_first",
        buttons=tuple(
            Button(name_of(draft, item), f"paper:item:{item.slot.key}") for item in open_ones
        ),
    )


def ask_which(draft: Draft) -> None:
    """Ask what a picture shows that nobody could name, or which side of a card."""
    card = item_of(draft, draft.attention.side_of or "")
    if card is not None:
        _ask_which_side(draft, card)
        return
    items = sorted(papers(draft), key=lambda item: not item.is_open)
    draft.say(
        ReplyKind.QUESTION,
        "material.which",
        count=len(draft.attention.loose),
        file=draft.attention.loose[0].name,
        buttons=(
            *(Button(name_of(draft, item), f"paper:place:{item.slot.key}") for item in items),
            draft.button("paper:none", "paper_none"),
        ),
    )
    draft.ask_after = False


def _ask_which_side(draft: Draft, card: Item) -> None:
    key = card.slot.key
    draft.say(
        ReplyKind.QUESTION,
        "material.which_side",
        name=name_of(draft, card),
        buttons=(
            draft.button(f"paper:whole:{key}", "paper_whole"),
            draft.button(f"paper:front:{key}", "paper_front"),
            draft.button(f"paper:back:{key}", "paper_back"),
            draft.button("paper:none", "paper_no_card"),
        ),
    )
    draft.ask_after = False
