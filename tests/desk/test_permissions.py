"""Every route, asked by every role for its own and another's object, answers as declared.

The cells are made from the application's own routes, so a new route is in the matrix without a
line here; one that declares nothing fails, and so does a path parameter whose objects nobody can
make (``tests/desk/objects.py``).
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.types import Message

from desk.app import create_desk
from desk.deeds import Draft
from desk.pages import ROUTERS
from desk.parts import Parts
from desk.permissions import LOWEST, Action
from desk.sessions import Session, csrf_of, session_id
from desk.staff import Agent, Change, Role
from desk.visits import Admission, Anyone
from dialogs.world import World
from storage.ports import Stores
from tests.bot.web.real import START
from tests.desk.making import new_desk
from tests.desk.objects import MAKERS

ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
NAMES = [f"{min(route.methods or ())} {route.path}" for route in ROUTES]
ROLES = ("anonymous", "disabled", *Role)


@dataclass(frozen=True, slots=True)
class Place:
    """A desk with what lies under it."""

    app: FastAPI
    parts: Parts
    stores: Stores


def declared(dependant: Dependant) -> Iterator[Admission | Anyone]:
    """What a route says about who may use it."""
    for one in dependant.dependencies:
        if isinstance(one.call, (Admission, Anyone)):
            yield one.call
        yield from declared(one)


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_every_route_declares_exactly_one_action_or_that_it_is_open(route: APIRoute) -> None:
    found = list(declared(route.dependant))
    assert len(found) == 1, "give it one visit: Annotated[Visit, may(Action.…)], or anyone()"
    [one] = found
    if isinstance(one, Admission):
        own, foreign = LOWEST[one.action]
        assert own == foreign or one.owner, "own and others' differ: say whose by owner="


def test_nothing_but_the_routers_and_static_files_is_served(parts: Parts) -> None:
    app = create_desk(parts)
    others = [one for one in app.routes if type(one).__name__ != "_IncludedRouter"]
    assert [getattr(one, "path", "?") for one in others] == ["/static"]


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_a_route_takes_one_method(route: APIRoute) -> None:
    assert route.methods in ({"GET"}, {"POST"}, {"DELETE"}), "one method a route"


def test_every_action_is_in_the_table_and_used_by_no_more_than_it_allows() -> None:
    assert LOWEST.keys() == set(Action)
    assert all(own.rank <= foreign.rank for own, foreign in LOWEST.values())


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
async def test_a_route_lets_in_whom_it_should_and_nobody_else(
    route: APIRoute, world: World
) -> None:
    [rule] = declared(route.dependant)
    cells = 0
    place = Place(*new_desk(world))
    if isinstance(rule, Anyone):
        assert await _ask(route, "anonymous", True, place) < 500
        return
    for role in ROLES:
        for own in (True, False):
            status = await _ask(route, role, own, place)
            assert status < 500, (role, own, status)
            if role in ("anonymous", "disabled"):
                assert status == 401, (role, own, status)
            else:
                may = _expected(rule, Role(role), own)
                assert (status == 403) is not may, (role, own, status)
                assert status != 401, (role, own)
            cells += 1
    assert cells == len(ROLES) * 2


def _expected(rule: Admission, role: Role, own: bool) -> bool:
    """As the table says, read by hand."""
    lowest = LOWEST[rule.action][0 if own or rule.owner is None else 1]
    order = [Role.AGENT, Role.SUPERVISOR, Role.ADMIN]
    return order.index(role) >= order.index(lowest)


async def _ask(route: APIRoute, role: str, own: bool, place: Place) -> int:
    """The status of the answer to people and about objects not seen before."""
    parts, cell = place.parts, f"{role} {'own' if own else 'foreign'}"
    actor = await _account(parts, f"actor {cell}", Role(role) if role in list(Role) else Role.ADMIN)
    other = await _account(parts, f"other {cell}", Role.AGENT)
    token = f"token-of-{role}-{own}"
    if role == "disabled":
        await parts.agents.change(actor.name, Change(disabled=True, ends_sessions=True))
    if role != "anonymous":
        await parts.sessions.begin(_session(actor, token))
    params = {}
    for name in route.param_convertors:
        assert name in MAKERS, f"say in tests/desk/objects.py how to make a {name}"
        params[name] = await MAKERS[name](parts, place.stores, actor if own else other)
    path = f"/desk{route.path_format.format(**params)}"
    return await _status(place.app, min(route.methods or ()), path, token)


async def _account(parts: Parts, name: str, role: Role) -> Agent:
    """An account that has done all a new one must do."""
    agent = await parts.agents.add(name, role, "$argon2id$none", parts.clock())
    await parts.factors.enrol(agent.id, "JBSWY3DPEHPK3PXP", frozenset({"x"}), 0, Draft(name, "x"))
    return replace(agent, has_factor=True)


def _session(agent: Agent, token: str) -> Session:
    return Session(session_id(token), agent.id, START, START, START, "127.0.0.1", "test")


async def _status(app: FastAPI, method: str, path: str, token: str) -> int:
    """Ask, and read no more than the head of the answer: it may never end."""
    started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    headers = [
        (b"host", b"127.0.0.1"),
        (b"accept", b"application/json"),
        (b"cookie", f"beian-desk={token}; beian-door={token}".encode()),
        (b"x-csrf-token", csrf_of(token).encode()),
    ]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            await asyncio.Event().wait()
        sent = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start" and not started.done():
            started.set_result(message["status"])

    answering = asyncio.ensure_future(app(scope, receive, send))
    try:
        return await asyncio.wait_for(started, 30)
    finally:
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)


def test_the_docs_say_who_may_do_what() -> None:
    """To mend: write ``roles_table()`` between the marks in docs/desk.md."""
    docs = (Path(__file__).parents[2] / "docs" / "desk.md").read_text("utf-8")
    assert docs.split("<!-- roles -->\n")[1].split("<!-- /roles -->")[0] == roles_table()


def roles_table() -> str:
    """Who may do what, as a Markdown table."""
    lines = ["| Action | agent | supervisor | admin |", "|---|---|---|---|"]
    for action in Action:
        own, foreign = LOWEST[action]
        cells = [
            "yes" if role.rank >= foreign.rank else "own" if role.rank >= own.rank else ""
            for role in Role
        ]
        lines.append(f"| `{action}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
