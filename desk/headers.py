"""Headers that every answer of a web server carries: the desk's, and the applicants' pages'."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def content_security_policy(images: str = "'self' blob:") -> str:
    """Everything from here alone, no inline script or style; ``images`` may come from more."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {images}",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


_HEADERS = {
    "Content-Security-Policy": content_security_policy(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not read frame-ancestors
    # Not no-referrer: browsers would send our own forms with "Origin: null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


class SecurityHeaders:
    """Adds the headers to every answer; one a route has set itself stays.

    ``own`` are those in which a server differs from the desk.
    """

    def __init__(
        self, app: ASGIApp, *, is_https: bool, own: Mapping[str, str] | None = None
    ) -> None:
        self.app = app
        headers = {**_HEADERS, **(own or {})}
        self.headers = tuple(headers.items()) + ((_TRANSPORT,) if is_https else ())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve; see the class."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers:
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)
