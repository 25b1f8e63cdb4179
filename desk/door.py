"""Cookies and the refusal of requests that other sites make a browser send."""

import hmac
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from desk.config import DeskConfig
from desk.refusals import Refusal
from desk.sessions import csrf_of, new_token

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER: Final = "x-csrf-token"
CSRF_FIELD: Final = "csrf"


@dataclass(frozen=True, slots=True)
class Cookies:
    """The desk's cookies: who is logged in, and who is about to."""

    is_https: bool

    @property
    def session(self) -> str:
        """Name of the session's cookie; over HTTPS bound to this very host."""
        return self._name("beian-desk")

    @property
    def door(self) -> str:
        """Name of the login form's cookie."""
        return self._name("beian-door")

    @property
    def oidc(self) -> str:
        """Name of the cookie of whoever is at the OpenID Connect server."""
        return self._name("beian-oidc")

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self.is_https else name

    def put(self, response: Response, name: str, value: str) -> None:
        """Give the browser a cookie for as long as it is open.

        ``lax``, for a link in an alert shall open the desk; what changes something is guarded by
        ``refuse_forgery``.
        """
        response.set_cookie(
            name, value, path="/", secure=self.is_https, httponly=True, samesite="lax"
        )

    def drop(self, response: Response, name: str) -> None:
        """Take a cookie back."""
        response.delete_cookie(name, path="/", secure=self.is_https, httponly=True, samesite="lax")

    def knocking(self, request: Request) -> str:
        """The token of whoever stands before the login form, new for a newcomer."""
        return request.cookies.get(self.door) or new_token()


async def refuse_forgery(request: Request, config: DeskConfig, token: str) -> None:
    """Raise ``Refusal`` unless one of our own pages, given to this browser, sent this.

    Both must hold: the browser does not say that the request comes from elsewhere, and it
    carries what only the holder of the cookie ``token`` could have read from our page, as header
    ``X-CSRF-Token`` or form field ``csrf``.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    ours = {request.headers.get("host", "")}
    if config.public_url is not None:
        ours.add(urlsplit(config.public_url).netloc)
    elsewhere = (
        site != "same-origin"
        if site is not None
        else origin is not None and urlsplit(origin).netloc not in ours
    )
    if elsewhere:
        raise Refusal(403, "other_site")
    shown = request.headers.get(CSRF_HEADER)
    if shown is None:
        shown = str((await request.form()).get(CSRF_FIELD, ""))
    if not hmac.compare_digest(shown.encode(), csrf_of(token).encode()):
        raise Refusal(403, "forged")
