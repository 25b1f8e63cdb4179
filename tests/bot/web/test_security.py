"""Headers, cookies, foreign sites and limits."""

import httpx
import pytest
from fastapi import FastAPI

from bot.pacing import Buckets, Rate
from bot.web.app import create_app
from bot.web.config import WebConfig
from desk.network import network_of
from tests.bot.web.asking import FILES, MESSAGES, TRANSCRIPT, say
from tests.bot.web.rehearsal import Drawer, Rehearsal

PUBLIC = WebConfig(public_url="https://beian.example.cn")


def visit(app: FastAPI, base: str = "http://test") -> httpx.AsyncClient:
    """A new visitor."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base)


@pytest.fixture
def public_app(rehearsal: Rehearsal, drawer: Drawer) -> FastAPI:
    """The application behind HTTPS."""
    return create_app(PUBLIC, assistant=rehearsal, transcript=rehearsal, files=drawer)


@pytest.mark.parametrize(
    "path", ["/", TRANSCRIPT, "/static/chat.js", "/healthz", "/nothing", "/metrics"]
)
async def test_every_response_carries_the_security_headers(
    client: httpx.AsyncClient, path: str
) -> None:
    headers = (await client.get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == ("no-cache" if "static" in path else "no-store")
    assert "Strict-Transport-Security" not in headers


async def test_on_https_cookie_and_transport_are_strict(public_app: FastAPI) -> None:
    async with visit(public_app, "https://beian.example.cn") as client:
        page = await client.get("/")
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-beian=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=15552000"} <= {
        part.strip() for part in cookie.split(";")
    }
    assert "Domain" not in cookie


async def test_a_browser_id_is_long_random_and_kept_on_return(app: FastAPI) -> None:
    async with visit(app) as client, visit(app) as other:
        await client.get("/")
        first = client.cookies["beian"]
        await client.get("/")
        assert client.cookies["beian"] == first
        await other.get("/")
        assert other.cookies["beian"] != first
    assert len(first) == 32  # 192 bits


async def test_a_forged_short_browser_id_is_replaced(app: FastAPI) -> None:
    async with visit(app) as client:
        page = await client.get("/", headers={"Cookie": "beian=1"})
    assert "beian=1;" not in page.headers["Set-Cookie"]


async def test_the_stored_identity_does_not_open_the_conversation(
    client: httpx.AsyncClient, rehearsal: Rehearsal
) -> None:
    await say(client, "你好")
    stored = rehearsal.heard[0].identity.external_id
    assert client.cookies["beian"] not in stored
    assert len(stored) == 40


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://test.evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://test"},
    ],
)
@pytest.mark.parametrize("path", [MESSAGES, FILES])
async def test_requests_of_other_sites_are_refused(
    client: httpx.AsyncClient, rehearsal: Rehearsal, path: str, headers: dict[str, str]
) -> None:
    refused = await client.post(path, content=b"{}", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "other_site")
    assert rehearsal.heard == []


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://test"}]
)
async def test_requests_of_our_own_page_pass(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    client.headers.update(headers)
    assert (await say(client, "你好")).status_code == 200


async def test_behind_a_proxy_the_public_address_counts_as_our_own(public_app: FastAPI) -> None:
    async with visit(public_app, "https://beian.example.cn") as client:
        await client.get("/")
        client.headers.update({"Host": "internal:8000", "Origin": "https://beian.example.cn"})
        assert (await say(client, "你好")).status_code == 200


async def test_one_visitor_who_writes_too_fast_is_told_when_to_go_on(
    client: httpx.AsyncClient, rehearsal: Rehearsal
) -> None:
    answers = [await say(client, f"{n}") for n in range(30)]
    refused = [one for one in answers if one.status_code == 429]
    assert len(rehearsal.heard) == 30 - len(refused)
    assert 8 <= len(refused) <= 10
    body = refused[0].json()
    assert body["retry_after"] == int(refused[0].headers["Retry-After"]) >= 1
    assert str(body["retry_after"]) in body["error"]


async def test_many_visitors_from_one_address_share_its_allowance(
    rehearsal: Rehearsal, drawer: Drawer
) -> None:
    config = WebConfig(address=Rate(burst=5, per_second=0.001))
    app = create_app(config, assistant=rehearsal, transcript=rehearsal, files=drawer)
    statuses = []
    for _ in range(7):
        async with visit(app) as client:
            await client.get("/")
            statuses.append((await say(client, "你好")).status_code)
    assert statuses == [200] * 5 + [429] * 2


def test_a_bucket_refills_with_time_and_never_overflows() -> None:
    now = 0.0
    buckets = Buckets(Rate(burst=2, per_second=0.5), lambda: now)
    assert [buckets.admit("a") for _ in range(3)] == [0.0, 0.0, 2.0]
    now = 1.0
    assert buckets.admit("a") == 1.0
    now = 2.0
    assert buckets.admit("a") == 0.0
    now = 1000.0
    assert [buckets.admit("a") for _ in range(3)] == [0.0, 0.0, 2.0]
    assert buckets.admit("b") == 0.0


def test_buckets_forget_the_least_used_beyond_their_capacity() -> None:
    buckets = Buckets(Rate(burst=1, per_second=0.001), lambda: 0.0, most=2)
    for key in "abc":
        assert buckets.admit(key) == 0.0
    assert buckets.admit("c") > 0
    assert buckets.admit("a") == 0.0


@pytest.mark.parametrize(
    "address, key",
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unix", "unix"),
    ],
)
def test_an_address_counts_by_its_network(address: str, key: str) -> None:
    assert network_of(address) == key
