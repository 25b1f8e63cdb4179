"""Headers of every answer, cookies over HTTPS, the hosts and sizes that are taken."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from bot.clock import SimulatedClock
from desk.app import alone, create_desk
from desk.config import DeskConfig
from desk.parts import Parts
from desk.staff import Role
from dialogs.world import World
from storage.ports import Stores
from tests.desk.making import parts_of
from tests.desk.people import HTML, PASSWORD, Person, open_account, visiting

PUBLIC = "https://desk.example.cn"


@pytest.fixture
def public(stores: Stores, clock: SimulatedClock, world: World) -> Parts:
    """A desk that people reach over HTTPS."""
    return parts_of(stores, clock, world, DeskConfig(public_url=PUBLIC))


@pytest.fixture
async def outside(public: Parts) -> AsyncIterator[Person]:
    """Somebody before it."""
    async with visiting(alone(create_desk(public)), public.clock) as person:
        person.client.base_url = PUBLIC
        yield person


@pytest.mark.parametrize("path", ["/login", "/", "/nothing", "/static/base.css", "/audit.csv"])
async def test_every_answer_carries_the_headers(anonymous: Person, path: str) -> None:
    headers = (await anonymous.page(path)).headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == ("no-cache" if "static" in path else "no-store")
    assert "strict-transport-security" not in headers


async def test_over_https_browsers_are_told_to_insist_on_it(outside: Person) -> None:
    response = await outside.page("/login")
    assert "max-age=31536000" in response.headers["strict-transport-security"]
    [door] = response.headers.get_list("set-cookie")
    assert door.startswith("__Host-beian-door=")
    for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"):
        assert attribute in door
    assert "Domain" not in door


async def test_over_https_the_session_cookie_is_bound_to_the_host(
    outside: Person, public: Parts
) -> None:
    await open_account(public, "li", Role.AGENT)
    response = await outside.log_in("li")
    session = [one for one in response.headers.get_list("set-cookie") if "desk=" in one]
    assert session[0].startswith("__Host-beian-desk=")
    assert "Secure" in session[0]
    assert "HttpOnly" in session[0]
    assert (await outside.page("/")).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "desk.example.cn.evil.example", "", "[", "a@b"])
async def test_an_unknown_host_is_not_served(outside: Person, host: str) -> None:
    response = await outside.client.get("/desk/login", headers={**HTML, "host": host})
    assert response.status_code == 421


@pytest.mark.parametrize("host", ["desk.example.cn", "localhost:8000", "127.0.0.1", "[::1]:80"])
async def test_the_public_host_and_this_machine_are_served(outside: Person, host: str) -> None:
    response = await outside.client.get("/desk/login", headers={**HTML, "host": host})
    assert response.status_code == 200


async def test_a_stranger_sends_no_more_than_a_login_needs(anonymous: Person, app: FastAPI) -> None:
    huge = {"name": "x" * 70_000, "password": PASSWORD}
    assert (await anonymous.client.post("/desk/login", data=huge)).status_code == 413

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 1024

    form = {"content-type": "application/x-www-form-urlencoded"}
    streamed = await anonymous.client.post("/desk/login", content=endless(), headers=form)
    assert streamed.status_code == 400
    assert (await anonymous.page("/login")).status_code == 200


async def test_a_desk_alone_leads_to_itself(anonymous: Person) -> None:
    assert (await anonymous.client.get("/")).headers["location"] == "/desk/"
    assert (await anonymous.client.get("/healthz")).json() == {"alive": True}
