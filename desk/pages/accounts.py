"""Accounts of all staff, for admins."""

import re
from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.responses import Response

from desk.config import BASE
from desk.deeds import Deed, Draft
from desk.parts import Parts
from desk.passwords import hash_password, one_time_password
from desk.permissions import Action
from desk.refusals import Refusal
from desk.staff import Agent, Change, NameTaken, Role
from desk.visits import Visit, may
from desk.ways import way_back

router = APIRouter()
Manager = Annotated[Visit, may(Action.MANAGE_ACCOUNTS)]

_NAME: Final = re.compile(r"[\w.@-]{2,40}")


@router.get("/accounts")
async def everyone(visit: Manager) -> Response:
    """All accounts."""
    return visit.page("accounts.html", accounts=await visit.parts.agents.everyone())


@router.get("/accounts/new")
async def ask(visit: Manager) -> Response:
    """The form for a new account."""
    visit.require_proof()
    return _new_form(visit)


@router.post("/accounts/new")
async def add(
    visit: Manager,
    name: Annotated[str, Form(max_length=200)] = "",
    role: Annotated[Role, Form()] = Role.AGENT,
) -> Response:
    """Open an account; its first password is shown once."""
    visit.require_proof()
    name = name.strip()
    if not _NAME.fullmatch(name):
        return _new_form(visit, name, role, "no_such_form")
    password = one_time_password()
    hashed = await hash_password(password)
    try:
        await visit.parts.agents.add(
            name,
            role,
            hashed,
            visit.now,
            must_change=True,
            audit=_draft(visit, Deed.ACCOUNT_ADDED, name, role=role),
        )
    except NameTaken:
        return _new_form(visit, name, role, "no_free_name")
    return visit.page("one_time.html", name=name, password=password, is_new=True)


@router.get("/accounts/{account}")
async def show(account: str, visit: Manager) -> Response:
    """One account."""
    agent = await _agent(visit.parts, account)
    sessions = await visit.parts.sessions.of(agent.id)
    return visit.page(
        "one_account.html",
        account=agent,
        roles=list(Role),
        sessions=[one for one in sessions if not one.is_over(visit.now)],
    )


@router.post("/accounts/{account}/role")
async def set_role(
    account: str, visit: Manager, role: Annotated[Role, Form()] = Role.AGENT
) -> Response:
    """What the person may do, from now on."""
    visit.require_proof()
    agent = await _agent(visit.parts, account)
    if role is not Role.ADMIN:
        await _keep_an_admin(visit.parts, agent)
    draft = _draft(visit, Deed.ROLE_CHANGED, agent.name, old=agent.role, new=role)
    # A new role begins with a new login.
    change = Change(role=role, ends_sessions=True)
    await visit.parts.agents.change(agent.name, change, keep=visit.session.id, audit=draft)
    return visit.go(f"/accounts/{agent.id}", "accounts.role_set", name=agent.name)


@router.post("/accounts/{account}/disable")
async def disable(account: str, visit: Manager) -> Response:
    """Take access away; every login of the account ends at once."""
    visit.require_proof()
    agent = await _agent(visit.parts, account)
    await _keep_an_admin(visit.parts, agent)
    change = Change(disabled=True, ends_sessions=True)
    draft = _draft(visit, Deed.ACCOUNT_DISABLED, agent.name)
    await visit.parts.agents.change(agent.name, change, audit=draft)
    return visit.go(f"/accounts/{agent.id}", "accounts.disabled", name=agent.name)


@router.post("/accounts/{account}/enable")
async def enable(account: str, visit: Manager) -> Response:
    """Give access again."""
    visit.require_proof()
    agent = await _agent(visit.parts, account)
    draft = _draft(visit, Deed.ACCOUNT_ENABLED, agent.name)
    await visit.parts.agents.change(agent.name, Change(disabled=False), audit=draft)
    return visit.go(f"/accounts/{agent.id}", "accounts.enabled", name=agent.name)


@router.post("/accounts/{account}/password")
async def reset_password(account: str, visit: Manager) -> Response:
    """A password that must be changed at once, shown this one time."""
    visit.require_proof()
    agent = await _agent(visit.parts, account)
    password = one_time_password()
    change = Change(
        password_hash=await hash_password(password), must_change=True, ends_sessions=True
    )
    draft = _draft(visit, Deed.PASSWORD_RESET, agent.name)
    await visit.parts.agents.change(agent.name, change, keep=visit.session.id, audit=draft)
    return visit.page("one_time.html", name=agent.name, password=password, is_new=False)


@router.post("/accounts/{account}/factor/remove")
async def remove_factor(account: str, visit: Manager) -> Response:
    """For whoever lost phone and recovery codes; an admin sets up another at once."""
    visit.require_proof()
    agent = await _agent(visit.parts, account)
    await visit.parts.factors.remove(agent.id, _draft(visit, Deed.FACTOR_REMOVED, agent.name))
    await visit.parts.agents.change(agent.name, Change(ends_sessions=True), keep=visit.session.id)
    return visit.go(f"/accounts/{agent.id}", "accounts.factor_removed", name=agent.name)


@router.post("/accounts/{account}/sessions/end")
async def end_sessions(account: str, visit: Manager) -> Response:
    """Log the person out everywhere."""
    agent = await _agent(visit.parts, account)
    count = await visit.parts.sessions.end_all(agent.id, but=visit.session.id)
    await visit.record(Deed.SESSION_ENDED, f"account:{agent.name}", count=str(count))
    return visit.go(f"/accounts/{agent.id}", "accounts.sessions_ended", name=agent.name)


async def _whose(parts: Parts, path: Mapping[str, str]) -> str | None:
    found = await parts.sessions.find(path["session"])
    return None if found is None else found[1].id


@router.post("/sessions/{session}/end")
async def end_session(
    session: str,
    visit: Annotated[Visit, may(Action.END_SESSION, _whose)],
    back: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """End one login: one's own, or as an admin anybody's."""
    found = await visit.parts.sessions.find(session)
    if found is not None:
        await visit.parts.sessions.end(session)
        await visit.record(Deed.SESSION_ENDED, f"account:{found[1].name}", count="1")
    return visit.go(way_back(back or f"{BASE}/account").removeprefix(BASE), "account.ended")


async def _agent(parts: Parts, account: str) -> Agent:
    for one in await parts.agents.everyone():
        if one.id == account:
            return one
    raise Refusal(404, "not_found")


async def _keep_an_admin(parts: Parts, leaving: Agent) -> None:
    """Raise ``Refusal`` if nobody could manage accounts without this one."""
    others = [
        one
        for one in await parts.agents.everyone()
        if one.role is Role.ADMIN and not one.disabled and one.id != leaving.id
    ]
    if leaving.role is Role.ADMIN and not others:
        raise Refusal(409, "last_admin")


def _new_form(
    visit: Visit, name: str = "", role: Role = Role.AGENT, problem: str | None = None
) -> Response:
    return visit.page(
        "new_account.html",
        200 if problem is None else 422,
        name=name,
        role=role,
        roles=list(Role),
        problem=problem,
    )


def _draft(visit: Visit, deed: Deed, name: str, **detail: str) -> Draft:
    return Draft(visit.agent.name, deed, f"account:{name}", detail)
