"""Logging in and out: password first, then the second factor of those who have one."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.config import BASE
from desk.deeds import Deed
from desk.door import Cookies, refuse_forgery
from desk.language import COOKIE, locale_of
from desk.parts import Desk
from desk.permissions import Action
from desk.refusals import Refusal
from desk.sessions import csrf_of, session_id
from desk.signing_in import (
    begin_session,
    note_login,
    prove_code,
    prove_password,
    renew_session,
)
from desk.staff import Agent
from desk.steps import Step
from desk.visits import ALWAYS, Visit, anyone, may
from desk.ways import way_back
from desk.wording import LOCALES

router = APIRouter()
_YEAR = 365 * 24 * 3600  # seconds
_AT_CODE = frozenset({Step.CODE})

Next = Annotated[str, Form(alias="next", max_length=2000)]


@router.get("/login", dependencies=[anyone()])
async def show(request: Request) -> Response:
    """The login form."""
    return login_form(request, request.query_params.get("next", ""))


@router.post("/login", dependencies=[anyone()])
async def log_in(
    request: Request,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    following: Next = "",
) -> Response:
    """Check name and password; a session begins under a new token."""
    desk: Desk = request.app.state.desk
    cookies = Cookies(desk.parts.config.is_https)
    try:
        await refuse_forgery(request, desk.parts.config, request.cookies.get(cookies.door, ""))
        agent = await prove_password(desk.parts, request, name.strip(), password)
    except Refusal as refusal:
        if refusal.code not in ("forged", "too_many"):
            raise
        return login_form(request, following, name, refusal)
    if agent is None:
        return login_form(request, following, name, Refusal(401, "wrong_login"))
    return await admit(desk, request, agent, following)


@router.get("/login/code")
async def ask_code(visit: Annotated[Visit, may(Action.ENTER, during=_AT_CODE)]) -> Response:
    """The form for the second factor."""
    return _code_form(visit, visit.request.query_params.get("next", ""))


@router.post("/login/code")
async def take_code(
    visit: Annotated[Visit, may(Action.ENTER, during=_AT_CODE)],
    code: Annotated[str, Form(max_length=100)] = "",
    following: Next = "",
) -> Response:
    """Check the code; the session goes on under a new token."""
    if not visit.session.factor_due:
        return RedirectResponse(way_back(following), 303)
    try:
        is_right = await prove_code(visit.parts, visit.request, visit.agent, code)
    except Refusal as refusal:
        return _code_form(visit, following, refusal)
    if not is_right:
        return _code_form(visit, following, Refusal(401, "wrong_code"))
    token = await renew_session(visit.parts, visit.session)
    await note_login(visit.parts, visit.request, visit.agent, "password and code")
    response = RedirectResponse(way_back(following), 303)
    cookies = Cookies(visit.parts.config.is_https)
    cookies.put(response, cookies.session, token)
    return response


@router.post("/logout")
async def log_out(visit: Annotated[Visit, may(Action.ENTER, during=ALWAYS)]) -> Response:
    """End this session."""
    await visit.parts.sessions.end(visit.session.id)
    await visit.record(Deed.LOGGED_OUT, f"account:{visit.agent.name}")
    response = RedirectResponse(f"{BASE}/login", 303)
    cookies = Cookies(visit.parts.config.is_https)
    cookies.drop(response, cookies.session)
    return response


async def admit(
    desk: Desk,
    request: Request,
    agent: Agent,
    following: str,
    *,
    factor_shown: bool = False,
    way: str = "password",
) -> Response:
    """On to the desk, or to the second factor, with a new session."""
    factor_due = agent.has_factor and not factor_shown
    # Whoever logs in anew leaves the login they had.
    cookies = Cookies(desk.parts.config.is_https)
    if earlier := request.cookies.get(cookies.session):
        await desk.parts.sessions.end(session_id(earlier))
    token = await begin_session(desk.parts, request, agent, factor_due=factor_due, way=way)
    target = way_back(following)
    if factor_due:
        target = f"{BASE}/login/code?next={quote(target, safe='/')}"
    response = RedirectResponse(target, 303)
    cookies.put(response, cookies.session, token)
    cookies.drop(response, cookies.door)
    return response


def login_form(
    request: Request, following: str, name: str = "", refusal: Refusal | None = None
) -> Response:
    """The login form, with what went wrong."""
    desk: Desk = request.app.state.desk
    cookies = Cookies(desk.parts.config.is_https)
    knocking = cookies.knocking(request)
    locale = locale_of(request)
    response = desk.templates.page(
        "login.html",
        locale,
        200 if refusal is None else refusal.status,
        csrf=csrf_of(knocking),
        following=way_back(following),
        name=name,
        refusal=refusal,
        oidc=None if desk.parts.oidc is None else desk.parts.oidc.config.label,
    )
    cookies.put(response, cookies.door, knocking)
    if request.query_params.get("lang") in LOCALES:
        response.set_cookie(COOKIE, locale, _YEAR, secure=cookies.is_https, samesite="lax")
    return response


def _code_form(visit: Visit, following: str, refusal: Refusal | None = None) -> Response:
    status = 200 if refusal is None else refusal.status
    return visit.page("code.html", status, following=way_back(following), refusal=refusal)
