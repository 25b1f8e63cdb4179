"""What is shown only on purpose: a masked value for a reason, a file an applicant sent."""

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Form
from starlette.responses import JSONResponse, Response

from desk.deeds import Deed
from desk.pages.conversation import found
from desk.permissions import Action
from desk.refusals import Refusal
from desk.visits import Visit, may
from dialogs.message import Identity

router = APIRouter()

SHOWN_FOR: Final = 60
"""Seconds a revealed value stays on the page."""

_PAGE: Final = 200


@router.post("/conversations/{conversation}/reveal")
async def reveal(
    conversation: str,
    visit: Annotated[Visit, may(Action.REVEAL)],
    step: Annotated[str, Form(max_length=100)],
    reason: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """A sensitive answer in full; who saw it, and why, is written down first."""
    reason = reason.strip()
    if not reason:
        raise Refusal(422, "reveal_reason")
    opened = await found(visit, conversation)
    line = next((one for one in opened.overview.lines if one.step == step), None)
    if line is None or not line.hidden or opened.overview.filing is None:
        raise Refusal(404, "not_found")
    about = f"filing:{opened.overview.filing}"
    await visit.record(Deed.VALUE_REVEALED, about, step=step, reason=reason)
    journey = opened.overview.standing.journey
    value = journey.values.get(step) or journey.proposals.get(step, "")
    flow = visit.parts.world.flows[opened.case.filings[opened.overview.filing].flow]
    ask = flow[step].ask
    shown = value if ask is None else ask.show(value, locale=visit.locale)
    return JSONResponse({"value": shown, "seconds": SHOWN_FOR})


@router.get("/conversations/{conversation}/files/{file}")
async def download(
    conversation: str, file: str, visit: Annotated[Visit, may(Action.REVEAL)]
) -> Response:
    """A file the applicant sent in this conversation: to be saved, never shown by the browser."""
    opened = await found(visit, conversation)
    if not await _was_sent(visit, opened.case.identity, file):
        raise Refusal(404, "not_found")
    filings = opened.case.filings.values()
    if any(piece.id == file for filing in filings for piece in filing.materials):
        raise Refusal(409, "paper_look")  # a reason is asked for there
    await visit.record(Deed.FILE_OPENED, f"conversation:{conversation}", file=file)
    try:
        kept = await visit.parts.helping.files.get(file)
    except LookupError:
        raise Refusal(404, "not_found") from None
    return Response(
        kept.content,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(kept.name)}"},
    )


async def _was_sent(visit: Visit, identity: Identity, file: str) -> bool:
    """Whether a line of the transcript brought this file."""
    before: int | None = None
    while True:
        lines = await visit.parts.helping.transcript.latest(identity, _PAGE, before)
        if any(one.file_id == file for line in lines for one in line.files):
            return True
        if len(lines) < _PAGE:
            return False
        before = lines[0].seq
