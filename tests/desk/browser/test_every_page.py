"""Every page of the desk in Chromium: hostile words stay words, and axe finds nothing serious.

The pages are taken from the application's own routes; the content policy is switched off, so that
nothing but the pages themselves keeps what strangers wrote from being run. One more walk has it
on: no page may ask for anything that it forbids.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio
from fastapi.routing import APIRoute
from playwright.async_api import Browser, Page

from bot.clock import SimulatedClock
from desk.app import alone, create_desk
from desk.deeds import Deed, Draft
from desk.factors import recovery_digest
from desk.pages import ROUTERS
from desk.parts import Parts
from desk.queue import State, Wanted
from desk.sessions import Session, new_token, session_id
from desk.staff import Agent, Change, Role
from dialogs.answers.files import Upload
from dialogs.answers.open_answer import OpenAnswer
from dialogs.answers.places import Province
from dialogs.answers.text import Text
from dialogs.case import Answer, Attention
from dialogs.message import Identity, Inbound, IncomingFile
from dialogs.world import World
from storage.memory import memory_stores
from storage.ports import Stores
from tests.bot.web.browser.visiting import Troubles, serious_findings
from tests.bot.web.real import START, real_world
from tests.bot.web.serving import serving
from tests.desk.making import parts_of
from tests.desk.objects import MAKERS
from tests.desk.people import SECRET
from tests.dialogs.talk import Talk, fill
from tests.storage.making import NOW, turn, unique

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "<svg/onload=alert(3)>",
    '"><svg onload=alert(4)>',
    "' autofocus onfocus=alert(5) x='",
    "javascript:alert(6)",
    "</script><script>alert(7)</script>",
    "</textarea><img src=x onerror=alert(8)>",
    "{{7*7}}{% raw %}<details open ontoggle=alert(9)>",
    "<a href=javascript:alert(10)>点</a><iframe srcdoc='<script>parent.alert(11)</script>'>",
    "]]><math><mtext><table><mglyph><style><img src=x onerror=alert(12)>",
    "\u202e<b>反\u202c</b> &lt;script&gt;alert(13)&lt;/script&gt;",
)
_BROKEN_PICTURES = """
[...document.images].filter((one) => one.complete && !one.naturalWidth).map((one) => one.src)
"""
STRANGERS = 2
SKIPPED = {
    "/login",  # asked of people who are not logged in, below
    "/login/code",
    "/login/oidc",
    "/login/oidc/callback",
    "/account/factor.svg",
    "/queue/events",  # a stream
    "/queue/alive",
}
PATHS = sorted(
    route.path_format
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    and route.methods == {"GET"}
    and route.path_format not in SKIPPED
    and not route.path_format.endswith((".csv", ".jsonl"))
    and "{file}" not in route.path_format
    and "{text}" not in route.path_format
)
FIELDS = (
    "q",
    "next",
    "before",
    "agent",
    "object",
    "action",
    "stage",
    "filter",
    "key",
    "days",
    "to",
)
"""Names under which pages read the address, and some under which they do not."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A served desk that strangers have filled; ``token`` is an admin's login."""

    url: str
    parts: Parts
    stores: Stores
    admin: Agent
    token: str


@pytest.fixture(scope="module")
def world() -> World:
    """The shipped content."""
    return real_world()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(world: World) -> AsyncIterator[Desk]:
    """The desk."""
    clock = SimulatedClock(START)
    stores = memory_stores(clock)
    parts = parts_of(stores, clock, world)
    admin, token = await _admin(parts)
    for number in range(STRANGERS):
        await _stranger(parts, stores, world, number)
    await parts.queue.follower.catch_up()
    await parts.queue.hub.flush()
    async with serving(alone(create_desk(parts))) as url:
        yield Desk(url, parts, stores, admin, token)


async def _admin(parts: Parts) -> tuple[Agent, str]:
    """An admin whose browser and display name are hostile too."""
    now, token = parts.clock(), new_token()
    admin = await parts.agents.add("zhao", Role.ADMIN, "$argon2id$none", now)
    digests = frozenset({recovery_digest("a")})
    await parts.factors.enrol(admin.id, SECRET, digests, 0, Draft("zhao", Deed.FACTOR_ADDED))
    await parts.agents.change("zhao", Change(display_name=PAYLOADS[1]))
    session = Session(session_id(token), admin.id, now, now, now, PAYLOADS[2], PAYLOADS[3])
    await parts.sessions.begin(session)
    await parts.sessions.begin(replace(session, id=session_id("another")))
    await parts.audit.record(None, Deed.VALUE_REVEALED, PAYLOADS[4], {PAYLOADS[5]: PAYLOADS[6]})
    return replace(admin, has_factor=True, display_name=PAYLOADS[1]), token


async def _stranger(parts: Parts, stores: Stores, world: World, number: int) -> None:
    """An applicant who puts payloads into everything that takes words."""
    who = Identity(("web", "telegram")[number % 2], f"{PAYLOADS[number]} {number}")
    filing = fill(Talk(world, START), "confirm").case.filing
    assert filing is not None
    evil = cycle(PAYLOADS[number:] + PAYLOADS[:number])
    typed, known = _typed(world), {one.step for one in filing.answers}
    answers = (
        *(replace(one, value=next(evil)) if one.step in typed else one for one in filing.answers),
        *(Answer(step, next(evil), START) for step in typed if step not in known),
    )
    before = await stores.cases.open(who, NOW, "zh-CN")
    after = before.with_filing(replace(filing, id=unique("filing"), answers=answers))
    after = replace(after, attention=Attention(seen_at=START))
    await stores.cases.commit(turn(before, after=after, at=START))
    for payload in PAYLOADS:
        file_id = await stores.files.put(who, payload, "image/png", b"\x89PNG")
        file = IncomingFile(file_id, payload, "image/png", 4)
        for said in _ways(payload, file, payload == PAYLOADS[0]):
            await parts.assistant.handle(Inbound(who, unique("m"), parts.clock(), **said))
    for text in ("转人工", PAYLOADS[number]):
        await parts.assistant.handle(Inbound(who, unique("m"), parts.clock(), text=text))


def _typed(world: World) -> tuple[str, ...]:
    """Every step that is typed, also where no payload passes for an answer: all but provinces."""
    steps = world.flows["first_filing"].steps
    return tuple(
        one.key
        for one in steps
        if isinstance(one.ask, OpenAnswer | Text) and not isinstance(one.ask, Upload | Province)
    )


def _ways(payload: str, file: IncomingFile, is_first: bool) -> tuple[dict[str, Any], ...]:
    """What an applicant can send; the ways that leave no words only once."""
    return (
        {"text": payload},
        {"button": payload, "label": payload},
        {"files": (file,)},
        *((({"other": payload}, {"start": payload}, {"text": f"{payload} 火星"})) * is_first),
    )


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the admin's, and what it was seen to run."""

    page: Page
    ran: list[str]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def kept_tab(browser: Browser, desk: Desk) -> AsyncIterator[Tab]:
    """One tab, from page to page: a new one takes longer than a page."""
    page, ran = await _tab(browser, desk)
    yield Tab(page, ran)
    await page.context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def tab(kept_tab: Tab) -> Tab:
    """The tab, with nothing shown and nothing seen."""
    await kept_tab.page.goto("about:blank")
    await kept_tab.page.emulate_media(color_scheme="light")
    kept_tab.ran.clear()
    return kept_tab


async def _tab(browser: Browser, desk: Desk, **more: object) -> tuple[Page, list[str]]:
    """A tab of the admin's, and what it was seen to run."""
    how: dict[str, Any] = {"locale": "zh-CN", "bypass_csp": True, **more}
    context = await browser.new_context(**how)
    await context.add_cookies(
        [{"name": "beian-desk", "value": desk.token, "url": desk.url, "sameSite": "Lax"}]
    )
    page = await context.new_page()
    ran: list[str] = []

    async def dismiss(dialog: object) -> None:
        ran.append(str(getattr(dialog, "message", dialog)))
        await dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: ran.append(f"error: {error}"))
    return page, ran


async def _addresses(desk: Desk, path: str) -> list[str]:
    """The path, with an object of each payload's stranger in it if it names a conversation."""
    if "{conversation}" in path:
        found = [one.conversation for one in await desk.stores.listing.first(Wanted(State.ALL), 99)]
        return [path.format(conversation=one) for one in found[:STRANGERS]]
    params = {
        name: await MAKERS[name](desk.parts, desk.stores, desk.admin)
        for name in MAKERS
        if f"{{{name}}}" in path
    }
    return [path.format(**params)]


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_runs_nothing_a_stranger_wrote_and_anyone_can_read_it(
    desk: Desk, tab: Tab, path: str
) -> None:
    page, ran = tab.page, tab.ran
    addresses = await _addresses(desk, path)
    for address in addresses:
        answered = await page.goto(f"{desk.url}/desk{address}")
        assert answered and answered.status < 500
        assert await page.locator("main :is(iframe, math, mglyph)").count() == 0, address
        assert await page.evaluate(_BROKEN_PICTURES) == [], address
    if not path.endswith(("/now", "/knowledge", "/news")):  # pieces of pages, and data
        assert await serious_findings(page) == [], "light"
        await page.emulate_media(color_scheme="dark")
        assert await serious_findings(page) == [], "dark"
    query = "&".join(f"{name}={quote(PAYLOADS[number])}" for number, name in enumerate(FIELDS))
    await page.goto(f"{desk.url}/desk{addresses[0]}?{query}")
    assert ran == []


async def test_under_its_policy_no_page_breaks_a_rule_of_it(browser: Browser, desk: Desk) -> None:
    """One tab goes through all pages; what a policy forbids is said on its console."""
    page, ran = await _tab(browser, desk, bypass_csp=False)
    troubles = Troubles()
    troubles.watch(page)
    for path in PATHS:
        address = (await _addresses(desk, path))[-1]
        query = "&".join(f"{name}={quote(PAYLOADS[number])}" for number, name in enumerate(FIELDS))
        for asked in (address, f"{address}?{query}"):
            answered = await page.goto(f"{desk.url}/desk{asked}")
            assert answered and answered.status < 500
            policy = answered.headers["content-security-policy"]
            assert "unsafe" not in policy and "default-src 'none'" in policy, address
        assert (troubles.found, ran) == ([], []), address
    async with page.expect_console_message(lambda line: "Content Security Policy" in line.text):
        await page.evaluate("document.body.setAttribute('style', 'top: 0')")  # it would be told of
    await page.context.close()


async def test_what_they_wrote_is_there_to_be_run(desk: Desk, tab: Tab) -> None:
    page = tab.page
    for address in await _addresses(desk, "/conversations/{conversation}"):
        await page.goto(f"{desk.url}/desk{address}")
        shown = await page.locator("main").text_content() or ""
        assert [payload for payload in PAYLOADS if payload not in shown] == []
    await page.goto(f"{desk.url}/desk/account")
    assert PAYLOADS[3] in (await page.locator("main").text_content() or "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_login_page_runs_nothing_either(
    browser: Browser, desk: Desk, scheme: str
) -> None:
    page, ran = await _tab(browser, desk, color_scheme=scheme)
    await page.context.clear_cookies()
    await page.goto(f"{desk.url}/desk/login?next={quote(PAYLOADS[3])}")
    await page.get_by_label("用户名").fill(PAYLOADS[4])
    await page.get_by_label("密码").fill(PAYLOADS[3])
    await page.get_by_role("button", name="登录").click()
    await page.get_by_role("alert").wait_for()
    assert await page.get_by_label("用户名").input_value() == PAYLOADS[4]
    assert await serious_findings(page) == []
    assert ran == []
    await page.context.close()
