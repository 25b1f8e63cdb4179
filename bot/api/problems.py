"""Refusals of the API as problem details (RFC 9457): what is wrong, and an example of right.

Exception
└── ApiProblem      status and code; the code names the sentence
"""

from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.web.problems import Problem

MEDIA_TYPE: Final = "application/problem+json"

DETAILS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unsigned": "The signature is missing, wrong or older than five minutes. Sign "
        "'{webhook-id}.{webhook-timestamp}.{content}' as docs/api.md shows; the content is the "
        "body of a POST and the path of a GET.",
        "no_filing": "There is no such filing.",
        "not_json": 'The body is not JSON. Send for example {"type": "first_review_passed"}.',
        "bad_event": "The event cannot be taken; 'errors' says which field and why.",
        "bad_id": "webhook-id must be 1 to 128 printable characters without blanks.",
        "other_call": "This webhook-id was used for another filing. Use a new one for each event.",
        "too_large": "The body is too large; an event has at most 16 KiB.",
        "too_fast": "Too many requests; wait as Retry-After says.",
        "failed": "The event could not be recorded. Send it again with the same webhook-id.",
    }
)


class ApiProblem(Exception):
    """A call refused. ``errors`` names wrong fields, each with what is wrong."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        errors: Mapping[str, str] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.errors = errors or {}
        self.retry_after = retry_after


def answer(problem: ApiProblem) -> Response:
    """The problem as a response."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "code": problem.code,
        "detail": DETAILS[problem.code],
    }
    if problem.errors:
        body["errors"] = [{"field": name, "message": why} for name, why in problem.errors.items()]
    wait = problem.retry_after
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return JSONResponse(body, problem.status, headers, media_type=MEDIA_TYPE)


class ProblemRoute(APIRoute):
    """A route whose refusals are problem details."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See ``APIRoute``."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except ApiProblem as problem:
                return answer(problem)
            except Problem as problem:  # of what the web channel lends
                return answer(ApiProblem(problem.status, problem.code))

        return handled
