"""What the desk says when it cannot do something: one sentence with its cure.

Exception
├── Refusal        status, code and the parameters of its wording ``refusal.<code>``
├── LoggedOut      nobody is logged in: to the login page, or 401 for a script
└── StepDue        something comes first: to its page, or 403 for a script
"""

from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from desk.config import BASE
from desk.language import locale_of
from desk.parts import Desk
from desk.permissions import NotAllowed

_CODES = {404: "not_found", 405: "wrong_method", 413: "too_large"}


class Refusal(Exception):
    """A request refused. ``code`` names the wording ``refusal.<code>``."""

    def __init__(self, status: int, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.params = params


class LoggedOut(Exception):
    """Nobody is logged in."""


class StepDue(Exception):
    """The person must do something at ``way`` first; ``refusal.<code>`` says what."""

    def __init__(self, way: str, code: str) -> None:
        super().__init__(code)
        self.way = way
        self.code = code


def wants_json(request: Request) -> bool:
    """Whether a script asks, not a person following a link or sending a form."""
    accept = request.headers.get("accept", "")
    content = request.headers.get("content-type", "")
    return (
        "text/html" not in accept
        or content.startswith("application/json")
        or "x-csrf-token" in request.headers
    )


def answer(refusal: Refusal, request: Request, desk: Desk) -> Response:
    """The refusal in the reader's language: JSON for scripts, a page for people."""
    locale = locale_of(request)
    sentence = desk.texts.say(f"refusal.{refusal.code}", locale, **refusal.params)
    if wants_json(request):
        return JSONResponse({"error": sentence, "code": refusal.code}, refusal.status)
    return desk.templates.page("refusal.html", locale, refusal.status, sentence=sentence)


def add_handlers(app: FastAPI, desk: Desk) -> None:
    """Let the application answer refusals, and the framework's own, in words."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        response = answer(error, request, desk)
        if isinstance(wait := error.params.get("seconds"), int):
            response.headers["Retry-After"] = str(wait)
        return response

    async def logged_out(request: Request, error: Exception) -> Response:
        if wants_json(request):
            return answer(Refusal(401, "logged_out"), request, desk)
        return _first_to("/login", request)

    async def step_due(request: Request, error: Exception) -> Response:
        assert isinstance(error, StepDue)
        if wants_json(request):
            return answer(Refusal(403, error.code), request, desk)
        return _first_to(error.way, request)

    async def not_allowed(request: Request, error: Exception) -> Response:
        return answer(Refusal(403, "not_allowed"), request, desk)

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = _CODES.get(error.status_code, "bad_request")
        response = answer(Refusal(error.status_code, code), request, desk)
        response.headers.update(error.headers or {})
        return response

    async def unreadable(request: Request, error: Exception) -> Response:
        return answer(Refusal(422, "bad_request"), request, desk)

    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(LoggedOut, logged_out)
    app.add_exception_handler(StepDue, step_due)
    app.add_exception_handler(NotAllowed, not_allowed)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, unreadable)


def _first_to(way: str, request: Request) -> Response:
    """To a page of the desk, and from there back to the one that was asked for."""
    target = f"{BASE}{way}"
    if request.method == "GET":
        asked = f"{request.url.path}?{request.url.query}".rstrip("?")
        target += f"?next={quote(asked, safe='/')}"
    return RedirectResponse(target, 303)
