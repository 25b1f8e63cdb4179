"""Files an account cannot send, handed out by a signed address of the operator's own server."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from bot.attachments import Kept, content_of
from bot.file_names import harmless_name
from bot.wechat.texts import say
from bot.wechat.translate import CHANNEL
from dialogs.message import OutgoingFile
from dialogs.ports import Outbox

PATH: Final = "/wechat/files"
LIFE: Final = timedelta(hours=24)
"""How long an address opens its file; what it shows may be personal."""

_MAC: Final = 16  # bytes
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class FileLinks:
    """Addresses of files in messages. ``base`` is the server's own address."""

    def __init__(self, base: str, secret: str, clock: Callable[[], datetime]) -> None:
        self._base = base
        self._key = hashlib.sha256(b"beian wechat files\0" + secret.encode()).digest()
        self._clock = clock

    def to(self, outgoing_id: str, place: int) -> str:
        """The address of a message's file; of the same length whenever it is asked for."""
        until = int((self._clock() + LIFE).timestamp())
        said = f"{outgoing_id}.{place}.{until:x}"
        return f"{self._base}{PATH}/{said}.{self._mac(said)}"

    def read(self, token: str) -> tuple[str, int] | None:
        """The message and the file's place in it; None for a token that is forged or over."""
        said, _, mac = token.rpartition(".")
        if not hmac.compare_digest(mac.encode("utf-8", "replace"), self._mac(said).encode()):
            return None
        outgoing_id, place, until = said.rsplit(".", 2)
        if self._clock().timestamp() >= int(until, 16):
            return None
        return outgoing_id, int(place)

    def _mac(self, said: str) -> str:
        whole = hmac.digest(self._key, said.encode("utf-8", "replace"), hashlib.sha256)
        return base64.urlsafe_b64encode(whole[:_MAC]).rstrip(b"=").decode()


def file_router(
    links: FileLinks,
    outbox: Outbox,
    kept: Kept | None = None,
    count: Callable[[str], None] = lambda reason: None,
) -> APIRouter:
    """``GET /wechat/files/<token>``: the file as a download, 410 once it is over or gone."""
    router = APIRouter(prefix=PATH)

    @router.get("/{token}", include_in_schema=False)
    async def hand_out(token: str) -> Response:
        place = links.read(token)
        file = None if place is None else await _file(outbox, *place)
        if file is None:
            count("file_link")
            return _over()
        try:
            content = await content_of(file, kept=kept)
        except OSError:
            return _over()
        name = quote(harmless_name(file.name))
        return Response(
            content,
            media_type="application/octet-stream",
            headers={**_HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
        )

    return router


async def _file(outbox: Outbox, outgoing_id: str, place: int) -> OutgoingFile | None:
    outgoing = await outbox.find(outgoing_id)
    if outgoing is None or outgoing.reply is None or outgoing.identity.channel != CHANNEL:
        return None
    files = outgoing.reply.files
    return files[place] if place < len(files) else None


def _over() -> Response:
    text = f"{say('file_over', 'zh-CN')}\n{say('file_over', 'en')}\n"
    return Response(text, 410, headers=_HEADERS, media_type="text/plain; charset=utf-8")
