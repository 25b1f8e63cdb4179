"""The help site in a browser: light and dark, small and large, searched and printed."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.bot.web.browser.visiting import Troubles, serious_findings

SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 800},
}
PAGES = ("zh-CN/index", "zh-CN/footer", "zh-CN/province_jiangsu", "en/index", "en/fee")


@pytest.mark.parametrize("size, scheme", [("phone", "dark"), ("desktop", "light")])
async def test_axe_finds_nothing_serious(
    browser: Browser, address: str, size: str, scheme: Any
) -> None:
    context = await browser.new_context(
        viewport=SIZES[size],
        color_scheme=scheme,
        bypass_csp=True,  # axe itself is put into the page
    )
    page = await context.new_page()
    for name in PAGES:
        await page.goto(f"{address}/{name}.html")
        assert await serious_findings(page) == [], name
        wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, name
    await page.goto(f"{address}/zh-CN/index.html?q=短信")
    await expect(page.locator("#results a").first).to_be_visible()
    assert await serious_findings(page) == []
    await context.close()


@pytest.mark.parametrize(
    "locale, typed, title",
    [
        ("zh-CN", "短信收不到", "收不到核验短信怎么办"),
        ("zh-CN", "備案要錢嗎", "备案收费吗"),
        ("zh-CN", "江苏手机号", "江苏备案对手机号、座机、应急电话有什么要求"),
        ("en", "how much does it cost", "What does a filing cost?"),
    ],
)
async def test_a_question_finds_its_page(
    page: Page, address: str, locale: str, typed: str, title: str
) -> None:
    troubles = Troubles()
    troubles.watch(page)
    await page.goto(f"{address}/{locale}/index.html")
    await page.get_by_role("searchbox").fill(typed)
    first = page.locator("#results a").first
    await expect(first).to_contain_text(title)
    await first.click()
    await expect(page.get_by_role("heading", name=title)).to_be_visible()
    assert troubles.found == []


async def test_a_search_from_an_article_goes_on_at_the_index(page: Page, address: str) -> None:
    await page.goto(f"{address}/zh-CN/fee.html")
    await page.get_by_role("searchbox").fill("人脸")
    await page.keyboard.press("Enter")
    await expect(page.locator("#results a").first).to_be_visible()
    assert "index.html?q=" in page.url
    await page.get_by_role("searchbox").fill("qqqqq")
    await expect(page.locator("#results")).to_contain_text("没有找到")
    await page.get_by_role("searchbox").fill("")
    await expect(page.locator("#results")).to_be_hidden()


async def test_all_can_be_read_without_script(browser: Browser, address: str) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{address}/index.html")
    await page.get_by_role("link", name="中文").click()
    await expect(page.get_by_role("searchbox")).to_be_hidden()
    await page.get_by_role("link", name="备案收费吗", exact=True).click()
    await expect(page.locator(".answer")).to_contain_text("不收费")
    await context.close()


async def test_the_first_page_leads_to_the_readers_language(browser: Browser, address: str) -> None:
    for language, folder in (("en-GB", "en"), ("zh-TW", "zh-CN"), ("fr-FR", "zh-CN")):
        context = await browser.new_context(locale=language)
        page = await context.new_page()
        await page.goto(f"{address}/")
        await page.wait_for_url(f"**/{folder}/index.html")
        await context.close()


async def test_what_is_folded_stands_on_paper(page: Page, address: str, tmp_path: Path) -> None:
    await page.goto(f"{address}/zh-CN/domain_expiry.html")
    folded = page.locator(".differs details").first.locator("p").first
    await expect(folded).to_be_hidden()
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")
    await page.emulate_media(media="print")
    await expect(folded).to_be_visible()
    await expect(page.locator(".top")).to_be_hidden()
    await page.evaluate("dispatchEvent(new Event('afterprint'))")
    await page.emulate_media(media="screen")
    await expect(folded).to_be_hidden()
