"""Every route that changes something refuses what another site makes a browser send.

The routes are the applications' own, so a new one is tried without a line here.
"""

import httpx
import pytest
from fastapi.routing import APIRoute

from bench.fuzz.routes import api_routes
from desk.deeds import Draft
from desk.pages import ROUTERS
from desk.sessions import Session, csrf_of, session_id
from desk.staff import Role
from dialogs.world import World
from tests.bot.web.real import START
from tests.desk.making import new_desk
from tests.desk.objects import MAKERS
from tests.threats.served import served

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
DESK = [
    route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and not route.methods <= SAFE  # type: ignore[operator]
]
FOREIGN = (
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1"},
)
BY_ORIGIN = ({"origin": "https://evil.example"}, {"origin": "null"})
"""What browsers that do not send Sec-Fetch-Site say."""

SIGNED = ("/api/v1/filings/", "/telegram/webhook", "/wechat/callback", "/wecom/callback")
"""Routes for machines: no cookie opens them, so there is nothing to be forged with."""

CALLED_WITH = ("msg_signature", "signature", "timestamp", "nonce", "echostr")
"""What a callback of WeChat's or WeCom's carries, here forged."""

TOKEN, OTHERS = "token-of-the-admin", "token-of-somebody-else"


@pytest.fixture
async def desk(world: World) -> tuple[httpx.AsyncClient, dict[str, str]]:
    """The desk with an admin logged in, and one object of each kind a path can name."""
    app, parts, stores = new_desk(world)
    admin = await parts.agents.add("zhao", Role.ADMIN, "$argon2id$none", START)
    await parts.factors.enrol(admin.id, "JBSWY3DPEHPK3PXP", frozenset("x"), 0, Draft("zhao", "x"))
    for token in (TOKEN, OTHERS):
        await parts.sessions.begin(
            Session(session_id(token), admin.id, START, START, START, "127.0.0.1", "test")
        )
    objects = {name: await make(parts, stores, admin) for name, make in MAKERS.items()}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    cookies = {"beian-desk": TOKEN, "beian-door": TOKEN}
    client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", cookies=cookies)
    return client, objects


async def test_no_forged_request_changes_anything_at_the_desk(
    desk: tuple[httpx.AsyncClient, dict[str, str]],
) -> None:
    client, objects = desk
    assert len(DESK) >= 40
    right = csrf_of(TOKEN)
    for route in DESK:
        path = f"/desk{route.path_format.format(**objects)}"
        method = min(route.methods or ())
        for token in (None, "", "0" * 64, csrf_of(OTHERS), TOKEN, right[:-1], "ä"):
            body = {} if token is None else {"csrf": token}
            answer = await client.request(method, path, data=body)
            assert answer.status_code == 403, (path, token)
        for headers in (*FOREIGN, *BY_ORIGIN):
            forged = {**headers, "x-csrf-token": right}
            answer = await client.request(method, path, headers=forged)
            assert answer.status_code == 403, (path, headers)
            assert "location" not in answer.headers


async def test_with_the_right_token_the_same_requests_get_further(
    desk: tuple[httpx.AsyncClient, dict[str, str]],
) -> None:
    client, objects = desk
    headers = {
        "x-csrf-token": csrf_of(TOKEN),
        "sec-fetch-site": "same-origin",
        "accept": "application/json",
    }
    passed = 0
    for route in DESK:
        if "logout" in route.path or "sessions" in route.path or "login" in route.path:
            continue
        path = f"/desk{route.path_format.format(**objects)}"
        answer = await client.request(min(route.methods or ()), path, headers=headers)
        passed += not any(word in answer.text for word in ("forged", "other_site"))
    assert passed >= len(DESK) - 8


async def test_no_other_site_makes_an_applicant_do_anything(world: World) -> None:
    whole = served(world)
    transport = httpx.ASGITransport(whole.app, raise_app_exceptions=False)
    tried = 0
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        await client.get("/")
        for route in api_routes(whole.app):
            methods = (route.methods or set()) - SAFE
            if not methods or route.path.startswith(SIGNED):
                continue
            path = route.path_format.format(**dict.fromkeys(route.param_convertors, "x" * 32))
            query = {one.alias: "x" for one in route.dependant.query_params}
            headers = FOREIGN if path.startswith("/form/") else (*FOREIGN, *BY_ORIGIN)
            for one in headers:
                answer = await client.request(
                    min(methods), path, params=query, content=b"{}", headers=one
                )
                assert (answer.status_code, answer.json()["code"]) == (403, "other_site"), path
                tried += 1
    assert tried >= 20


async def test_no_cookie_opens_what_is_for_machines(world: World) -> None:
    whole = served(world)
    transport = httpx.ASGITransport(whole.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        await client.get("/")
        signed = [one for one in api_routes(whole.app) if one.path.startswith(SIGNED)]
        assert {route.path for route in signed} >= {"/wechat/callback", "/wecom/callback"}
        for route in signed:
            path = route.path_format.format(**dict.fromkeys(route.param_convertors, "x" * 32))
            for query in ({}, dict.fromkeys(CALLED_WITH, "1")):
                method = min(route.methods or ())
                answer = await client.request(method, path, params=query, content=b"{}")
                assert answer.status_code in (401, 403), path
    assert whole.told == []
