"""Pictures that were looked at: which paper each is, what was found on it, and what to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from dialogs.case import Case
from dialogs.message import IncomingFile, OutgoingFile, ReplyKind
from dialogs.picture_words import say_picture_finding
from dialogs.pictures import Mark, MarkedPicture
from dialogs.ports import Inspection
from dialogs.turn.collecting import ask_next
from dialogs.turn.draft import Draft, TurnResult, WantedPicture
from dialogs.turn.filling import fill_from, without_asked
from dialogs.turn.paper_words import item_buttons, name_of, side_words
from dialogs.turn.papers import is_kept_out, item_of, papers
from dialogs.turn.placing import ask_which, keep_out, receive_for
from dialogs.turn.taking import finish
from dialogs.world import World
from filing.event import EventType, Stage
from filing.finding import Level
from filing.materials.checklist import Item
from filing.materials.material import (
    IDENTITY_KINDS,
    Box,
    Material,
    MaterialKind,
    PictureFinding,
    Side,
)
from filing.materials.picture_code import PictureCode
from filing.subject import CertificateType

_SHORTLY_BEFORE: Final = timedelta(microseconds=1)
_MOST_LOOSE: Final = 10
_TWO_SIDED: Final = frozenset(CertificateType) - {CertificateType.PASSPORT}


@dataclass(frozen=True, slots=True)
class _Placed:
    """One picture, the paper it is for, and what was found on it."""

    wanted: WantedPicture
    item: Item
    side: Side
    findings: tuple[PictureFinding, ...]
    seen: Inspection
    is_moved: bool  # it was sent for another paper

    @property
    def is_refused(self) -> bool:
        return any(one.level is Level.REFUSE for one in self.findings)


def take_pictures(
    result: TurnResult,
    inspections: Mapping[WantedPicture, Inspection],
    now: datetime,
    world: World,
) -> TurnResult:
    """The same turn with what was found on the pictures it wanted: one turn, one commit."""
    draft = Draft(result.case, world, now, _no_id)
    draft.replies = list(result.replies)
    draft.delete_inbound = result.delete_inbound
    placed: list[_Placed] = []
    loose: list[IncomingFile] = []
    turned_away: list[Item] = []
    for wanted in result.wanted_pictures:
        seen = inspections[wanted]
        found = _place(draft, wanted, seen, placed, _are_two(result, wanted))
        if found is None:
            loose.append(wanted.file)
        elif is_kept_out(draft, found.item.slot) and not result.by_form:
            turned_away.append(found.item)
        elif len(result.wanted_pictures) == 1 and _must_ask_side(found):
            loose.append(wanted.file)
            draft.attend(side_of=found.item.slot.key)
        else:
            placed.append(found)
    _keep(draft, placed)
    if placed:
        _say(draft, placed)
    for one in placed:
        if not one.is_refused:
            fill_from(draft, one.item.slot, one.seen)
    if turned_away:
        draft.attend(paper=turned_away[0].slot.key)
        keep_out(draft, len(turned_away))
    if loose:
        is_side = draft.attention.side_of is not None
        first, then = (loose, draft.attention.loose) if is_side else (draft.attention.loose, loose)
        draft.attend(loose=(*first, *then)[:_MOST_LOOSE])
    _go_on(draft, placed)
    return replace(
        result,
        case=replace(draft.case, attention=draft.attention),
        replies=tuple(draft.replies),
        delete_inbound=draft.delete_inbound,
        wanted_pictures=(),
    )


def _go_on(draft: Draft, placed: Sequence[_Placed]) -> None:
    """What comes after it: the picture nobody could name, the next paper, the open question."""
    draft.ask_after = True
    if draft.attention.loose:
        ask_which(draft)
    elif any(one.is_refused for one in placed):
        draft.ask_after = draft.is_open
        finish(draft)
    elif draft.stage.stage is Stage.MATERIALS and (
        draft.stage.when(EventType.MATERIALS_SUBMITTED) is None
    ):
        ask_next(draft)
    elif draft.is_open:
        finish(draft)


def _are_two(result: TurnResult, wanted: WantedPicture) -> bool:
    """Whether exactly two pictures came for this paper: the two sides of a card."""
    return sum(one.slot == wanted.slot for one in result.wanted_pictures) == len(Side) - 1


def _place(
    draft: Draft,
    wanted: WantedPicture,
    seen: Inspection,
    placed: Sequence[_Placed],
    are_two: bool,
) -> _Placed | None:
    """Which paper a picture is for: the one it shows, where that can be told, else the asked."""
    items = {item.slot.key: item for item in papers(draft)}
    asked = items.get(wanted.slot or "")
    item, is_moved = asked, False
    if seen.kind is not None and (asked is None or asked.slot.kind is not seen.kind):
        shown = [one for one in items.values() if one.slot.kind is seen.kind]
        nearer = [one for one in shown if one.is_open and one not in [p.item for p in placed]]
        candidates = nearer or shown
        if len(candidates) == 1:
            item, is_moved = candidates[0], asked is not None
        elif candidates and asked is None:
            return None
    if item is None:
        return None
    findings = without_asked(draft, seen.findings, seen)
    if is_moved:
        findings = tuple(one for one in findings if one.code != PictureCode.WRONG_DOCUMENT)
    told = wanted.side if not is_moved else None
    side = told or _side(item, seen, placed, are_two and not is_moved)
    return _Placed(wanted, item, side, findings, seen, is_moved)


def _must_ask_side(one: _Placed) -> bool:
    """Whether nobody can tell which side of a card a picture shows, and it matters."""
    return (
        _has_sides(one.item)
        and one.seen.side is None
        and one.wanted.sought.side is None
        and not one.is_refused
    )


def _has_sides(item: Item) -> bool:
    is_card = item.certificate is None or item.certificate in _TWO_SIDED
    return item.slot.kind is MaterialKind.IDENTITY_DOCUMENT and is_card


def _side(item: Item, seen: Inspection, placed: Sequence[_Placed], are_two: bool) -> Side:
    """The side of a card a picture shows; told, or the one that is still to come."""
    if not _has_sides(item):
        return Side.WHOLE
    if seen.side is not None:
        return seen.side
    before = {one.side for one in placed if one.item.slot == item.slot}
    if before == {Side.FRONT}:
        return Side.BACK
    if are_two:
        return Side.FRONT
    return item.lacks[0] if len(item.lacks) == 1 and not before else Side.WHOLE


def _keep(draft: Draft, placed: Sequence[_Placed]) -> None:
    """Record what came; of several pictures of one paper those that may stay count as its last."""
    fine = {one.item.slot for one in placed if not one.is_refused}
    at = _moment(draft)
    draft.keep(
        *(
            Material(
                id=one.wanted.file.file_id,
                slot=one.item.slot.key,
                side=one.side,
                at=at - _SHORTLY_BEFORE if one.is_refused and one.item.slot in fine else at,
                media_type=one.wanted.file.media_type,
                size=one.wanted.file.size,
                width=one.seen.width,
                height=one.seen.height,
                findings=one.findings,
                valid_until=one.seen.valid_until,
            )
            for one in sorted(placed, key=lambda one: not one.is_refused)
        )
    )
    kept = {one.item.slot.key for one in placed}
    if draft.attention.paper in kept and not any(one.is_refused for one in placed):
        item = item_of(draft, draft.attention.paper or "")
        if item is not None and not item.is_open:
            draft.attend(paper=None)


def _moment(draft: Draft) -> datetime:
    """When the pictures of this turn came: later than those of any other, on any clock."""
    record = draft.case.filing
    latest = max((one.at for one in record.materials), default=None) if record is not None else None
    return draft.now if latest is None else max(draft.now, latest + 2 * _SHORTLY_BEFORE)


def _say(draft: Draft, placed: Sequence[_Placed]) -> None:
    """What each picture was taken for, what is wrong with it, and what to do."""
    texts = [_words(draft, one) for one in placed]
    refused = [one for one in placed if one.is_refused]
    draft.say(
        ReplyKind.ERROR if refused else ReplyKind.NOTICE,
        "message.plain",
        text="\n".join(texts),
        buttons=item_buttons(draft, refused[0].item) if refused else (),
    )
    pictures = tuple(_marked(draft, one) for one in placed if _may_show(draft, one))
    draft.replies[-1] = replace(draft.replies[-1], files=pictures)


def _words(draft: Draft, one: _Placed) -> str:
    item = item_of(draft, one.item.slot.key) or one.item
    said = [
        say_picture_finding(finding, draft.world.wording, draft.case.locale)
        for finding in _ordered(one.findings)
    ]
    lines = [
        draft.text(
            "material.finding",
            number=number if _boxed(one) else 0,
            reason=each.reason,
            cure=each.cure,
            is_doubt=each.level is not Level.REFUSE,
        )
        for number, each in enumerate(said, start=1)
    ]
    return draft.text(
        "material.refused" if one.is_refused else "material.taken",
        name=name_of(draft, item),
        side=side_words(draft, one.side),
        lacks=draft.text("message.comma").join(side_words(draft, side) for side in item.lacks),
        findings="\n".join(lines),
        is_moved=one.is_moved,
        is_guessed=one.wanted.slot is None,
        is_doubtful=bool(lines),
        pieces=len(item.current) if item.several and len(item.documents) > 1 else 0,
        wanted=len(item.documents),
        kept=draft.text("picture.kept"),
    )


def _ordered(findings: tuple[PictureFinding, ...]) -> list[PictureFinding]:
    return sorted(findings, key=lambda one: one.level is not Level.REFUSE)


def _boxed(one: _Placed) -> bool:
    return any(finding.box is not None for finding in one.findings)


def _may_show(draft: Draft, one: _Placed) -> bool:
    """Whether the picture may be sent back, marked: identity papers not through others' hands."""
    return _boxed(one) and not (draft.is_outside and one.item.slot.kind in IDENTITY_KINDS)


def _marked(draft: Draft, one: _Placed) -> OutgoingFile:
    marks = tuple(
        _mark(number, finding.box)
        for number, finding in enumerate(_ordered(one.findings), start=1)
        if finding.box is not None
    )
    return OutgoingFile(
        draft.text("material.marked_file"),
        picture=MarkedPicture(one.wanted.file.file_id, marks),
        alt=draft.text("material.marked_alt", name=name_of(draft, one.item), count=len(marks)),
    )


def _mark(number: int, box: Box) -> Mark:
    left, top, right, bottom = (
        round(1000 * share) for share in (box.left, box.top, box.right, box.bottom)
    )
    return Mark(number, left, top, right, bottom)


def hand_in_pictures(
    case: Case, slot: str, files: Sequence[IncomingFile], now: datetime, world: World
) -> TurnResult:
    """Take pictures sent for one paper through the operator's own page."""
    draft = Draft(case, world, now, _no_id)
    receive_for(draft, slot, files)
    return replace(draft.result(), by_form=True)


def _no_id() -> str:
    raise LookupError("a picture never begins a filing")
