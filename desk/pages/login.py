"""Logging in and out."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.config import BASE
from desk.door import Cookies, refuse_forgery
from desk.language import COOKIE, locale_of
from desk.parts import Desk
from desk.passwords import check_password
from desk.permissions import Action
from desk.refusals import Refusal
from desk.sessions import Session, csrf_of, new_token, session_id
from desk.staff import Agent, Change
from desk.visits import Visit, anyone, may
from desk.ways import way_back
from desk.wording import LOCALES

router = APIRouter()
_YEAR = 365 * 24 * 3600  # seconds


@router.get("/login", dependencies=[anyone()])
async def show(request: Request, next: str = "") -> Response:  # noqa: A002 - the field's name
    """The login form."""
    return _form(request, next)


@router.post("/login", dependencies=[anyone()])
async def log_in(
    request: Request,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    next: Annotated[str, Form(max_length=2000)] = "",  # noqa: A002 - the field's name
) -> Response:
    """Check name and password; a session begins under a new token."""
    desk: Desk = request.app.state.desk
    cookies = Cookies(desk.parts.config.is_https)
    try:
        await refuse_forgery(request, desk.parts.config, request.cookies.get(cookies.door, ""))
    except Refusal as refusal:
        if refusal.code != "forged":
            raise
        return _form(request, next, name, "login.stale", 403)
    agent = await _proven(desk, name.strip(), password)
    if agent is None:
        return _form(request, next, name, "login.wrong", 401)
    token = await _begin(desk, request, agent)
    response = RedirectResponse(way_back(next), 303)
    cookies.put(response, cookies.session, token)
    cookies.drop(response, cookies.door)
    return response


@router.post("/logout")
async def log_out(visit: Annotated[Visit, may(Action.ENTER)]) -> Response:
    """End this session."""
    await visit.parts.sessions.end(visit.session.id)
    response = RedirectResponse(f"{BASE}/login", 303)
    cookies = Cookies(visit.parts.config.is_https)
    cookies.drop(response, cookies.session)
    return response


def _form(
    request: Request, following: str, name: str = "", problem: str | None = None, status: int = 200
) -> Response:
    desk: Desk = request.app.state.desk
    cookies = Cookies(desk.parts.config.is_https)
    knocking = cookies.knocking(request)
    locale = locale_of(request)
    response = desk.templates.page(
        "login.html",
        locale,
        status,
        csrf=csrf_of(knocking),
        following=way_back(following),
        name=name,
        problem=problem,
    )
    cookies.put(response, cookies.door, knocking)
    if request.query_params.get("lang") in LOCALES:
        response.set_cookie(COOKIE, locale, _YEAR, secure=cookies.is_https, samesite="lax")
    return response


async def _proven(desk: Desk, name: str, password: str) -> Agent | None:
    """Who has shown the right password, or None."""
    found = await desk.parts.agents.login(name)
    checked = await check_password(password, None if found is None else found[1])
    if found is None or not checked.is_right:
        return None
    agent = found[0]
    if checked.rehashed is not None:
        await desk.parts.agents.change(agent.name, Change(password_hash=checked.rehashed))
    return agent


async def _begin(desk: Desk, request: Request, agent: Agent) -> str:
    """Start a session; returns the token for the browser."""
    now = desk.parts.clock()
    token = new_token()
    session = Session(
        session_id(token),
        agent.id,
        now,
        now,
        now,
        request.client.host if request.client else "",
        request.headers.get("user-agent", "")[:200],
    )
    await desk.parts.sessions.begin(session)
    return token
