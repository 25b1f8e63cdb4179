"""Two colleagues and an applicant in three browsers: take-over, race, hand-back, a restart."""

import asyncio

import pytest
from playwright.async_api import Browser, expect

from tests.bot.web.browser.visiting import Troubles, serious_findings
from tests.desk.browser.conftest import Waiting
from tests.desk.browser.working import Staff

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_colleague_takes_it_helps_and_hands_it_back(
    browser: Browser, waiting: Waiting
) -> None:
    chat, url, troubles = waiting.chat, waiting.server.url, Troubles()
    li, chen = await Staff.come(browser, url, "li"), await Staff.come(browser, url, "chen")
    troubles.watch(li.page)
    troubles.watch(chen.page)
    for one in (li, chen):
        await one.open(waiting.conversation)
        await expect(one.hold).to_have_text("还没有人接待")
        await expect(one.page.get_by_role("button", name="发送")).to_be_disabled()

    await li.claim.click()
    await expect(li.hold).to_have_text("由您接待")
    await expect(chat.said.last).to_contain_text("客服li来了")
    await expect(chen.hold).to_contain_text("li正在接待")
    await expect(chen.page.get_by_role("button", name="发送")).to_be_disabled()
    await expect(chen.page.locator("#present")).to_contain_text("li")

    await li.say("您好，我是小李，您卡在哪里？")
    await expect(chat.said.last).to_have_text("您好，我是小李，您卡在哪里？")
    await chat.box.press_sequentially("不", delay=50)
    await expect(li.page.locator("#present")).to_contain_text("申请人 正在输入")
    await li.box.press_sequentially("请讲", delay=50)
    await expect(chat.page.locator("#typing")).to_be_visible()
    await chat.write("不知道选企业还是个体户 <b>x</b>")
    await expect(li.lines.last).to_have_text("不知道选企业还是个体户 <b>x</b>")
    await expect(chen.lines.last).to_have_text("不知道选企业还是个体户 <b>x</b>")
    said = await chat.said.count()

    await chen.shows("便签")
    await chen.page.get_by_label("写便签").fill("@li 他有两张执照")
    await chen.page.get_by_role("button", name="记下").click()
    await li.shows("便签")
    await expect(li.page.locator("#live-notes")).to_contain_text("他有两张执照")

    await li.page.keyboard.press("Escape")
    await li.page.locator("body").press("e")
    await expect(li.page.get_by_role("dialog")).to_contain_text("以谁的名义办")
    await li.page.get_by_role("button", name="交回", exact=True).click()
    await expect(li.hold).to_have_text("还没有人接待")
    await expect(chat.said.last).to_contain_text("以谁的名义办")
    assert await chat.said.count() > said
    assert "两张执照" not in await chat.page.content()
    assert await serious_findings(li.page) == []
    assert troubles.found == []


async def test_of_two_who_take_it_at_once_one_has_it(browser: Browser, waiting: Waiting) -> None:
    url = waiting.server.url
    both = [await Staff.come(browser, url, name) for name in ("li", "chen")]
    for one in both:
        await one.open(waiting.conversation)
    await asyncio.gather(*(one.claim.click() for one in both))
    for one in both:
        await expect(one.hold).not_to_have_text("还没有人接待")
    texts = [await one.hold.inner_text() for one in both]
    assert sorted(text == "由您接待" for text in texts) == [False, True]
    winner, loser = both if texts[0] == "由您接待" else both[::-1]
    await expect(loser.page.locator("#hold")).to_contain_text("正在接待")
    await winner.say("我来")
    await expect(waiting.chat.said.last).to_have_text("我来")


async def test_a_supervisor_takes_it_over_and_the_first_holder_cannot_send(
    browser: Browser, waiting: Waiting
) -> None:
    url = waiting.server.url
    li, wang = await Staff.come(browser, url, "li"), await Staff.come(browser, url, "wang")
    await li.open(waiting.conversation)
    await li.claim.click()
    await expect(li.hold).to_have_text("由您接待")
    await li.box.fill("我写到一半")
    await wang.open(waiting.conversation)
    await wang.page.get_by_role("button", name="接管").click()
    await wang.page.get_by_label("为什么要接管？").fill("客户点名找我")
    await wang.page.get_by_role("dialog").get_by_role("button", name="接管").click()
    await expect(wang.hold).to_have_text("由您接待")
    await expect(li.hold).to_contain_text("wang正在接待")
    await expect(li.page.get_by_role("button", name="发送")).to_be_disabled()
    await expect(li.box).to_have_value("我写到一半")
    await expect(waiting.chat.said.last).to_contain_text("接下来换客服wang")


async def test_the_page_goes_on_after_the_server_was_restarted(
    browser: Browser, waiting: Waiting
) -> None:
    chat, server = waiting.chat, waiting.server
    li = await Staff.come(browser, server.url, "li")
    await li.open(waiting.conversation)
    await li.claim.click()
    await expect(li.hold).to_have_text("由您接待")
    await server.stop()
    await expect(li.page.get_by_text("连接断了")).to_be_visible()
    await li.box.fill("稍等，马上好")
    await li.page.get_by_role("button", name="发送").click()
    await expect(li.page.locator("#say-problem")).to_be_visible()
    await expect(li.box).to_have_value("稍等，马上好")
    await server.start()
    await expect(li.page.get_by_text("已恢复连接")).to_be_visible()
    await expect(li.hold).to_have_text("由您接待")
    await li.page.get_by_role("button", name="发送").click()
    await expect(li.lines.last).to_have_text("稍等，马上好")
    await expect(chat.said.last).to_have_text("稍等，马上好")
    await expect(li.page.locator("#lines .words", has_text="稍等，马上好")).to_have_count(1)


async def test_a_proposed_value_is_approved_in_the_chat(browser: Browser, waiting: Waiting) -> None:
    chat = waiting.chat
    li = await Staff.come(browser, waiting.server.url, "li")
    await li.open(waiting.conversation)
    await li.claim.click()
    await expect(li.hold).to_have_text("由您接待")
    await li.page.get_by_role("button", name="建议修改", exact=True).click()
    dialog = li.page.get_by_role("dialog")
    await dialog.get_by_label("哪一项").select_option("subject_kind")
    await dialog.get_by_label("建议填").fill("宇宙飞船")
    await dialog.get_by_role("button", name="请申请人确认").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("不能提这个值")
    await dialog.get_by_label("建议填").fill("企业")
    await dialog.get_by_role("button", name="请申请人确认").click()
    await expect(dialog).to_be_hidden()
    await chat.page.get_by_role("button", name="确认，就这样").click()
    await expect(li.page.locator('[data-step="subject_kind"] .value')).to_have_text("企业")
    await expect(li.page.locator('[data-step="subject_kind"] .by')).to_contain_text("li")
