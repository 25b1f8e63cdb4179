"""Logging in and out, and what keeps others out."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from bot.clock import SimulatedClock
from desk.parts import Parts
from desk.staff import Change, Role
from tests.desk.people import HTML, PASSWORD, Person, open_account, visiting


async def test_a_stranger_is_led_to_the_login_and_back_to_where_they_wanted(
    anonymous: Person, parts: Parts
) -> None:
    await open_account(parts, "li", Role.AGENT)
    refused = await anonymous.page("/?stage=draft")
    assert refused.status_code == 303
    assert refused.headers["location"] == "/desk/login?next=/desk/%3Fstage%3Ddraft"
    form = await anonymous.client.get(refused.headers["location"], headers=HTML)
    assert 'value="/desk/?stage=draft"' in form.text
    response = await anonymous.send(
        "/login", of="/login", name="li", password=PASSWORD, next="/desk/?stage=draft"
    )
    assert response.headers["location"] == "/desk/?stage=draft"
    assert (await anonymous.page("/")).status_code == 200


async def test_a_script_without_a_login_is_told_so(anonymous: Person) -> None:
    response = await anonymous.client.get("/desk/", headers={"accept": "application/json"})
    assert response.status_code == 401
    assert response.json()["code"] == "logged_out"


@pytest.mark.parametrize(
    "name, password", [("li", "not my password"), ("nobody", PASSWORD), ("li", ""), ("", "")]
)
async def test_a_wrong_name_and_a_wrong_password_sound_the_same(
    anonymous: Person, parts: Parts, name: str, password: str
) -> None:
    await open_account(parts, "li", Role.AGENT)
    response = await anonymous.send("/login", of="/login", name=name, password=password)
    assert response.status_code == 401
    assert "用户名或密码不对" in response.text
    assert (await anonymous.page("/")).status_code == 303


async def test_a_disabled_account_is_out_at_once(agent: Person, parts: Parts) -> None:
    assert (await agent.page("/")).status_code == 200
    await parts.agents.change("li", Change(disabled=True))
    assert (await agent.page("/")).status_code == 303


async def test_logging_out_ends_the_session_itself(agent: Person) -> None:
    cookies = dict(agent.client.cookies)
    assert (await agent.send("/logout")).headers["location"] == "/desk/login"
    agent.client.cookies.update(cookies)
    assert (await agent.page("/")).status_code == 303


async def test_a_session_ends_when_idle_and_after_a_shift(
    agent: Person, clock: SimulatedClock
) -> None:
    clock.advance(timedelta(minutes=29))
    assert (await agent.page("/")).status_code == 200
    clock.advance(timedelta(minutes=31))
    assert (await agent.page("/")).status_code == 303
    await agent.log_in("li")
    for _ in range(12 * 60 // 20):
        assert (await agent.page("/")).status_code == 200
        clock.advance(timedelta(minutes=20))
    assert (await agent.page("/")).status_code == 303


async def test_a_login_makes_a_new_token_and_keeps_only_its_hash(
    agent: Person, parts: Parts
) -> None:
    first = agent.client.cookies["beian-desk"]
    await agent.log_in("li")
    second = agent.client.cookies["beian-desk"]
    assert first != second
    [li] = await parts.agents.everyone()
    assert not {first, second} & {one.id for one in await parts.sessions.of(li.id)}


async def test_a_token_set_by_somebody_else_is_not_taken_over(
    anonymous: Person, parts: Parts
) -> None:
    await open_account(parts, "li", Role.AGENT)
    anonymous.client.cookies.set("beian-desk", "chosen-by-an-attacker", domain="127.0.0.1")
    await anonymous.log_in("li")
    assert "chosen-by-an-attacker" not in anonymous.client.cookies["beian-desk"]


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/desk//evil", "/desk/\\evil", "/", "x"]
)
async def test_a_login_leads_nowhere_else(anonymous: Person, parts: Parts, wanted: str) -> None:
    await open_account(parts, "li", Role.AGENT)
    response = await anonymous.send(
        "/login", of="/login", name="li", password=PASSWORD, next=wanted
    )
    assert response.headers["location"] == "/desk/"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
async def test_a_form_of_another_site_is_refused(agent: Person, headers: dict[str, str]) -> None:
    csrf = await agent.csrf()
    response = await agent.client.post("/desk/logout", data={"csrf": csrf}, headers=headers)
    assert (response.status_code, response.json()["code"]) == (403, "other_site")
    assert (await agent.page("/")).status_code == 200


@pytest.mark.parametrize("csrf", ["", "0" * 64, "ä"])
async def test_a_form_without_the_right_token_is_refused(agent: Person, csrf: str) -> None:
    response = await agent.client.post("/desk/logout", data={"csrf": csrf})
    assert (response.status_code, response.json()["code"]) == (403, "forged")


async def test_the_token_of_another_persons_page_is_refused(
    agent: Person, supervisor: Person
) -> None:
    csrf = await supervisor.csrf()
    response = await agent.client.post("/desk/logout", headers={"x-csrf-token": csrf})
    assert response.json()["code"] == "forged"


async def test_the_login_form_is_guarded_too(app: FastAPI, parts: Parts) -> None:
    await open_account(parts, "li", Role.AGENT)
    async with visiting(app, parts.clock) as victim, visiting(app, parts.clock) as attacker:
        csrf = await attacker.csrf("/login")
        fields = {"csrf": csrf, "name": "li", "password": PASSWORD}
        response = await victim.client.post("/desk/login", data=fields, headers=HTML)
        assert response.status_code == 403
        assert "beian-desk" not in victim.client.cookies


async def test_the_language_is_switched_and_kept_with_the_account(agent: Person) -> None:
    assert "<h1>队列</h1>" in (await agent.page("/")).text
    await agent.send("/language", locale="en")
    assert "<h1>Queue</h1>" in (await agent.page("/")).text
