"""A sentence shown once on the next page: which one, not its words, waits in a cookie."""

import base64
import json
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from desk.config import BASE
from desk.wording import Texts

COOKIE = "beian-flash"


@dataclass(frozen=True, slots=True)
class Flash:
    """A sentence and whether it tells of success (``good``) or of something amiss (``bad``)."""

    text: str
    tone: str


def put_flash(response: Response, key: str, params: dict[str, str | int]) -> None:
    """Let the next page show the text ``key``; one whose last part begins ``no_`` is bad news."""
    kept = base64.urlsafe_b64encode(json.dumps([key, params]).encode()).decode()
    response.set_cookie(COOKIE, kept, max_age=60, path=BASE, httponly=True, samesite="strict")


def take_flash(request: Request, texts: Texts, locale: str) -> Flash | None:
    """The sentence that waits; None for none, or a cookie that is not ours."""
    kept = request.cookies.get(COOKIE)
    if kept is None:
        return None
    try:
        key, params = json.loads(base64.urlsafe_b64decode(kept))
        text = texts.say(key, locale, **params)
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
    return Flash(text, "bad" if key.rpartition(".")[2].startswith("no_") else "good")
