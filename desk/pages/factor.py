"""Setting up one's second factor: a QR code for an authenticator app, then recovery codes."""

import base64
import hashlib
import hmac
import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from desk.config import BASE
from desk.deeds import Deed, Draft
from desk.door import Cookies
from desk.factors import address_of, new_recovery_codes, qr_svg, recovery_digest, step_of
from desk.permissions import Action
from desk.staff import Change, Role
from desk.steps import Step
from desk.visits import Visit, may

router = APIRouter()
_AT_FACTOR = frozenset({Step.FACTOR})
Nonce = Annotated[str, Query(pattern=r"^[A-Za-z0-9_-]{22}$")]


@router.get("/account/factor")
async def show(visit: Annotated[Visit, may(Action.ENTER, during=_AT_FACTOR)]) -> Response:
    """A new secret as QR code and letters, and the form for its first code."""
    visit.require_proof()
    return _form(visit, secrets.token_urlsafe(16))


@router.get("/account/factor.svg")
async def picture(
    visit: Annotated[Visit, may(Action.ENTER, during=_AT_FACTOR)], nonce: Nonce
) -> Response:
    """The QR code."""
    visit.require_proof()
    address = address_of(_secret(visit, nonce), visit.agent.name, visit.say("base.desk"))
    return Response(qr_svg(address), media_type="image/svg+xml")


@router.post("/account/factor")
async def enrol(
    visit: Annotated[Visit, may(Action.ENTER, during=_AT_FACTOR)],
    nonce: Annotated[str, Form(pattern=r"^[A-Za-z0-9_-]{22}$")],
    code: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Take the first code: from now on one is asked for at every login."""
    visit.require_proof()
    agent = visit.agent
    secret = _secret(visit, nonce)
    step = step_of(secret, "".join(code.split()), visit.now)
    if step is None:
        return _form(visit, nonce, wrong=True)
    codes = new_recovery_codes()
    await visit.parts.factors.enrol(
        agent.id,
        secret,
        frozenset(map(recovery_digest, codes)),
        step,
        Draft(agent.name, Deed.FACTOR_ADDED, f"account:{agent.name}"),
    )
    # Logins made without the factor do not outlive its coming.
    await visit.parts.agents.change(agent.name, Change(ends_sessions=True), keep=visit.session.id)
    return visit.page("recovery.html", codes=codes)


@router.post("/account/factor/remove")
async def remove(visit: Annotated[Visit, may(Action.ENTER)]) -> Response:
    """Do without; admins cannot."""
    visit.require_proof()
    agent = visit.agent
    if agent.role is Role.ADMIN:
        return visit.go("/account", "account.no_without_factor")
    removed = Draft(agent.name, Deed.FACTOR_REMOVED, f"account:{agent.name}")
    await visit.parts.factors.remove(agent.id, removed)
    return RedirectResponse(f"{BASE}/account", 303)


def _secret(visit: Visit, nonce: str) -> str:
    """The secret this login is offered: it follows from the token, so no form can choose it."""
    cookie = Cookies(visit.parts.config.is_https).session
    token = visit.request.cookies[cookie]
    raw = hmac.digest(token.encode(), f"beian factor {nonce}".encode(), hashlib.sha256)
    return base64.b32encode(raw[:20]).decode()


def _form(visit: Visit, nonce: str, *, wrong: bool = False) -> Response:
    secret = _secret(visit, nonce)
    return visit.page(
        "factor.html",
        422 if wrong else 200,
        nonce=nonce,
        letters=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        wrong=wrong,
    )
