"""Files: taken from the page through the one door, and handed out to their owner."""

from typing import Annotated, Any
from urllib.parse import unquote
from uuid import UUID

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response

from bot.attachments import Kept, content_of
from bot.letters.handing import LetterDesk
from bot.privacy.copies import Copies
from bot.privacy.errors import TooManyCopies
from bot.state import reply_as_data
from bot.web.body import read_body
from bot.web.chat import Chat
from bot.web.downloads import download, streamed
from bot.web.entries import entries_after, entry_as_data
from bot.web.ports import Receives
from bot.web.problems import Problem
from bot.web.talking import talk
from bot.web.texts import LOCALES
from dialogs.message import Identity, Inbound

_COST = 5.0  # a file counts as so many messages


def file_router(
    chat: Chat,
    receiver: Receives,
    kept: Kept | None = None,
    letters: LetterDesk | None = None,
    copies: Copies | None = None,
) -> APIRouter:
    """The routes of files.

    A file is the bare body, so it is never written to a temporary file on its way in; its
    name stands in a header, because addresses end up in logs.
    """
    router = APIRouter(prefix="/api/v1/chat/files")

    @router.post("")
    async def receive(
        request: Request,
        x_message_id: Annotated[str, Header()] = "",
        x_file_name: Annotated[str, Header()] = "",
        x_after: Annotated[int, Header(ge=0)] = 0,
        x_locale: Annotated[str | None, Header()] = None,
    ) -> dict[str, Any]:
        identity = chat.door.writer(request, _COST)
        message_id = _message_id(x_message_id)
        content = await read_body(request, chat.config.max_file)
        name = unquote(x_file_name)
        taken = await receiver.take(chat.assistant, identity, name, content)
        handled = await talk(
            chat.assistant,
            chat.door.metrics,
            Inbound(
                identity,
                message_id,
                chat.assistant.clock(),
                files=taken,
                locale=x_locale if x_locale in LOCALES else None,
            ),
        )
        entries = await entries_after(chat.transcript, identity, x_after)
        return {
            "seq": entries[-1].seq if entries else x_after,
            "owner": await chat.transcript.owner(identity),
            "kept": sum(bool(file.file_id) for file in taken),
            "replies": [reply_as_data(reply) for reply in handled.replies],
            "entries": [entry_as_data(entry) for entry in entries],
        }

    @router.get("/{seq}/{number}")
    async def hand_out(request: Request, seq: int, number: int, dark: bool = False) -> Response:
        identity = chat.door.reader(request)
        if seq < 1 or number < 0:
            raise Problem(404, "not_found")
        found = await chat.transcript.since(identity, seq - 1, 1)
        said = found[0].said if found and found[0].seq == seq else None
        if said is None or number >= len(said.files):
            raise Problem(404, "not_found")
        file = said.files[number]
        if file.is_copy:
            return await copy(identity, file.name)
        try:
            theirs = letters.of(identity) if letters is not None else None
            content = await content_of(file, dark=dark, kept=kept, letters=theirs)
        except OSError:
            raise Problem(410, "file_gone") from None
        if file.picture is not None:  # drawn by us: it never changes, and only pixels are in it
            forever = {"Cache-Control": "private, max-age=31536000, immutable"}
            return Response(content, media_type="image/png", headers=forever)
        # Always as a download: nothing else we hand out opens in our own origin.
        return download(file.name, content)

    async def copy(identity: Identity, name: str) -> Response:
        """A copy of all that is kept of whoever holds the cookie."""
        if copies is None:
            raise Problem(410, "file_gone")
        try:
            case = await copies.begin(identity)
        except TooManyCopies as many:
            raise Problem(429, "too_fast", retry_after=int(many.wait.total_seconds()) + 1) from None
        except LookupError:
            raise Problem(410, "file_gone") from None
        return streamed(name, copies.parts(case))

    return router


def _message_id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise Problem(422, "bad_message", fields="X-Message-Id") from None
