"""How the applicants' pages' headers differ, and the refusal of requests other sites make us."""

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from bot.web.problems import Problem
from desk.headers import content_security_policy

OWN_HEADERS: Final = {
    "Content-Security-Policy": content_security_policy(images="'self' blob: data:"),
    "Referrer-Policy": "no-referrer",
}


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
