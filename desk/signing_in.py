"""Proving who one is: password, second factor, and the session that follows."""

from dataclasses import replace
from datetime import datetime, timedelta

from starlette.requests import Request

from desk.attempts import Quota, quotas_for
from desk.deeds import Deed, Draft
from desk.factors import recovery_digest, step_of
from desk.network import network_of
from desk.parts import Parts
from desk.passwords import check_password
from desk.refusals import Refusal
from desk.sessions import IDLE, LONGEST, Session, new_token, session_id
from desk.staff import Agent, Change


def address_of(request: Request) -> str:
    """The network address a request comes from."""
    return request.client.host if request.client else ""


async def prove_password(parts: Parts, request: Request, name: str, password: str) -> Agent | None:
    """Who has shown the right password; None if it was wrong, or nobody has that name.

    Raises ``Refusal`` 429 after too many failures of the address or under the name.
    """
    found = await parts.agents.login(name)
    quotas = quotas_for(network_of(address_of(request)), name)
    begun_at = await _begin_attempt(parts, quotas)
    checked = await check_password(password, None if found is None else found[1])
    if found is None or not checked.is_right:
        # What was typed as a name may be a password: only a known name is written down.
        about = "" if found is None else f"account:{found[0].name}"
        where = {"address": address_of(request)}
        await parts.audit.record(None, Deed.LOGIN_REFUSED, about, where)
        return None
    await parts.attempts.forgive(quotas, begun_at)
    if checked.rehashed is not None:
        await parts.agents.change(found[0].name, Change(password_hash=checked.rehashed))
    return found[0]


async def prove_code(parts: Parts, request: Request, agent: Agent, code: str) -> bool:
    """Whether this is a fresh one-time code of theirs, or an unused recovery code.

    Raises ``Refusal`` 429 after too many wrong ones.
    """
    quotas = quotas_for(network_of(address_of(request)), f"code of {agent.id}")
    begun_at = await _begin_attempt(parts, quotas)
    if not await _is_right(parts, agent, code.strip()):
        where = {"address": address_of(request), "factor": "code"}
        await parts.audit.record(None, Deed.LOGIN_REFUSED, f"account:{agent.name}", where)
        return False
    await parts.attempts.forgive(quotas, begun_at)
    return True


async def begin_session(
    parts: Parts, request: Request, agent: Agent, *, factor_due: bool, way: str = "password"
) -> str:
    """Start a session; returns the token for the browser. ``way`` is how they proved it."""
    now = parts.clock()
    token = new_token()
    session = Session(
        session_id(token),
        agent.id,
        begun_at=now,
        seen_at=now,
        proven_at=now,
        address=address_of(request),
        browser=request.headers.get("user-agent", "")[:200],
        factor_due=factor_due,
    )
    await parts.sessions.forget(now - IDLE, now - LONGEST)
    await parts.sessions.begin(session)
    if not factor_due:
        await note_login(parts, request, agent, way)
    return token


async def renew_session(parts: Parts, session: Session) -> str:
    """The same login under a new token, now that the person has proven more."""
    token = new_token()
    now = parts.clock()
    renewed = replace(session, id=session_id(token), seen_at=now, proven_at=now, factor_due=False)
    await parts.sessions.replace(session.id, renewed)
    return token


async def note_login(parts: Parts, request: Request, agent: Agent, way: str) -> None:
    """Write a completed login down."""
    detail = {"address": address_of(request), "by": way}
    await parts.audit.record(agent, Deed.LOGGED_IN, f"account:{agent.name}", detail)


async def _begin_attempt(parts: Parts, quotas: tuple[Quota, ...]) -> datetime:
    """Count an attempt; returns under which moment."""
    now = parts.clock()
    wait = await parts.attempts.begin(quotas, now)
    if wait is not None:
        raise Refusal(429, "too_many", seconds=max(1, round(wait / timedelta(seconds=1))))
    return now


async def _is_right(parts: Parts, agent: Agent, code: str) -> bool:
    secret = await parts.factors.secret(agent.id)
    if secret is None:
        return False
    step = step_of(secret, code, parts.clock())
    if step is not None:
        return await parts.factors.use_step(agent.id, step)
    used = Draft(agent.name, Deed.RECOVERY_CODE_USED, f"account:{agent.name}")
    return await parts.factors.use_recovery(agent.id, recovery_digest(code), used)
