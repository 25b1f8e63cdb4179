"""Asking for the password again before accounts or factors are changed."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from desk.door import Cookies
from desk.permissions import Action
from desk.refusals import Refusal
from desk.signing_in import prove_code, prove_password, renew_session
from desk.steps import Step
from desk.visits import Visit, may
from desk.ways import way_back

router = APIRouter()
_EARLY = frozenset({Step.PASSWORD, Step.FACTOR})


@router.get("/prove")
async def ask(visit: Annotated[Visit, may(Action.ENTER, during=_EARLY)]) -> Response:
    """The form."""
    return _form(visit, visit.request.query_params.get("next", ""))


@router.post("/prove")
async def take(
    visit: Annotated[Visit, may(Action.ENTER, during=_EARLY)],
    password: Annotated[str, Form(max_length=1000)] = "",
    code: Annotated[str, Form(max_length=100)] = "",
    following: Annotated[str, Form(alias="next", max_length=2000)] = "",
) -> Response:
    """Check both; the session goes on under a new token."""
    parts, request, agent = visit.parts, visit.request, visit.agent
    try:
        is_right = await prove_password(parts, request, agent.name, password) is not None
        if is_right and agent.has_factor:
            is_right = await prove_code(parts, request, agent, code)
    except Refusal as refusal:
        return _form(visit, following, refusal)
    if not is_right:
        return _form(visit, following, Refusal(422, "wrong_proof"))
    token = await renew_session(parts, visit.session)
    response = RedirectResponse(way_back(following), 303)
    cookies = Cookies(parts.config.is_https)
    cookies.put(response, cookies.session, token)
    return response


def _form(visit: Visit, following: str, refusal: Refusal | None = None) -> Response:
    status = 200 if refusal is None else refusal.status
    oidc = None if visit.parts.oidc is None else visit.parts.oidc.config.label
    return visit.page(
        "prove.html", status, following=way_back(following), refusal=refusal, oidc=oidc
    )
