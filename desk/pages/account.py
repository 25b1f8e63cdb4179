"""One's own account: name shown to applicants, password, logins."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from desk.deeds import Deed, Draft
from desk.passwords import (
    ADVISED,
    LONGEST,
    SHORTEST,
    check_password,
    hash_password,
    weakness,
)
from desk.permissions import Action
from desk.staff import Change
from desk.steps import Step
from desk.visits import Visit, may

router = APIRouter()
_AT_PASSWORD = frozenset({Step.PASSWORD})
_LONGEST_NAME = 40


@router.get("/account")
async def show(visit: Annotated[Visit, may(Action.ENTER)]) -> Response:
    """The account."""
    sessions = await visit.parts.sessions.of(visit.agent.id)
    return visit.page(
        "account.html",
        sessions=[one for one in sessions if not one.is_over(visit.now)],
        here=visit.session.id,
        codes_left=await visit.parts.factors.codes_left(visit.agent.id),
    )


@router.post("/account/name")
async def rename(
    visit: Annotated[Visit, may(Action.ENTER)],
    display_name: Annotated[str, Form(max_length=_LONGEST_NAME)] = "",
) -> Response:
    """What applicants see instead of the login name."""
    shown = " ".join(display_name.split())
    if not shown.isprintable():
        return visit.go("/account", "account.no_name")
    named = Draft(
        visit.agent.name,
        Deed.DISPLAY_NAME_CHANGED,
        f"account:{visit.agent.name}",
        {"name": shown},
    )
    await visit.parts.agents.change(visit.agent.name, Change(display_name=shown), audit=named)
    return visit.go("/account", "account.named")


@router.post("/account/sessions/end")
async def end_others(visit: Annotated[Visit, may(Action.ENTER)]) -> Response:
    """Log out everywhere but here."""
    count = await visit.parts.sessions.end_all(visit.agent.id, but=visit.session.id)
    await visit.record(Deed.SESSION_ENDED, f"account:{visit.agent.name}", count=str(count))
    return visit.go("/account", "account.others_ended", count=count)


@router.get("/account/password")
async def ask_password(
    visit: Annotated[Visit, may(Action.ENTER, during=_AT_PASSWORD)],
) -> Response:
    """The form for a new password."""
    return _password_form(visit)


@router.post("/account/password")
async def change_password(
    visit: Annotated[Visit, may(Action.ENTER, during=_AT_PASSWORD)],
    password: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
    current: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """A new password; every other login of the account ends."""
    agent = visit.agent
    if not agent.must_change:
        visit.require_proof()
    found = await visit.parts.agents.login(agent.name)
    kept = None if found is None else found[1]
    if not agent.must_change and not (await check_password(current, kept)).is_right:
        return _password_form(visit, "no_current", status=422)
    problem = weakness(password, agent.name, agent.shown_as)
    if problem is None and password != again:
        problem = "differs"
    if problem is None and (await check_password(password, kept)).is_right:
        problem = "same"
    if problem is not None:
        return _password_form(visit, f"no_{problem}", status=422)
    change = Change(
        password_hash=await hash_password(password), must_change=False, ends_sessions=True
    )
    changed = Draft(agent.name, Deed.PASSWORD_CHANGED, f"account:{agent.name}")
    await visit.parts.agents.change(agent.name, change, keep=visit.session.id, audit=changed)
    return visit.go("/account", "account.password_changed")


def _password_form(visit: Visit, problem: str | None = None, status: int = 200) -> Response:
    return visit.page(
        "password.html",
        status,
        problem=problem,
        shortest=SHORTEST,
        advised=ADVISED,
        longest=LONGEST,
    )
