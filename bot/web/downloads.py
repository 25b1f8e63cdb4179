"""A file as an answer that a browser saves and never opens in our own origin."""

from urllib.parse import quote

from fastapi.responses import Response

from bot.file_names import harmless_name


def download(name: str, content: bytes) -> Response:
    """The file under its name, whatever it holds."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(harmless_name(name))}"}
    return Response(content, media_type="application/octet-stream", headers=headers)
