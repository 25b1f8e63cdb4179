"""What is looked at before any page: the host that is asked for, the size of what is sent."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.config import DeskConfig
from desk.door import Cookies

STRANGERS: Final = 64 * 1024
"""Bytes somebody may send who is not even pretending to be logged in."""

STAFF: Final = 25 * 2**20
"""Bytes of a form with a file."""


class KnownHosts:
    """Answers only to the public address's host, to addresses in numbers and to this machine.

    A foreign page whose host name was pointed at us would otherwise be of our own origin.
    """

    def __init__(self, app: ASGIApp, config: DeskConfig) -> None:
        self.app = app
        self.name = urlsplit(config.public_url or "").hostname

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve; see the class."""
        if scope["type"] == "http" and not self._knows(Request(scope).headers.get("host", "")):
            refusal = PlainTextResponse("Unknown host; see BEIAN_PUBLIC_URL, BEIAN_DESK_URL", 421)
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _knows(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in (self.name, "localhost") or _is_number(name)


class BodyLimit:
    """Takes no more than a form needs, and little from people without a session cookie."""

    def __init__(self, app: ASGIApp, config: DeskConfig) -> None:
        self.app = app
        self.cookie = Cookies(config.is_https).session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve; see the class."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        limit = STAFF if self.cookie in request.cookies else STRANGERS
        announced = request.headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced) > limit:
            await PlainTextResponse("Too large", 413)(scope, receive, send)
            return
        size = 0

        async def measured() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > limit:
                raise ValueError("more than announced or allowed")  # read as a form: 400
            return message

        await self.app(scope, measured, send)


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
