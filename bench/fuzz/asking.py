"""Asking an ASGI application in this process, byte by byte as a server would hand it on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message

Headers = Sequence[tuple[bytes, bytes]]

PATIENCE: Final = 20.0
"""Seconds after which an answer counts as missing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer's status, and the beginning of its body."""

    status: int
    body: bytes


async def ask(
    app: ASGIApp,
    method: str,
    path: str,
    body: bytes = b"",
    query: bytes = b"",
    headers: Headers = (),
    *,
    streams: bool = False,
) -> Asked:
    """One request. ``path`` is decoded, as servers do. What the application raises goes on.

    Of an answer that ``streams`` only the beginning is waited for.
    """
    sent = False
    status: list[int] = []
    parts: list[bytes] = []
    begun = asyncio.Event()

    async def receive() -> Message:
        nonlocal sent
        if sent:
            await begun.wait()
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            status.append(message["status"])
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))
            if streams or not message.get("more_body", False):
                begun.set()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("utf-8", "replace"),
        "query_string": query,
        "headers": list(headers),
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    async with asyncio.timeout(PATIENCE):
        await app(scope, receive, send)
    if not status:
        raise AssertionError("no answer")
    return Asked(status[0], b"".join(parts))
