"""What is said when a request cannot be served: one sentence with its cure, never a traceback.

Exception
└── Problem      status, code and the parameters of its wording
"""

import math

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.web.texts import Texts

_CODES = {
    404: "not_found",
    405: "wrong_method",
    413: "too_large",
    415: "wrong_type",
}


class Problem(Exception):
    """A request refused. ``code`` names the wording ``problem.<code>``."""

    def __init__(
        self, status: int, code: str, *, retry_after: float | None = None, **params: str | int
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.retry_after = None if retry_after is None else max(1, math.ceil(retry_after))
        self.params = params


def answer(problem: Problem, request: Request, texts: Texts) -> Response:
    """The problem as JSON in the reader's language."""
    params = dict(problem.params)
    body: dict[str, str | int] = {"code": problem.code}
    headers = {}
    if problem.retry_after is not None:
        params["seconds"] = body["retry_after"] = problem.retry_after
        headers["Retry-After"] = str(problem.retry_after)
    locale = texts.locale_of(request)
    sentence = texts.say(f"problem.{problem.code}", locale, **params)
    return JSONResponse({"error": sentence, **body}, problem.status, headers)


def add_handlers(app: FastAPI, texts: Texts) -> None:
    """Let the application answer problems, and the framework's own refusals, in words."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return answer(error, request, texts)

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = _CODES.get(error.status_code, "bad_request")
        response = answer(Problem(error.status_code, code), request, texts)
        response.headers.update(error.headers or {})
        return response

    async def unreadable(request: Request, error: Exception) -> Response:
        return answer(Problem(422, "bad_request"), request, texts)

    app.add_exception_handler(Problem, refused)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, unreadable)
