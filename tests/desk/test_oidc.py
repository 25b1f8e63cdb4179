"""Signing in at a real OpenID Connect server on loopback."""

import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import RSAKey

from bot.clock import SimulatedClock
from desk.app import alone, create_desk
from desk.audit import Wanted
from desk.config import DeskConfig
from desk.oidc import OidcConfig, OidcServer
from desk.parts import Parts
from desk.staff import Change, Role
from dialogs.world import World
from storage.ports import Stores
from tests.bot.web.serving import serving
from tests.desk.making import parts_of
from tests.desk.oidc_server import CLIENT, SECRET, SignInServer
from tests.desk.oidc_server import Person as Vouched
from tests.desk.people import HTML, Person, open_account, visiting

ROLES = {"support": Role.AGENT, "leads": Role.SUPERVISOR}


@pytest.fixture
async def server() -> AsyncIterator[SignInServer]:
    """The sign-in server, with li before it."""
    made = SignInServer(Vouched({"sub": "u-1", "preferred_username": "li"}))
    async with serving(made.app()) as address:
        made.issuer = address
        yield made


@pytest.fixture
def by_claim(request: pytest.FixtureRequest) -> bool:
    """Whether a claim decides who has which role."""
    return bool(getattr(request, "param", False))


@pytest.fixture
def parts(
    stores: Stores, clock: SimulatedClock, world: World, server: SignInServer, by_claim: bool
) -> Parts:
    """A desk that knows the server."""
    config = OidcConfig(
        server.issuer,
        CLIENT,
        SECRET,
        role_claim="groups" if by_claim else None,
        roles=ROLES if by_claim else {},
    )
    desk = DeskConfig(public_url="http://desk.test")
    return parts_of(stores, clock, world, desk, OidcServer(config))


@pytest.fixture
def app(parts: Parts) -> FastAPI:
    """The desk at its address."""
    return alone(create_desk(parts))


async def sign_in(person: Person) -> httpx.Response:
    """Press the button, pass by the server, and come back."""
    left = await person.page("/login/oidc?next=/desk/account")
    assert left.status_code == 303
    async with httpx.AsyncClient() as browser:
        back = urlsplit((await browser.get(left.headers["location"])).headers["location"])
    assert back.path == "/desk/login/oidc/callback"
    return await person.client.get(f"{back.path}?{back.query}", headers=HTML)


async def test_somebody_with_an_account_signs_in(anonymous: Person, parts: Parts) -> None:
    await open_account(parts, "li", Role.AGENT)
    assert "用 SSO 登录" in (await anonymous.page("/login")).text
    back = await sign_in(anonymous)
    assert back.headers["location"] == "/desk/account"
    assert (await anonymous.page("/")).status_code == 200
    [entry] = await parts.audit.entries(Wanted(action="logged_in"))
    assert entry.draft.detail["by"] == "oidc"


async def test_without_an_account_nobody_gets_in(anonymous: Person, parts: Parts) -> None:
    refused = await sign_in(anonymous)
    assert (refused.status_code, "统一登录没有认可" in refused.text) == (401, True)
    assert await parts.agents.everyone() == []


@pytest.mark.parametrize("by_claim", [True], indirect=True)
@pytest.mark.parametrize(
    "groups, role",
    [
        (["support"], Role.AGENT),
        (["others", "support", "leads"], Role.SUPERVISOR),
        ("leads", Role.SUPERVISOR),
    ],
)
async def test_a_claim_decides_the_role_and_brings_the_account(
    anonymous: Person, parts: Parts, server: SignInServer, groups: object, role: Role
) -> None:
    server.person.claims["groups"] = groups
    assert (await sign_in(anonymous)).status_code == 303
    assert [(one.name, one.role) for one in await parts.agents.everyone()] == [("li", role)]


@pytest.mark.parametrize("by_claim", [True], indirect=True)
@pytest.mark.parametrize("groups", [None, [], ["sales"], "sales", {"support": 1}])
async def test_who_is_in_no_group_of_ours_stays_outside(
    anonymous: Person, server: SignInServer, groups: object
) -> None:
    server.person.claims["groups"] = groups
    assert (await sign_in(anonymous)).status_code == 401


@pytest.mark.parametrize("by_claim", [True], indirect=True)
async def test_a_role_follows_its_claim_at_the_next_sign_in(
    anonymous: Person, parts: Parts, server: SignInServer
) -> None:
    for group, role in (("leads", Role.SUPERVISOR), ("support", Role.AGENT)):
        server.person.claims["groups"] = [group]
        await sign_in(anonymous)
        assert [one.role for one in await parts.agents.everyone()] == [role]


async def test_a_second_person_of_the_same_name_is_not_the_first(
    anonymous: Person, parts: Parts, server: SignInServer
) -> None:
    await open_account(parts, "li", Role.AGENT)
    await sign_in(anonymous)
    server.person.claims["sub"] = "u-2"
    assert (await sign_in(anonymous)).status_code == 401


async def test_a_disabled_account_stays_disabled(anonymous: Person, parts: Parts) -> None:
    await open_account(parts, "li", Role.AGENT)
    await sign_in(anonymous)
    await parts.agents.change("li", Change(disabled=True, ends_sessions=True))
    assert (await sign_in(anonymous)).status_code == 401


@pytest.mark.parametrize(
    "methods, way", [(["pwd"], "/desk/login/code"), (["pwd", "otp"], "/desk/account")]
)
async def test_our_second_factor_is_asked_for_unless_the_server_asked_for_one(
    anonymous: Person, parts: Parts, server: SignInServer, methods: list[str], way: str
) -> None:
    await open_account(parts, "li", Role.AGENT, has_factor=True)
    server.person.claims["amr"] = methods
    assert (await sign_in(anonymous)).headers["location"].startswith(way)


@pytest.mark.parametrize(
    "spoil",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"nonce": "of another sign-in"},
        {"exp": int(time.time()) - 3600},
        {"sub": None},
        {"preferred_username": ""},
        {"preferred_username": ["li"]},
    ],
)
async def test_a_token_that_is_not_for_this_sign_in_is_refused(
    anonymous: Person, parts: Parts, server: SignInServer, spoil: dict[str, Any]
) -> None:
    await open_account(parts, "li", Role.AGENT)
    server.spoil = spoil
    assert (await sign_in(anonymous)).status_code == 401
    assert "beian-desk" not in anonymous.client.cookies


async def test_a_token_signed_by_somebody_else_is_refused(
    anonymous: Person, parts: Parts, server: SignInServer
) -> None:
    await open_account(parts, "li", Role.AGENT)
    server.signing_key = RSAKey.generate_key(2048, {"kid": "one"})
    assert (await sign_in(anonymous)).status_code == 401
    server.key, server.signing_key = server.signing_key, None  # the server has changed its key
    assert (await sign_in(anonymous)).status_code == 303


async def test_a_code_is_good_only_in_the_browser_that_left(
    anonymous: Person, app: FastAPI, parts: Parts
) -> None:
    await open_account(parts, "li", Role.AGENT)
    left = await anonymous.page("/login/oidc")
    async with httpx.AsyncClient() as browser:
        back = (await browser.get(left.headers["location"])).headers["location"]
    async with visiting(app, parts.clock) as victim:
        assert (await victim.client.get(back, headers=HTML)).status_code == 401
        await victim.page("/login/oidc")
        assert (await victim.client.get(back, headers=HTML)).status_code == 401


async def test_a_server_that_is_away_is_said_in_words(anonymous: Person, parts: Parts) -> None:
    assert parts.oidc
    parts.oidc.config = OidcConfig("http://127.0.0.1:9", CLIENT, SECRET)
    parts.oidc.forget()
    assert (await anonymous.page("/login/oidc")).status_code == 401
