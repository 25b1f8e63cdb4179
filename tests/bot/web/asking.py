"""Short forms of requests the tests make often."""

from typing import Any
from uuid import uuid4

import httpx

MESSAGES = "/api/v1/chat/messages"
FILES = "/api/v1/chat/files"
TRANSCRIPT = "/api/v1/chat/transcript"
EVENTS = "/api/v1/chat/events"


async def say(client: httpx.AsyncClient, text: str, **more: Any) -> httpx.Response:
    """Send a text under a new id (or the one given)."""
    return await client.post(MESSAGES, json={"id": str(uuid4()), "text": text} | more)


async def press(client: httpx.AsyncClient, value: str, label: str) -> httpx.Response:
    """Press a button."""
    message = {"id": str(uuid4()), "button": value, "label": label}
    return await client.post(MESSAGES, json=message)


async def send_file(
    client: httpx.AsyncClient, content: bytes, name: str = "a.png", **headers: str
) -> httpx.Response:
    """Send a file; ``name`` as the browser writes it, percent-encoded."""
    given = {"X-Message-Id": str(uuid4()), "X-File-Name": name} | headers
    return await client.post(FILES, content=content, headers=given)
