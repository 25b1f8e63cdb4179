"""The browser tests run in a real Chromium."""

from playwright.async_api import Browser, Page


async def test_a_page_runs_scripts_and_knows_its_visitor(page: Page) -> None:
    await page.goto("data:text/html;charset=utf-8,<button onclick='this.textContent=1+1'>您好")
    await page.get_by_role("button", name="您好").click()
    assert await page.get_by_role("button").text_content() == "2"
    assert await page.evaluate("navigator.language") == "zh-CN"


async def test_two_visitors_do_not_share_cookies(browser: Browser) -> None:
    one, two = await browser.new_context(), await browser.new_context()
    await one.add_cookies([{"name": "a", "value": "1", "url": "http://127.0.0.1"}])
    assert await two.cookies() == []
    await one.close()
    await two.close()
