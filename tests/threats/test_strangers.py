"""Somebody else's objects and those that never were are answered alike, byte by byte."""

import re
from collections.abc import Callable, Mapping
from secrets import token_hex, token_urlsafe

import httpx
import pytest
from starlette.requests import Request

from bench.fuzz.routes import api_routes
from bot.clock import real_clock
from bot.web.identity import Visitors
from bot.wechat.handing import FileLinks
from desk.factors import new_recovery_codes, new_secret
from desk.passwords import one_time_password
from desk.sessions import new_token
from dialogs.message import Identity
from dialogs.world import World
from tests.threats.served import LINKS, TO_A_FORM, Served, Visitor, offered_form, served

Known = Mapping[str, tuple[str, str]]
"""By path: what an object of A's is called, and one of nobody's."""


async def _objects(whole: Served, a: Visitor) -> Known:
    """A's objects on every route that names any; the last line holds a copy of all A's data."""
    await a.press(*TO_A_FORM, "cmd:my_data")
    case = await whole.assistant.case(a.identity)
    filing = case.active or ""
    entries = await whole.stores.transcript.since(a.identity, 0, 200)
    last = str(entries[-1].seq)
    assert entries[-1].said and entries[-1].said.files[0].is_copy
    assert (await a.client.get(f"/api/v1/chat/files/{last}/0")).status_code == 200
    return {
        "/api/v1/chat/files/{seq}/{number}": (f"{last}/0", f"{10**9}/0"),
        "/api/v1/filings/{filing}": (filing, token_hex(10)),
        "/api/v1/filings/{filing}/events": (f"{filing}/events", f"{token_hex(10)}/events"),
    }


async def test_nobody_learns_whether_somebody_elses_object_exists(world: World) -> None:
    whole = served(world)
    a, b = await Visitor.come(whole.app), await Visitor.come(whole.app)
    known = await _objects(whole, a)
    await b.press("cmd:resume")
    for path, (theirs, nobodys) in known.items():
        base = path.partition("{")[0]
        for method in ("GET", "POST"):
            answers = [await b.client.request(method, base + one) for one in (theirs, nobodys)]
            assert _whole(answers[0]) == _whole(answers[1]), (method, path)
            assert answers[0].status_code in (401, 404, 405), (method, path)
    own = (await b.client.get("/api/v1/chat/transcript")).json()["entries"]
    assert [line["seq"] for line in own] == [line["seq"] for line in b.lines]


def _whole(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    return answer.status_code, answer.content, answer.headers.multi_items()


async def test_of_all_numbers_of_the_transcript_only_ones_own_open(world: World) -> None:
    whole = served(world)
    a, b = await Visitor.come(whole.app), await Visitor.come(whole.app)
    await a.press(*TO_A_FORM)
    await b.press("cmd:resume")
    missing = await b.client.get("/api/v1/chat/files/999999/0")
    for seq in range(1, 60):
        answer = await b.client.get(f"/api/v1/chat/files/{seq}/0")
        own = any(line["seq"] == seq for line in b.lines)
        assert own or _whole(answer) == _whole(missing), seq


CAPABILITIES = {"token", "key", "ending"}
"""Parameters that are secrets of their own, or what one opens with such a secret."""


def test_every_route_that_names_something_is_looked_at_here(world: World) -> None:
    """A new one belongs into ``_objects``, unless what it names is itself a long secret."""
    looked_at = {
        "/api/v1/chat/files/{seq}/{number}",
        "/api/v1/filings/{filing}",
        "/api/v1/filings/{filing}/events",
    }
    named = {
        route.path_format
        for route in api_routes(served(world).app)
        if route.param_convertors and not route.param_convertors.keys() & CAPABILITIES
    }
    assert named == looked_at


GUESSED = {
    "/form/{}": ("GET", 404),
    "/form/{}/a.pdf": ("GET", 404),
    "/form/{}/copy": ("POST", 404),
    "/form/{}/pictures?field=x": ("POST", 404),
    "/calendar/{}.ics": ("GET", 404),
    "/wechat/files/{}": ("GET", 410),
}
"""Addresses that are secrets themselves, and what a wrong one is answered."""


@pytest.mark.parametrize("path", GUESSED)
async def test_guessed_links_open_nothing_and_sound_alike(world: World, path: str) -> None:
    method, status = GUESSED[path]
    whole = served(world)
    _, token = await offered_form(whole.assistant)
    if path.startswith("/wechat/"):
        token = FileLinks("", LINKS, real_clock).to("1" * 32, 0).rpartition("/")[2]
    b = await Visitor.come(whole.app)
    near = (token[:-1] + "AB"[token[-1] == "A"], token.swapcase(), token + "A", token[1:])
    tried = (*near, *(token_urlsafe(24) for _ in range(200)))
    answers = [_whole(await b.client.request(method, path.format(one))) for one in tried]
    assert all(one == answers[0] for one in answers)
    assert answers[0][0] == status


def test_every_link_that_is_a_secret_is_guessed_here(world: World) -> None:
    secret = {
        route.path_format
        for route in api_routes(served(world).app)
        if route.param_convertors.keys() & CAPABILITIES
    }
    guessed = {re.sub(r"\?.*", "", path).replace("{}", "{token}") for path in GUESSED}
    assert secret == {path.replace("a.pdf", "{key}.{ending}") for path in guessed}


async def test_what_opens_something_has_eighty_bits_and_more(world: World) -> None:
    whole = served(world)
    a = await Visitor.come(whole.app)
    who, form = await offered_form(whole.assistant)
    case = await whole.assistant.case(who)
    secrets: Mapping[str, Callable[[], str]] = {
        "a filing": lambda: case.active or "",
        "a conversation": lambda: case.conversation_id,
        "a form": lambda: form,
        "a browser": lambda: a.client.cookies["beian"],
        "a session of the desk": new_token,
        "a one-time password": one_time_password,
        "a recovery code": lambda: new_recovery_codes()[0].replace("-", ""),
        "a second factor": new_secret,
    }
    for name, make in secrets.items():
        made = make()
        bits = len(made) * (4 if set(made) <= set("0123456789abcdef") else 5)
        assert bits >= 80, (name, len(made))


def test_the_identity_in_the_database_is_not_the_one_in_the_cookie() -> None:
    request = Request({"type": "http", "headers": [(b"cookie", b"beian=" + b"a" * 32)]})
    known = Visitors(is_https=False).known(request)
    assert isinstance(known, Identity)
    assert "a" * 32 not in known.external_id
