"""Pictures in the conversation: shown in the page's own colours, with words for who cannot see."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from dialogs.message import OutgoingFile, Reply, ReplyKind
from dialogs.pictures import FooterPicture, ProgressPicture, ProgressRow
from tests.bot.web.browser.visiting import Chat, Troubles, serious_findings
from tests.bot.web.rehearsal import Rehearsal

PICTURES = (
    OutgoingFile(
        "进度.png",
        picture=ProgressPicture(
            "example-tea.cn 的备案进度",
            "截至 11 月 26 日",
            (
                ProgressRow("填写并提交", "done", "11 月 24 日"),
                ProgressRow("资料与真实性核验", "done", "11 月 26 日"),
                ProgressRow(
                    "短信核验",
                    "now",
                    "11 月 27 日 10:00 截止",
                    "主体负责人已完成，网站负责人未完成",
                ),
                ProgressRow("管局审核", "todo"),
            ),
            "下一步",
            "打开工信部备案网站的“短信核验”，尽快完成。",
        ),
        alt="备案进度图：4 步中完成 2 步",
    ),
    OutgoingFile(
        "页脚.png",
        picture=FooterPicture(
            "https://www.example-tea.cn",
            "样例茶业官网",
            ("苏ICP备2026000001号-1",),
            ("版权所有 © 南京样例茶业有限公司",),
        ),
        alt="首页底部的样子",
    ),
    OutgoingFile("footer.html", text="<footer>苏ICP备2026000001号-1</footer>"),
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_pictures_are_shown_in_the_pages_colours(
    browser: Browser, url: str, rehearsal: Rehearsal, scheme: Any
) -> None:
    rehearsal.answer = lambda _: (Reply(ReplyKind.ANSWER, "给您。", files=PICTURES),)
    context = await browser.new_context(
        locale="zh-CN",
        viewport={"width": 390, "height": 844},
        color_scheme=scheme,
        bypass_csp=False,
    )
    page = await context.new_page()
    troubles = Troubles()
    troubles.watch(page)
    chat = await Chat(page, url).open()
    await chat.write("进度")
    shown = page.get_by_role("img", name="备案进度图：4 步中完成 2 步")
    await expect(shown).to_be_visible()
    await expect(page.get_by_role("img", name="首页底部的样子")).to_be_visible()
    await expect(page.get_by_role("link", name="footer.html")).to_be_visible()
    source, width, right = await shown.evaluate(
        "async image => { await image.decode(); const box = image.getBoundingClientRect();"
        " return [image.currentSrc, image.naturalWidth, box.right]; }"
    )
    assert source.endswith("?dark=1") == (scheme == "dark")
    assert width > 500
    assert right <= 390
    assert troubles.found == []
    if folder := os.environ.get("BEIAN_TEST_SCREENSHOTS"):
        await page.wait_for_timeout(500)
        await page.screenshot(path=str(Path(folder) / f"pictures-{scheme}.png"), full_page=True)
    await context.close()


async def test_a_reader_of_the_page_hears_what_a_picture_shows(
    browser: Browser, url: str, rehearsal: Rehearsal
) -> None:
    rehearsal.answer = lambda _: (Reply(ReplyKind.ANSWER, "给您。", files=PICTURES),)
    context = await browser.new_context(locale="zh-CN", bypass_csp=True)
    page = await context.new_page()
    chat = await Chat(page, url).open()
    await chat.write("进度")
    await expect(page.get_by_role("img", name="首页底部的样子")).to_be_visible()
    assert await serious_findings(page) == []
    await context.close()


async def test_a_pasted_page_may_be_longer_than_a_message(chat: Chat, rehearsal: Rehearsal) -> None:
    await chat.write("<div>" + "茶" * 5000 + "</div>")
    await expect(chat.said.last).to_contain_text("收到")
    assert len(rehearsal.heard[-1].text or "") > 5000
    await chat.box.fill("茶" * 5000)
    await expect(chat.page.get_by_role("button", name="发送")).to_be_disabled()
