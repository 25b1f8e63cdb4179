"""A file as an answer that a browser saves and never opens in our own origin."""

from collections.abc import AsyncIterator
from urllib.parse import quote

from fastapi.responses import Response, StreamingResponse

from bot.file_names import harmless_name


def download(name: str, content: bytes) -> Response:
    """The file under its name, whatever it holds."""
    return Response(content, media_type="application/octet-stream", headers=_saved_as(name))


def streamed(name: str, parts: AsyncIterator[bytes]) -> Response:
    """The same of a file that is made while it is sent."""
    return StreamingResponse(parts, media_type="application/octet-stream", headers=_saved_as(name))


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(harmless_name(name))}"}
