"""Second factors, passwords, limits, and what admins do with accounts."""

import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from bot.clock import SimulatedClock
from desk.audit import Wanted
from desk.deeds import Deed
from desk.parts import Parts
from desk.passwords import hash_now, weakness
from desk.staff import Role
from tests.desk.people import PASSWORD, RECOVERY, Person, open_account, visiting

NEW = "four unrelated words here"


async def deeds(parts: Parts) -> list[str]:
    """What was written down, oldest first."""
    return [entry.draft.action for entry in await parts.audit.entries(Wanted())][::-1]


# ---- second factor


async def test_an_admin_without_a_second_factor_sets_one_up_before_anything_else(
    anonymous: Person, parts: Parts, clock: SimulatedClock
) -> None:
    await open_account(parts, "zhao", Role.ADMIN)
    await anonymous.log_in("zhao")
    for path in ("/", "/accounts", "/account"):
        assert (await anonymous.page(path)).headers["location"].startswith("/desk/account/factor")
    page = (await anonymous.page("/account/factor")).text
    found = re.search(r"<code class=\"wrap\">([A-Z2-7 ]+)</code>", page)
    nonce = re.search(r'name="nonce" value="([^"]+)"', page)
    assert found and nonce
    qr = await anonymous.page(f"/account/factor.svg?nonce={nonce[1]}")
    assert qr.headers["content-type"] == "image/svg+xml"
    assert 'xmlns="http://www.w3.org/2000/svg"' in qr.text  # else it is no picture
    secret = found[1].replace(" ", "")
    wrong = await anonymous.send(
        "/account/factor", of="/account/factor", nonce=nonce[1], code="000000"
    )
    assert (wrong.status_code, secret in wrong.text.replace(" ", "")) == (422, True)
    from pyotp import TOTP

    done = await anonymous.send(
        "/account/factor", of="/account/factor", nonce=nonce[1], code=TOTP(secret).at(clock())
    )
    assert len(re.findall(r"<li><code>(?:[a-z2-7]{4}-){3}[a-z2-7]{4}</code>", done.text)) == 10
    assert (await anonymous.page("/")).status_code == 200
    [zhao] = await parts.agents.everyone()
    assert await parts.factors.secret(zhao.id) == secret


async def test_after_the_password_the_code_is_still_needed(anonymous: Person, parts: Parts) -> None:
    await open_account(parts, "li", Role.AGENT, has_factor=True)
    half = await anonymous.send("/login", of="/login", name="li", password=PASSWORD)
    assert half.headers["location"] == "/desk/login/code?next=/desk/"
    before = anonymous.client.cookies["beian-desk"]
    assert (await anonymous.page("/")).headers["location"].startswith("/desk/login/code")
    wrong = await anonymous.send("/login/code", of="/login/code", code="123456")
    assert wrong.status_code == 401
    right = await anonymous.send("/login/code", of="/login/code", code=anonymous.code())
    assert right.headers["location"] == "/desk/"
    assert anonymous.client.cookies["beian-desk"] != before
    assert (await anonymous.page("/")).status_code == 200


async def test_a_login_left_half_way_is_over_soon(
    anonymous: Person, parts: Parts, clock: SimulatedClock
) -> None:
    await open_account(parts, "li", Role.AGENT, has_factor=True)
    await anonymous.send("/login", of="/login", name="li", password=PASSWORD)
    clock.advance(timedelta(minutes=5))
    assert "/desk/login?" in (await anonymous.page("/")).headers["location"]


async def test_a_code_works_once_and_for_a_minute_at_most(
    app: FastAPI, parts: Parts, clock: SimulatedClock
) -> None:
    await open_account(parts, "li", Role.AGENT, has_factor=True)
    async with visiting(app, clock) as first, visiting(app, clock) as second:
        await first.log_in("li")
        await second.send("/login", of="/login", name="li", password=PASSWORD)
        again = await second.send("/login/code", of="/login/code", code=second.code())
        assert again.status_code == 401
        early = second.code(timedelta(seconds=60))
        assert (await second.send("/login/code", of="/login/code", code=early)).status_code == 401
        clock.advance(timedelta(seconds=90))
        late = second.code(timedelta(seconds=-60))
        assert (await second.send("/login/code", of="/login/code", code=late)).status_code == 401
        last = second.code(timedelta(seconds=-30))
        assert (await second.send("/login/code", of="/login/code", code=last)).status_code == 303


async def test_a_recovery_code_replaces_the_phone_once(
    app: FastAPI, parts: Parts, clock: SimulatedClock
) -> None:
    await open_account(parts, "li", Role.AGENT, has_factor=True)
    typed = RECOVERY[0].upper().replace("-", " ")
    for expected in (303, 401):
        async with visiting(app, clock) as person:
            await person.send("/login", of="/login", name="li", password=PASSWORD)
            response = await person.send("/login/code", of="/login/code", code=typed)
            assert response.status_code == expected
    assert Deed.RECOVERY_CODE_USED in await deeds(parts)


async def test_an_admin_may_not_do_without_and_an_agent_may(
    admin: Person, app: FastAPI, parts: Parts, clock: SimulatedClock
) -> None:
    await admin.send("/account/factor/remove", of="/account")
    await open_account(parts, "li", Role.AGENT, has_factor=True)
    async with visiting(app, clock) as li:
        await li.log_in("li")
        await li.send("/account/factor/remove", of="/account")
    assert [one.has_factor for one in await parts.agents.everyone()] == [False, True]


# ---- passwords


@pytest.mark.usefixtures("full_strength")
def test_passwords_are_hashed_as_the_library_advises() -> None:
    assert hash_now(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


async def test_a_hash_of_yesterdays_strength_is_renewed_at_login(
    anonymous: Person, parts: Parts
) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    await parts.agents.add("li", Role.AGENT, old, parts.clock())
    await anonymous.log_in("li")
    found = await parts.agents.login("li")
    assert found and found[1] != old
    await anonymous.log_in("li")


async def test_a_password_that_was_given_is_changed_before_anything_else(
    anonymous: Person, parts: Parts
) -> None:
    await open_account(parts, "li", Role.AGENT, must_change=True)
    await anonymous.log_in("li")
    assert (await anonymous.page("/")).headers["location"].startswith("/desk/account/password")
    path = "/account/password"
    same = await anonymous.send(path, of=path, password=PASSWORD, again=PASSWORD)
    assert same.status_code == 422
    await anonymous.send(path, of=path, password=NEW, again=NEW)
    assert (await anonymous.page("/")).status_code == 200
    await anonymous.log_in("li", NEW)


async def test_changing_the_password_ends_every_other_login(
    app: FastAPI, parts: Parts, clock: SimulatedClock
) -> None:
    await open_account(parts, "li", Role.AGENT)
    path = "/account/password"
    async with visiting(app, clock) as here, visiting(app, clock) as elsewhere:
        await here.log_in("li")
        await elsewhere.log_in("li")
        wrong = await here.send(path, of=path, current="x", password=NEW, again=NEW)
        assert wrong.status_code == 422
        await here.send(path, of=path, current=PASSWORD, password=NEW, again=NEW)
        assert (await here.page("/")).status_code == 200
        assert (await elsewhere.page("/")).status_code == 303


@pytest.mark.parametrize(
    "password, problem",
    [
        ("short7!", "short"),
        ("password1", "guessed"),
        ("12345678", "guessed"),
        ("lixiaoming", "guessed"),
        ("x" * 300, "long"),
        ("correct horse battery staple", None),
        ("蓝色的火车开往下雨的海边", None),
        ("q" + "7Gv-" * 16, None),  # 65 characters
        ("tvqmzkrw", None),  # no capitals, digits or signs are asked for
    ],
)
def test_a_password_is_judged_by_length_and_guesses_not_by_its_mixture(
    password: str, problem: str | None
) -> None:
    assert weakness(password, "lixiaoming") == problem


# ---- limits


async def test_five_failures_from_an_address_lock_it_for_five_minutes(
    anonymous: Person, parts: Parts, clock: SimulatedClock
) -> None:
    await open_account(parts, "li", Role.AGENT)
    for n in range(5):
        wrong = await anonymous.send("/login", of="/login", name=f"nobody{n}", password="x")
        assert wrong.status_code == 401
    locked = await anonymous.send("/login", of="/login", name="li", password=PASSWORD)
    assert (locked.status_code, "300 秒" in locked.text) == (429, True)
    clock.advance(timedelta(minutes=5))
    await anonymous.log_in("li")


async def test_ten_failures_under_a_name_lock_it_for_a_quarter_of_an_hour(
    anonymous: Person, parts: Parts, clock: SimulatedClock
) -> None:
    await open_account(parts, "li", Role.AGENT)
    for _ in range(2):
        for _ in range(5):
            await anonymous.send("/login", of="/login", name="li", password="x")
        clock.advance(timedelta(minutes=5))
    locked = await anonymous.send("/login", of="/login", name="LI ", password=PASSWORD)
    assert locked.status_code == 429
    clock.advance(timedelta(minutes=10))
    await anonymous.log_in("li")


async def test_logins_that_succeed_do_not_count(anonymous: Person, parts: Parts) -> None:
    await open_account(parts, "li", Role.AGENT)
    for _ in range(8):
        await anonymous.log_in("li")


async def test_guessing_codes_is_limited_too(anonymous: Person, parts: Parts) -> None:
    await open_account(parts, "li", Role.AGENT, has_factor=True)
    await anonymous.send("/login", of="/login", name="li", password=PASSWORD)
    statuses = [
        (await anonymous.send("/login/code", of="/login/code", code=f"{n:06}")).status_code
        for n in range(6)
    ]
    assert statuses == [401] * 5 + [429]


# ---- admins


async def test_an_admin_adds_somebody_who_then_chooses_a_password(
    admin: Person, app: FastAPI, parts: Parts, clock: SimulatedClock
) -> None:
    shown = await admin.send("/accounts/new", of="/accounts/new", name="chen", role="supervisor")
    given = re.search(r"<code>([\w-]{20})</code>", shown.text)
    assert given
    async with visiting(app, clock) as chen:
        await chen.log_in("chen", given[1])
        assert "password" in (await chen.page("/")).headers["location"]
    taken = await admin.send("/accounts/new", of="/accounts/new", name="chen", role="agent")
    assert taken.status_code == 422
    odd = await admin.send("/accounts/new", of="/accounts/new", name="<b>", role="agent")
    assert (odd.status_code, "<b>" in odd.text) == (422, False)
    assert Deed.ACCOUNT_ADDED in await deeds(parts)


@pytest.mark.parametrize(
    "what, deed",
    [
        ("disable", Deed.ACCOUNT_DISABLED),
        ("password", Deed.PASSWORD_RESET),
        ("role", Deed.ROLE_CHANGED),
        ("sessions/end", Deed.SESSION_ENDED),
        ("factor/remove", Deed.FACTOR_REMOVED),
    ],
)
async def test_what_an_admin_does_to_an_account_ends_its_logins_and_is_written_down(
    admin: Person, agent: Person, parts: Parts, what: str, deed: Deed
) -> None:
    [li] = [one for one in await parts.agents.everyone() if one.name == "li"]
    await admin.send(f"/accounts/{li.id}/{what}", of=f"/accounts/{li.id}", role="supervisor")
    assert (await agent.page("/")).status_code == 303
    [newest] = await parts.audit.entries(Wanted(), limit=1)
    assert newest.draft.action == deed
    assert (newest.draft.agent, newest.draft.object) == ("zhao", "account:li")


async def test_the_last_admin_stays(admin: Person, parts: Parts) -> None:
    [zhao] = await parts.agents.everyone()
    for what in ("disable", "role"):
        refused = await admin.send(f"/accounts/{zhao.id}/{what}", of="/account", role="agent")
        assert refused.status_code == 409
    assert (await admin.page("/accounts")).status_code == 200


async def test_after_a_while_accounts_are_changed_only_with_the_password_again(
    admin: Person, clock: SimulatedClock
) -> None:
    clock.advance(timedelta(minutes=20))
    asked = await admin.page("/accounts/new")
    assert asked.headers["location"] == "/desk/prove?next=/desk/accounts/new"
    scripted = await admin.post("/accounts/new")
    assert (scripted.status_code, scripted.json()["code"]) == (403, "prove")
    before = admin.client.cookies["beian-desk"]
    proven = await admin.send(
        "/prove", of="/prove", password=PASSWORD, code=admin.code(), next="/desk/accounts/new"
    )
    assert proven.headers["location"] == "/desk/accounts/new"
    assert admin.client.cookies["beian-desk"] != before
    assert (await admin.page("/accounts/new")).status_code == 200


async def test_people_see_and_end_their_own_logins(
    agent: Person, app: FastAPI, parts: Parts, clock: SimulatedClock
) -> None:
    async with visiting(app, clock) as elsewhere:
        await elsewhere.log_in("li")
        page = (await agent.page("/account")).text
        [other] = re.findall(r"/desk/sessions/([0-9a-f]{64})/end", page)
        await agent.send(f"/sessions/{other}/end", of="/account", back="/desk/account")
        assert (await elsewhere.page("/")).status_code == 303
    assert (await agent.page("/account")).status_code == 200


async def test_applicants_see_the_name_one_chose(agent: Person, parts: Parts) -> None:
    await agent.send("/account/name", of="/account", display_name="  小李  ")
    [li] = await parts.agents.everyone()
    assert li.shown_as == "小李"
    await agent.send("/account/name", of="/account", display_name="")
    [li] = await parts.agents.everyone()
    assert li.shown_as == "li"


# ---- audit


async def test_the_trail_is_filtered_and_exported(supervisor: Person, parts: Parts) -> None:
    await parts.audit.record(None, Deed.VALUE_REVEALED, "conversation:c1", {"reason": "=1+1"})
    page = (await supervisor.page("/audit?action=value_revealed")).text
    assert "conversation:c1" in page
    assert "account:wang" not in page
    assert "conversation:c1" not in (await supervisor.page("/audit?agent=wang")).text
    assert (await supervisor.page("/audit?since=&until=&action=&agent=&object=")).status_code == 200
    table = await supervisor.page("/audit.csv?object=conversation:")
    assert table.headers["content-disposition"].startswith("attachment")
    assert table.text.count("\n") == 2
    lines = (await supervisor.page("/audit.jsonl")).text.splitlines()
    assert len(lines) == len(await deeds(parts))
    assert (await deeds(parts))[-2:] == [Deed.AUDIT_EXPORTED] * 2


def test_a_cell_a_spreadsheet_would_compute_is_text() -> None:
    from desk.pages.audit import _row

    assert _row(("=1+1", "+1", "@x", "ok")) == "'=1+1,'+1,'@x,ok\r\n"
