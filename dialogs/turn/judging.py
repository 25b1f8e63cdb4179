"""What staff say of a received paper: recorded, and told to the applicant."""

from datetime import datetime

from dialogs.case import Case
from dialogs.message import ReplyKind
from dialogs.picture_words import say_picture_finding
from dialogs.turn.collecting import say_all_there
from dialogs.turn.draft import Draft, TurnResult
from dialogs.turn.paper_words import item_buttons, name_of
from dialogs.turn.papers import item_of, papers
from dialogs.world import World
from filing.finding import Level
from filing.materials.checklist import State, is_complete
from filing.materials.material import PictureFinding, Verdict
from filing.materials.picture_code import PARAMS, PictureCode


def take_verdict(case: Case, verdict: Verdict, now: datetime, world: World) -> TurnResult:
    """Record what staff said of a piece of the active filing, and tell the applicant.

    An acceptance is told once the whole paper is accepted, a refusal at once: with its reason, its
    cure and a way to send another. Raises LookupError for a piece the filing does not have.
    """
    draft = Draft(case, world, now, _no_id, by_staff=True)
    record = case.filing
    pieces = record.materials if record is not None else ()
    piece = next((one for one in pieces if one.id == verdict.material), None)
    if piece is None:
        raise LookupError(f"there is no piece {verdict.material!r} in the active filing")
    draft.judge(verdict)
    item = item_of(draft, piece.slot)
    if item is None or piece not in item.current:
        return draft.result()  # replaced, or no longer needed: nothing the applicant must know
    if not verdict.accepted:
        draft.attend(paper=item.slot.key)
        draft.say(
            ReplyKind.NOTICE,
            "material.verdict_refused",
            name=name_of(draft, item),
            reason=_reason(draft, verdict),
            note=verdict.note,
            buttons=item_buttons(draft, item),
        )
    elif item.state is State.ACCEPTED:
        draft.say(ReplyKind.NOTICE, "material.verdict_accepted", name=name_of(draft, item))
        items = papers(draft)
        if is_complete(items) and all(one.state is State.ACCEPTED for one in items if one.required):
            say_all_there(draft, items)
    return draft.result()


def _reason(draft: Draft, verdict: Verdict) -> str:
    """The reason's own words, where it is one of the checks' that needs no particulars."""
    if verdict.code not in tuple(PictureCode) or PARAMS[PictureCode(verdict.code)]:
        return ""
    finding = PictureFinding(verdict.code, Level.REFUSE)
    said = say_picture_finding(finding, draft.world.wording, draft.case.locale)
    return f"{said.reason}{said.cure}"


def _no_id() -> str:
    raise LookupError("a verdict never begins a filing")
