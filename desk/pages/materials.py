"""Papers of a filing at the desk: looked at for a reason, judged, and taken to the console."""

from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.responses import Response, StreamingResponse

from desk.claims import NoConversation
from desk.conversations import Opened
from desk.conversing import REFUSALS
from desk.deeds import Deed
from desk.hand_over import accepted_as_zip
from desk.pages.conversation import found
from desk.pages.holding import done
from desk.permissions import Action
from desk.refusals import Refusal
from desk.rendering import moment
from desk.visits import Visit, may
from dialogs.case import Case
from dialogs.paper_overview import paper_overview
from dialogs.turn import TurnResult
from dialogs.turn.judging import take_verdict
from filing.materials.material import REMOVED, Material, Verdict

router = APIRouter()

SHOWN_FOR: Final = 60
"""Seconds a picture stays on the page."""

# Nothing in the answer runs, whatever opens it; only pixels made by us are in it.
_AS_PICTURE: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "attachment; filename=picture.jpg",
    "X-Shown-For": str(SHOWN_FOR),
}


@router.post("/conversations/{conversation}/materials/{material}/look")
async def look(
    conversation: str,
    material: str,
    visit: Annotated[Visit, may(Action.REVEAL)],
    reason: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """A picture, for a reason; who saw it, and why, is written down first."""
    reason = reason.strip()
    if not reason:
        raise Refusal(422, "reveal_reason")
    piece = _piece(await found(visit, conversation), material)
    if piece.gone:
        raise Refusal(410, "paper_gone")
    about = f"conversation:{conversation}"
    await visit.record(Deed.PAPER_SEEN, about, slot=piece.slot, file=piece.id, reason=reason)
    try:
        kept = await visit.parts.helping.files.get(piece.id)
    except LookupError:
        raise Refusal(410, "paper_gone") from None
    return Response(kept.content, media_type=piece.media_type, headers=_AS_PICTURE)


@router.post("/conversations/{conversation}/materials/{material}/verdict")
async def judge(
    conversation: str,
    material: str,
    visit: Annotated[Visit, may(Action.JUDGE_PAPER)],
    accepted: Annotated[bool, Form()],
    code: Annotated[str, Form(max_length=40)] = "",
    note: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Accept a paper, or refuse it with a reason; the applicant is told."""
    opened = await found(visit, conversation)
    piece = _piece(opened, material)
    note = note.strip()
    if not accepted and not note and not code:
        raise Refusal(422, "paper_reason")
    if code and code not in REFUSALS:
        raise Refusal(422, "paper_reason")
    if opened.hold is not None and not opened.is_mine(visit.agent):
        raise Refusal(409, "held_by", name=opened.hold.name)
    _refuse_while_erasing(opened)
    reason = ("", "") if accepted else (code, note)
    verdict = Verdict(piece.id, accepted, visit.now, visit.agent.shown_as, *reason)

    def compute(case: Case) -> TurnResult:
        return take_verdict(case, verdict, visit.now, visit.parts.world)

    about = f"conversation:{conversation}"
    deed = Deed.PAPER_ACCEPTED if accepted else Deed.PAPER_REFUSED
    await visit.record(deed, about, slot=piece.slot, file=piece.id, code=code)
    try:
        await visit.parts.helping.claims.act(conversation, compute)
    except NoConversation:
        raise Refusal(404, "no_conversation") from None
    except LookupError:  # another filing is being worked on by now
        raise Refusal(404, "not_found") from None
    return done(visit, conversation, "materials.judged")


@router.post("/conversations/{conversation}/materials/export")
async def export(
    conversation: str,
    visit: Annotated[Visit, may(Action.EXPORT_PAPERS)],
    reason: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """All accepted papers of the filing as one ZIP, for the provider's console."""
    reason = reason.strip()
    if not reason:
        raise Refusal(422, "reveal_reason")
    opened = await found(visit, conversation)
    filing = opened.overview.filing
    if filing is None:
        raise Refusal(409, "no_filing_yet")
    papers = paper_overview(opened.case, filing, visit.now, visit.parts.world, visit.locale)
    _refuse_while_erasing(opened)
    count = sum(len(one.accepted) for one in papers)
    if not count:
        raise Refusal(409, "no_papers_accepted")
    await visit.record(Deed.PAPERS_EXPORTED, f"filing:{filing}", count=str(count), reason=reason)
    files = visit.parts.helping.files
    return StreamingResponse(
        accepted_as_zip(filing, papers, files, visit.now),
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="materials-{filing}.zip"'},
    )


def _refuse_while_erasing(opened: Opened) -> None:
    """Nothing is sent on whose owner wants it deleted."""
    if (erasing := opened.case.erasing) is not None:
        raise Refusal(409, "erasing", at=moment(erasing.due_at))


def _piece(opened: Opened, material: str) -> Material:
    """The piece of the active filing that is meant. Raises Refusal."""
    filing = opened.case.filing
    removed = {one.material for one in filing.verdicts if one.code == REMOVED} if filing else set()
    for one in filing.materials if filing is not None else ():
        if one.id == material and one.id not in removed:
            return one
    raise Refusal(404, "not_found")
