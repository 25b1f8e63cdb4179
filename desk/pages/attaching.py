"""Files that colleagues send to an applicant."""

import unicodedata
from typing import Annotated, Final
from urllib.parse import unquote

from fastapi import APIRouter, Header
from starlette.requests import Request
from starlette.responses import Response

from desk.claims import ClaimLost, NoConversation
from desk.pages.conversation import found
from desk.pages.holding import done
from desk.permissions import Action
from desk.refusals import Refusal
from desk.visits import Visit, may
from dialogs.message import OutgoingFile

router = APIRouter()

_LONGEST_NAME: Final = 100
_MOST: Final = 20 * 2**20
"""Bytes the store of files takes."""


@router.post("/conversations/{conversation}/attach")
async def attach(
    conversation: str,
    visit: Annotated[Visit, may(Action.SAY)],
    x_file_name: Annotated[str, Header(max_length=2000)] = "",
) -> Response:
    """Send the request's body as a file.

    It is the bare body, so that it is never written to a temporary file; its name stands in a
    header, because addresses end up in logs.
    """
    opened = await found(visit, conversation)
    if not opened.is_mine(visit.agent):
        raise Refusal(409, "say_claim_lost")
    content = await _body(visit.request, min(_MOST, opened.allowance.file))
    name = _harmless(unquote(x_file_name))
    text = f"📎 {name}"
    refused = opened.allowance.refusal(text, (len(content),), visit.now)
    if refused is not None:
        raise Refusal(409, f"say_{refused.code}", **dict(refused.params or {}))
    identity = opened.case.identity
    kept = await visit.parts.helping.files.put(identity, name, "application/octet-stream", content)
    try:
        await visit.parts.helping.claims.say(
            visit.agent.colleague, conversation, text, (OutgoingFile(name, kept=kept),)
        )
    except ClaimLost:
        raise Refusal(409, "say_claim_lost") from None
    except NoConversation:
        raise Refusal(404, "no_conversation") from None
    return done(visit, conversation)


async def _body(request: Request, limit: int) -> bytes:
    """The body, no further than it may go. Raises Refusal."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise Refusal(413, "say_file_too_big", max=limit // 1_000_000)
        parts.append(part)
    if not size:
        raise Refusal(422, "say_empty")
    return b"".join(parts)


def _harmless(name: str) -> str:
    """A file name without folders and invisible characters, never empty."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(one for one in last if unicodedata.category(one)[0] != "C").strip(". ")
    return visible[-_LONGEST_NAME:] or "file"
