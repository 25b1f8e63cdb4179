"""The queue in real browsers: it changes before staff's eyes, also after the server restarts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from itertools import count

import pytest
from playwright.async_api import Browser, Page, expect

from bot.clock import SimulatedClock
from desk.app import alone, create_desk
from desk.parts import Parts
from desk.staff import Role
from dialogs.message import Identity, Inbound
from dialogs.world import World
from storage.ports import Stores
from tests.bot.web.browser.visiting import serious_findings
from tests.bot.web.serving import serving
from tests.desk.making import parts_of
from tests.desk.people import PASSWORD, open_account
from tests.parts.ports import free_port

pytestmark = pytest.mark.asyncio(loop_scope="session")

_numbers = count(1)


@asynccontextmanager
async def opened(parts: Parts, port: int = 0) -> AsyncIterator[str]:
    """The desk as the program runs it: served, its queue kept up to date beside it."""
    stop = asyncio.Event()
    following = asyncio.create_task(parts.queue.run(stop))
    async with serving(alone(create_desk(parts)), port) as url:
        yield url
    stop.set()
    await following


@asynccontextmanager
async def at_the_queue(browser: Browser, url: str, name: str) -> AsyncIterator[Page]:
    """A colleague who has logged in and looks at the queue."""
    context = await browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    page = await context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    await page.goto(f"{url}/desk/")
    await page.fill("#name", name)
    await page.fill("#password", PASSWORD)
    await page.click("button.primary")
    await expect(page.locator("#live")).to_have_text("实时更新")
    yield page
    await context.close()
    assert troubles == []


async def write(parts: Parts, who: Identity, text: str) -> None:
    """Let an applicant write."""
    message = Inbound(who, f"b{next(_numbers)}", parts.clock(), text=text)
    await parts.assistant.handle(message)


async def conversation(parts: Parts, who: Identity) -> str:
    """The id of somebody's conversation."""
    return (await parts.assistant.case(who)).conversation_id


async def test_what_an_applicant_does_shows_before_two_colleagues_and_after_a_restart(
    browser: Browser, world: World, stores: Stores, clock: SimulatedClock
) -> None:
    parts = parts_of(stores, clock, world)
    for name in ("li", "wang"):
        await open_account(parts, name, Role.AGENT)
    first, second = Identity("web", "anna"), Identity("telegram", "ben")
    port = free_port()
    async with AsyncExitStack() as colleagues:
        async with opened(parts, port) as url:
            pages = [
                await colleagues.enter_async_context(at_the_queue(browser, url, name))
                for name in ("li", "wang")
            ]
            await write(parts, first, "你好")
            await write(parts, first, "转人工")
            scope = await conversation(parts, first)
            for page in pages:
                row = page.locator(f'[data-id="{scope}"]')
                await expect(row).to_contain_text("等人工")
                await expect(page.locator('[data-state="waiting"] .count')).to_have_text("1")
                await expect(page).to_have_title("(1) 队列 · 备案助手 · 客服台")
        for page in pages:
            await expect(page.locator("#live")).to_contain_text("重连")
        restarted = parts_of(stores, clock, world)  # nothing is left but what is stored
        await write(restarted, second, "你好")
        await write(restarted, second, "转人工")
        async with opened(restarted, port):
            other = await conversation(restarted, second)
            for page in pages:
                await expect(page.locator("#live")).to_have_text("实时更新")
                await expect(page.locator(f'[data-id="{other}"]')).to_be_visible()
                await expect(page.locator("#cases > li")).to_have_count(2)
            clock.advance(timedelta(minutes=1))
            await write(restarted, first, "还在吗")
            for page in pages:
                await expect(page.locator('[data-state="waiting"] .count')).to_have_text("2")


async def test_the_queue_is_walked_through_by_keys(
    browser: Browser, world: World, stores: Stores, clock: SimulatedClock
) -> None:
    parts = parts_of(stores, clock, world)
    await open_account(parts, "li", Role.AGENT)
    people = [Identity("web", f"person{number}") for number in range(3)]
    for who in people:
        await write(parts, who, "你好")
        await write(parts, who, "转人工")
    async with opened(parts) as url, at_the_queue(browser, url, "li") as page:
        await expect(page.locator("#cases > li")).to_have_count(3)
        rows = page.locator("#cases > li")
        for key, chosen in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1)):
            await page.keyboard.press(key)
            await expect(rows.nth(chosen).locator("a")).to_be_focused()
        await page.keyboard.press("/")
        await expect(page.locator("#search")).to_be_focused()
        await page.keyboard.type("转人工")
        await page.keyboard.press("Enter")
        await expect(page.locator("h1")).to_have_text("搜索结果")
        await page.wait_for_load_state()  # of the script too
        await page.keyboard.press("j")
        await expect(rows.first.locator("a")).to_be_focused()
        href = await rows.first.locator("a").get_attribute("href")
        await page.keyboard.press("e")
        await page.wait_for_url(f"**{href}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_queue_is_accessible_and_fits_a_phone(
    browser: Browser, world: World, stores: Stores, clock: SimulatedClock, scheme: str
) -> None:
    parts = parts_of(stores, clock, world)
    await open_account(parts, "li", Role.AGENT)
    who = Identity("web", "anna")
    await write(parts, who, "你好")
    await write(parts, who, "转人工")
    async with opened(parts) as url, at_the_queue(browser, url, "li") as page:
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        await page.set_viewport_size({"width": 360, "height": 740})
        await expect(page.locator("#cases > li")).to_have_count(1)
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(overflow) == 0
        assert await serious_findings(page) == []
