"""What nobody foresaw in a web server: an apology, and a line in the log without a word said."""

from collections.abc import Callable
from traceback import extract_tb

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG = structlog.get_logger("beian.web")


class Mishaps:
    """Answers what nobody foresaw with an apology; the log gets its type and place only.

    The message of an exception may quote what a person typed, so it is not written down.
    """

    def __init__(self, app: ASGIApp, apology: Callable[[Request], Response]) -> None:
        self.app = app
        self.apology = apology

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve; see the class."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except ClientDisconnect:
            return  # nobody is left to answer
        except Exception as error:
            log_mishap(error, scope["path"])
            if not started:
                await self.apology(Request(scope))(scope, receive, send)


def log_mishap(error: Exception, path: str) -> None:
    """Write down what failed and where, without a word of what was said."""
    places = [
        f"{one.filename.rpartition('/')[2]}:{one.lineno}" for one in extract_tb(error.__traceback__)
    ]
    # Tokens stand in the path of secure forms.
    where = path if path.startswith("/api/") else f"/{path.split('/')[1]}"
    _LOG.error("request failed", path=where, error=type(error).__name__, at=places[::-1][:8])
