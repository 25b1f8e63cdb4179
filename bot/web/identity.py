"""Who is there: a long random browser id in a cookie no script can read."""

import re
import secrets
from dataclasses import dataclass
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from dialogs.message import Identity

CHANNEL = "web"
_LIFE = 180 * 24 * 3600  # seconds
_ID = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class Visitors:
    """Reads and hands out browser ids.

    The cookie is all a visitor has to show, so what is stored and shown to staff is only its
    hash: a look at the database opens nobody's conversation.
    """

    is_https: bool

    @property
    def cookie(self) -> str:
        """The cookie's name; over HTTPS bound to this very host."""
        return "__Host-beian" if self.is_https else "beian"

    def known(self, request: Request) -> Identity | None:
        """Who sent the request, or None without a well-formed id."""
        browser = self._browser(request)
        if browser is None:
            return None
        return Identity(CHANNEL, sha256(browser.encode()).hexdigest()[:40])

    def welcome(self, request: Request, response: Response) -> None:
        """Give a new visitor an id, and a returning one another 180 days. Stores nothing."""
        response.set_cookie(
            self.cookie,
            self._browser(request) or secrets.token_urlsafe(24),  # 192 bits
            max_age=_LIFE,
            path="/",
            secure=self.is_https,
            httponly=True,
            samesite="lax",
        )

    def _browser(self, request: Request) -> str | None:
        value = request.cookies.get(self.cookie, "")
        return value if _ID.fullmatch(value) else None
