"""Headers every response carries, and the refusal of requests other sites make us."""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.problems import Problem

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
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
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not read frame-ancestors
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


class SecurityHeaders:
    """Adds the headers to every response; one a route has set itself stays."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self.app = app
        self.headers = tuple(_HEADERS.items()) + ((_TRANSPORT,) if is_https else ())

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


def refuse_other_sites(request: Request, public_url: str | None) -> None:
    """Raise Problem 403 if a page of another site made the browser send this.

    Browsers say where a request comes from by Sec-Fetch-Site (on HTTPS and on one's own
    machine), or by Origin. A client that sends neither is no browser and holds no one's cookie.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site != "same-origin":
            raise Problem(403, "other_site")
        return
    origin = request.headers.get("origin")
    if origin is None:
        return
    ours = {request.headers.get("host", "")}
    if public_url is not None:
        ours.add(urlsplit(public_url).netloc)
    if urlsplit(origin).netloc not in ours:
        raise Problem(403, "other_site")


def refuse_cross_site_form(request: Request) -> None:
    """The same for the secure form, whose address is itself the secret a forger lacks.

    A page without referrer posts its form with ``Origin: null``, so only a plain statement
    of another site counts here.
    """
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise Problem(403, "other_site")
