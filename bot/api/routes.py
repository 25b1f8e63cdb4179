"""The routes under ``/api/v1/filings``, and their description as OpenAPI."""

import math
import re
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from bot.api.filing_events import FilingEvents
from bot.api.models import EventIn, ProblemOut, Recorded, StageOut
from bot.api.problems import MEDIA_TYPE, ApiProblem, ProblemRoute
from bot.api.signing import Signatures
from bot.metrics import Metrics
from bot.pacing import Buckets, Rate
from bot.web.body import read_body
from bot.web.visit import network

RATE: Final = Rate(burst=120, per_second=20)
"""Calls of one network address, signed or not."""

_MAX_BODY = 16 * 1024  # bytes
_CALL = re.compile(r"[\x21-\x7e]{1,128}")
_ID: Final = re.compile(r"[0-9A-Za-z]{1,64}")
_HEADERS: Final[list[Any]] = [
    {
        "name": name,
        "in": "header",
        "required": True,
        "description": described,
        "schema": {"type": "string"},
        "example": example,
    }
    for name, described, example in (
        ("webhook-id", "Idempotency key: the same for every try.", "evt_2f9c"),
        ("webhook-timestamp", "Seconds since 1970; at most five minutes off.", "1795600000"),
        ("webhook-signature", "`v1,` and the HMAC-SHA256 in base64.", "v1,g0hM9SsE+OTPJTGt…"),
    )
]
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/EventIn"}}},
}


def _refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
    meanings = {
        401: "Not signed as it must be",
        404: "No such filing",
        409: "The webhook-id was used for another filing",
        413: "Too large",
        422: "The event cannot be taken",
        429: "Too many calls",
    }
    return {one: {"description": meanings[one], "content": content} for one in statuses}


def api_router(
    events: FilingEvents, signatures: Signatures, rates: Buckets, metrics: Metrics
) -> APIRouter:
    """The routes. Whoever does not sign learns nothing, not even whether a filing exists."""
    router = APIRouter(prefix="/api/v1", route_class=ProblemRoute)

    def refused(problem: ApiProblem) -> ApiProblem:
        metrics.refused("api", problem.code)
        return problem

    def slow_down(request: Request) -> None:
        if wait := rates.admit(network(request)):
            raise refused(ApiProblem(429, "too_fast", retry_after=math.ceil(wait)))

    def check_signed(request: Request, content: str) -> None:
        if not signatures.fit(request.headers, content):
            raise refused(ApiProblem(401, "unsigned"))

    @router.post(
        "/filings/{filing}/events",
        summary="Tell what happened to a filing",
        response_model=Recorded,
        responses=_refusals(401, 404, 409, 413, 422, 429),
        openapi_extra={"parameters": _HEADERS, "requestBody": _BODY},
    )
    async def tell(request: Request, filing: str) -> Response:
        """Recorded once for each `webhook-id`; a repeat gets the first answer.

        The applicant is told in their own chat. Events may come late, twice or out of order.
        """
        slow_down(request)
        content = await _text(request)
        check_signed(request, content)
        call = request.headers["webhook-id"]
        if not _CALL.fullmatch(call):
            raise refused(ApiProblem(422, "bad_id"))
        told = _told(content)
        if not _ID.fullmatch(filing):
            raise refused(ApiProblem(404, "no_filing"))
        return Response(await events.record(filing, call, told), media_type="application/json")

    @router.get(
        "/filings/{filing}",
        summary="Where a filing stands",
        responses=_refusals(401, 404, 429),
        openapi_extra={"parameters": _HEADERS},
    )
    async def stand(request: Request, filing: str) -> StageOut:
        """Signed too: what is signed is the path."""
        slow_down(request)
        check_signed(request, request.url.path)
        if not _ID.fullmatch(filing):
            raise refused(ApiProblem(404, "no_filing"))
        return await events.read(filing)

    described = describe(router)

    @router.get("/openapi.json", include_in_schema=False)
    async def openapi() -> JSONResponse:
        return JSONResponse(described)

    return router


def describe(router: APIRouter) -> dict[str, Any]:
    """The routes as OpenAPI 3.1."""
    described = get_openapi(
        title="Beian Assistant: filing events",
        version="1",
        summary="Tells the assistant what happened to a filing, and reads where it stands.",
        routes=router.routes,
    )
    schemas = described.setdefault("components", {}).setdefault("schemas", {})
    for model in (EventIn, ProblemOut):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    return described


async def _text(request: Request) -> str:
    body = await read_body(request, _MAX_BODY)
    try:
        return body.decode()
    except UnicodeDecodeError:
        return ""  # such a body is not what anybody signed


def _told(content: str) -> EventIn:
    try:
        return EventIn.model_validate_json(content)
    except ValidationError as error:
        found = error.errors(include_input=False, include_context=False, include_url=False)
        if any(one["type"] == "json_invalid" for one in found):
            raise ApiProblem(400, "not_json") from None
        errors = {".".join(map(str, one["loc"])) or "body": one["msg"] for one in found}
        raise ApiProblem(422, "bad_event", errors=errors) from None
