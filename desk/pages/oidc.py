"""Signing in at the provider's own OpenID Connect server."""

import json
import secrets
from typing import Annotated

import structlog
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.config import BASE
from desk.deeds import CONSOLE, Deed, Draft
from desk.door import Cookies
from desk.oidc import Arrival, Departure, OidcRefused, OidcServer, new_departure
from desk.pages.login import admit, login_form
from desk.parts import Desk, Parts
from desk.passwords import hash_password
from desk.refusals import Refusal
from desk.staff import Agent, Change, NameTaken, Role
from desk.visits import anyone

router = APIRouter()
_LOG = structlog.get_logger("beian.desk")
_MINUTES = 10 * 60  # seconds a sign-in may take


@router.get("/login/oidc", dependencies=[anyone()])
async def depart(request: Request, following: Annotated[str, Query(alias="next")] = "") -> Response:
    """Off to the server."""
    desk: Desk = request.app.state.desk
    server = _server(desk.parts)
    departure = new_departure()
    try:
        url = await server.address(departure, _callback(desk.parts))
    except OidcRefused as error:
        return _failed(request, following, error)
    response = RedirectResponse(url, 303)
    kept = json.dumps([departure.state, departure.nonce, departure.verifier, following[:500]])
    response.set_cookie(
        _cookie(desk.parts),
        kept.encode().hex(),
        max_age=_MINUTES,
        path="/",
        secure=desk.parts.config.is_https,
        httponly=True,
        samesite="lax",  # the server's own redirect must bring it back
    )
    return response


@router.get("/login/oidc/callback", dependencies=[anyone()])
async def arrive(
    request: Request,
    code: Annotated[str, Query(max_length=4000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Back from the server: in, if it vouches for somebody who may be here."""
    desk: Desk = request.app.state.desk
    parts = desk.parts
    server = _server(parts)
    following = ""
    try:
        departure, following = _departed(request, parts)
        try:
            arrival = await server.arrive(departure, _callback(parts), code, state)
        except OidcRefused:
            server.forget()  # before the next try, in case its keys have changed
            raise
        agent = await _account(parts, arrival)
    except OidcRefused as error:
        return _failed(request, following, error)
    response = await admit(
        desk, request, agent, following, factor_shown=arrival.has_second_factor, way="oidc"
    )
    Cookies(parts.config.is_https).drop(response, _cookie(parts))
    return response


def _server(parts: Parts) -> OidcServer:
    if parts.oidc is None:
        raise Refusal(404, "not_found")
    return parts.oidc


def _callback(parts: Parts) -> str:
    return f"{parts.config.public_url or ''}{BASE}/login/oidc/callback"


def _cookie(parts: Parts) -> str:
    return Cookies(parts.config.is_https).oidc


def _departed(request: Request, parts: Parts) -> tuple[Departure, str]:
    """What was remembered when this browser left."""
    try:
        kept = json.loads(bytes.fromhex(request.cookies.get(_cookie(parts), "")))
        state, nonce, verifier, following = (str(one) for one in kept)
    except (ValueError, TypeError):
        raise OidcRefused("this browser did not begin the sign-in") from None
    return Departure(state, nonce, verifier), following


async def _account(parts: Parts, arrival: Arrival) -> Agent:
    """The person's account. Raises ``OidcRefused`` if they have none and get none."""
    agent = await parts.agents.of_subject(arrival.subject)
    if agent is None:
        agent = await _bound(parts, arrival)
    if arrival.role is not None and arrival.role is not agent.role:
        draft = _by_server(Deed.ROLE_CHANGED, agent.name, old=agent.role, new=arrival.role)
        await parts.agents.change(agent.name, Change(role=arrival.role), audit=draft)
    return await _reread(parts, arrival)


async def _bound(parts: Parts, arrival: Arrival) -> Agent:
    """The account of that name, bound to this person from now on; made if a claim gives a role."""
    everyone = {one.name: one for one in await parts.agents.everyone()}
    found = everyone.get(arrival.name)
    if found is None:
        if arrival.role is None:
            raise OidcRefused("there is no account of that name")
        found = await _made(parts, arrival.name, arrival.role)
    if found.disabled:
        raise OidcRefused("the account is disabled")
    bound = await parts.agents.bind(found.name, arrival.subject)
    if not bound:
        raise OidcRefused("the account belongs to another person of the server")
    return found


async def _made(parts: Parts, name: str, role: Role) -> Agent:
    nobodys = await hash_password(secrets.token_urlsafe(32))
    draft = _by_server(Deed.ACCOUNT_ADDED, name, role=role)
    try:
        return await parts.agents.add(name, role, nobodys, parts.clock(), audit=draft)
    except NameTaken:
        raise OidcRefused("the account was made a moment ago, try again") from None


async def _reread(parts: Parts, arrival: Arrival) -> Agent:
    agent = await parts.agents.of_subject(arrival.subject)
    if agent is None:
        raise OidcRefused("the account is disabled")
    return agent


def _by_server(deed: Deed, name: str, **detail: str) -> Draft:
    return Draft(CONSOLE, deed, f"account:{name}", {"by": "oidc", **detail})


def _failed(request: Request, following: str, error: OidcRefused) -> Response:
    _LOG.warning("sign-in by OpenID Connect refused", why=str(error))
    return login_form(request, following, refusal=Refusal(401, "no_oidc"))
