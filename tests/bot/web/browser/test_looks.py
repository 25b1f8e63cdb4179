"""The page on a phone, in the dark, by keyboard and by screen reader."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.bot.web.browser.visiting import Chat, serious_findings

PHONE = {"width": 390, "height": 844}
SMALL_PHONE = {"width": 320, "height": 568}
DESKTOP = {"width": 1280, "height": 800}


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_serious(
    browser: Browser, url: str, size: dict[str, int], scheme: Any
) -> None:
    context = await browser.new_context(
        locale="zh-CN",
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme=scheme,
        reduced_motion="reduce",
        bypass_csp=True,  # axe itself is put into the page
    )
    page = await context.new_page()
    chat = await Chat(page, url).open()
    assert await serious_findings(page) == []
    await chat.begin()
    await chat.choices.first.click()
    await expect(chat.said).to_have_count(3)
    for text in ("example", "收费吗", "人工"):
        await chat.write(text)
    await expect(chat.said.last).to_have_text("已转给同事，请稍等。")
    assert await serious_findings(page) == []
    await context.close()


@pytest.mark.parametrize("size", [SMALL_PHONE, PHONE, DESKTOP], ids=["small", "phone", "desktop"])
async def test_nothing_sticks_out_sideways(chat: Chat, size: dict[str, int]) -> None:
    await chat.page.set_viewport_size({"width": size["width"], "height": size["height"]})
    await chat.begin()
    await chat.write("https://example.cn/" + "x" * 300)
    await expect(chat.said).to_have_count(3)
    widths = await chat.page.evaluate(
        "[document.documentElement.scrollWidth, document.querySelector('#scroll').scrollWidth"
        " - document.querySelector('#scroll').clientWidth]"
    )
    assert widths == [size["width"], 0]
    await expect(chat.box).to_be_in_viewport()


async def test_what_is_tapped_is_large_enough_for_a_thumb(chat: Chat) -> None:
    await chat.page.set_viewport_size({"width": 390, "height": 844})
    await chat.begin()
    buttons = chat.page.locator("button:visible:enabled")
    sizes = await buttons.evaluate_all(
        "all => all.map(one => { const box = one.getBoundingClientRect();"
        " return [one.textContent.trim(), box.width, box.height]; })"
    )
    assert [one for one in sizes if min(one[1:]) < 44] == []


async def test_whether_an_answer_helped_is_asked_quietly(chat: Chat) -> None:
    await chat.page.set_viewport_size({"width": 390, "height": 844})
    await chat.begin()
    await chat.write("收费吗")
    quiet = chat.log.locator(".choice.is-quiet")
    await expect(quiet).to_have_text(["有帮助", "没帮助", "问人工"])
    boxes = await quiet.evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => [box.y, box.height])"
    )
    assert len({y for y, _ in boxes}) == 1
    assert all(height >= 44 for _, height in boxes)
    await quiet.nth(1).click()
    await expect(quiet.nth(1)).to_be_visible()
    await expect(quiet.nth(0)).to_be_hidden()


async def test_the_menu_of_a_phone_opens_and_closes(chat: Chat) -> None:
    await chat.page.set_viewport_size({"width": 390, "height": 844})
    menu, opener = chat.page.locator("#menu"), chat.page.get_by_role("button", name="菜单")
    await expect(menu).to_be_hidden()
    await opener.click()
    await expect(menu).to_be_visible()
    await expect(opener).to_have_attribute("aria-expanded", "true")
    await chat.page.keyboard.press("Escape")
    await expect(menu).to_be_hidden()
    await expect(opener).to_be_focused()
    await opener.click()
    await menu.get_by_role("button", name="填到哪一步了").click()
    await expect(menu).to_be_hidden()
    await expect(chat.said.last).to_have_text("收到：cmd:status")


async def test_a_desktop_always_shows_the_shortcuts(chat: Chat) -> None:
    await chat.page.set_viewport_size({"width": 1280, "height": 800})
    await expect(chat.page.get_by_role("button", name="转人工")).to_be_visible()
    await expect(chat.page.get_by_role("button", name="菜单")).to_be_hidden()


async def test_the_dark_scheme_is_dark(browser: Browser, url: str) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        context = await browser.new_context(color_scheme=scheme)
        page = await context.new_page()
        await page.goto(url)
        ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        grounds.append(sum(int(part) for part in ground[4:-1].split(",")))
        await context.close()
    light, dark = grounds
    assert light > 3 * 200
    assert dark < 3 * 50


async def test_the_whole_conversation_works_by_keyboard(chat: Chat) -> None:
    page = chat.page
    await page.set_viewport_size({"width": 1280, "height": 800})
    skip = page.get_by_role("link", name="跳到输入框")
    await skip.focus()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(chat.box).to_be_focused()
    await page.get_by_role("button", name="开始首次备案").focus()
    await page.keyboard.press("Enter")
    await expect(chat.said.last).to_contain_text("您以什么身份备案")
    await expect(chat.box).to_be_focused()
    # From the box back over the file button to the choices.
    for _ in range(2):
        await page.keyboard.press("Shift+Tab")
    await expect(chat.choices.last).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Space")
    await expect(chat.heard.last).to_have_text("企业")
    await expect(chat.box).to_be_focused()
    await page.keyboard.type("收费吗")
    await page.keyboard.press("Enter")
    await expect(chat.said).to_have_count(5)


async def test_focus_is_always_visible(chat: Chat) -> None:
    await chat.begin()
    await chat.choices.first.focus()
    outline = await chat.choices.first.evaluate("one => getComputedStyle(one).outlineWidth")
    assert outline == "3px"


async def test_a_screen_reader_hears_who_says_what(chat: Chat) -> None:
    await chat.begin()
    await expect(chat.log).to_have_attribute("aria-live", "polite")
    await expect(chat.log).to_match_aria_snapshot(
        """
        - log "对话":
          - paragraph: 今天
          - text: /^我： 开始首次备案 备案助手： 您好.* 备案助手： 第 2.19 项 · 备案类型 您以/
          - group:
            - button "企业"
            - button "个体工商户"
            - button "个人"
        """
    )


async def test_nothing_moves_for_those_who_asked_for_calm(browser: Browser, url: str) -> None:
    context = await browser.new_context(locale="zh-CN", reduced_motion="reduce")
    chat = await Chat(await context.new_page(), url).open()
    await chat.begin()
    line = chat.page.locator(".line").last
    assert await line.evaluate("one => getComputedStyle(one).animationName") == "none"
    await context.close()
