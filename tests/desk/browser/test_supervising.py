"""The supervisors' pages in a real browser: on a phone, in the dark, on paper, by screen reader."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.clock import real_clock
from desk.app import alone, create_desk
from dialogs.world import World
from storage.memory import memory_stores
from tests.bot.web.browser.visiting import Troubles, serious_findings
from tests.bot.web.serving import serving
from tests.desk.browser.working import Staff
from tests.desk.demo_team import with_team
from tests.desk.making import parts_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGES = ("/numbers", "/team", "/team/service", "/team/deadlines", "/gaps", "/quality")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(world: World) -> AsyncIterator[str]:
    """A desk with a team and figures to look at."""
    stores = memory_stores(real_clock)
    parts = await with_team(parts_of(stores, real_clock, world))
    async with serving(alone(create_desk(parts))) as url:
        yield url


@pytest.mark.parametrize(
    "size, scheme", [((1280, 900), "light"), ((390, 844), "dark")], ids=["desk", "phone"]
)
async def test_every_page_can_be_used_by_everybody(
    browser: Browser, desk: str, size: tuple[int, int], scheme: Any
) -> None:
    viewport = {"width": size[0], "height": size[1]}
    wang = await Staff.come(
        browser, desk, "wang", viewport=viewport, color_scheme=scheme, bypass_csp=True
    )
    for path in PAGES:
        await wang.page.goto(f"{desk}/desk{path}")
        assert await serious_findings(wang.page) == [], path
        wide = await wang.page.evaluate("document.documentElement.scrollWidth")
        assert wide == size[0], path
    await wang.page.context.close()


async def test_charts_obey_the_pages_policy_and_fit_phone_and_paper(
    browser: Browser, desk: str, tmp_path: Path
) -> None:
    troubles = Troubles()
    wang = await Staff.come(browser, desk, "wang", viewport={"width": 1280, "height": 900})
    page = wang.page
    troubles.watch(page)
    await page.goto(f"{desk}/desk/numbers")
    for shown, hidden in (("broad", "slim"), ("slim", "broad")):
        await expect(page.locator(f"#load .{shown} svg")).to_be_visible()
        await expect(page.locator(f"#load .{hidden} svg")).to_be_hidden()
        await page.set_viewport_size({"width": 390, "height": 844})
    bar = page.locator("#funnel .slim .c-1").nth(3)
    assert await bar.evaluate("one => getComputedStyle(one).fill") == "rgb(15, 107, 92)"
    await page.emulate_media(media="print")
    await expect(page.locator("#load .broad svg")).to_be_visible()
    await expect(page.locator(".top")).to_be_hidden()
    bar = page.locator("#funnel .broad .c-1").nth(3)
    assert await bar.evaluate("one => getComputedStyle(one).fill") == "rgb(51, 51, 51)"
    printed = await page.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    assert troubles.found == []
    await page.context.close()


async def test_a_figure_is_named_and_its_numbers_are_a_step_away(
    browser: Browser, desk: str
) -> None:
    wang = await Staff.come(browser, desk, "wang", viewport={"width": 1280, "height": 900})
    page = wang.page
    await page.goto(f"{desk}/desk/numbers")
    figure = page.locator("#load")
    await expect(figure.get_by_role("img", name="什么时候最忙")).to_be_visible()
    await expect(figure.get_by_role("table")).to_be_hidden()
    await figure.get_by_text("看数字").click()
    await expect(figure.get_by_role("row")).to_have_count(25)
    async with page.expect_download() as loading:
        await figure.get_by_role("link", name="下载 CSV").click()
    assert (await loading.value).suggested_filename == "load-90d.csv"
    await page.context.close()
