"""Nothing is lost or doubled when the network, the server or the cookie goes away."""

from dataclasses import replace

from fastapi import FastAPI
from playwright.async_api import Page, Route, expect

from bot.pacing import Rate
from bot.web.app import create_app
from bot.web.config import WebConfig
from dialogs.message import Identity
from tests.bot.web.browser.visiting import Chat
from tests.bot.web.rehearsal import WELCOME, Drawer, Rehearsal
from tests.bot.web.serving import serving
from tests.parts.ports import free_port


async def test_a_restarted_server_is_found_again_and_nothing_is_missed(
    page: Page, rehearsal: Rehearsal, drawer: Drawer
) -> None:
    def fresh() -> FastAPI:
        rehearsal.listeners.clear()
        return create_app(WebConfig(), assistant=rehearsal, transcript=rehearsal, files=drawer)

    port = free_port()
    async with serving(fresh(), port) as url:
        chat = await Chat(page, url).open()
        await chat.begin()
    await expect(chat.banner).to_have_text("正在重新连接…")
    await chat.write("服务器不在时写的")
    await expect(page.locator(".heard .state")).to_contain_text("恢复后自动发送")
    rehearsal.say(rehearsal.heard[0].identity, WELCOME)  # as another process would
    async with serving(fresh(), port):
        await expect(chat.said.last).to_have_text("收到：服务器不在时写的")
        await expect(chat.said).to_have_count(4)
        await expect(chat.banner).to_be_hidden()
        await expect(page.locator(".heard .state")).to_have_count(0)
    assert [one.text for one in rehearsal.heard].count("服务器不在时写的") == 1


async def test_lines_of_a_joined_channel_come_and_those_of_others_go_without_a_reload(
    chat: Chat, rehearsal: Rehearsal
) -> None:
    other = Identity("wechat", "the same person")
    rehearsal.say(other, replace(WELCOME, text="微信里说过的"))
    await chat.begin()
    whose = rehearsal.heard[0].identity
    await chat.box.fill("写了一半的话")
    rehearsal.lines[whose] = [*rehearsal.lines[other], *rehearsal.lines[whose]]
    rehearsal.owners[whose] = "joined"
    for listener in rehearsal.listeners:
        listener(whose)
    await expect(chat.said.first).to_have_text("微信里说过的")
    await expect(chat.said).to_have_count(3)
    await expect(chat.heard).to_have_count(1)
    await expect(chat.box).to_have_value("写了一半的话")
    await chat.box.press("Enter")
    await expect(chat.said.last).to_have_text("收到：写了一半的话")
    rehearsal.lines[whose] = []
    rehearsal.owners[whose] = ""
    for listener in rehearsal.listeners:
        listener(whose)
    await expect(chat.heard).to_have_count(0)
    await expect(chat.banner).to_contain_text("资料已全部删除")
    await expect(chat.page.get_by_role("button", name="开始首次备案")).to_be_visible()


async def test_what_is_written_offline_is_sent_in_order_when_the_network_is_back(
    chat: Chat, rehearsal: Rehearsal
) -> None:
    await chat.begin()
    await chat.page.context.set_offline(True)
    await expect(chat.banner).to_contain_text("网络已断开")
    for text in ("一", "二", "三"):
        await chat.write(text)
    await expect(chat.page.locator(".heard .state")).to_have_count(3)
    assert len(rehearsal.heard) == 1
    await chat.page.context.set_offline(False)
    await expect(chat.said.last).to_have_text("收到：三")
    await expect(chat.banner).to_be_hidden()
    assert [one.text for one in rehearsal.heard[1:]] == ["一", "二", "三"]
    # Shown in the order it happened, each message followed by its answer.
    lines = (await chat.log.locator(".words").all_inner_texts())[-6:]
    assert lines == ["一", "收到：一", "二", "收到：二", "三", "收到：三"]


async def test_a_message_whose_answer_got_lost_is_not_counted_twice(
    chat: Chat, rehearsal: Rehearsal
) -> None:
    lost = 0

    async def lose_first_answer(route: Route) -> None:
        nonlocal lost
        lost += 1
        if lost == 1:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await chat.page.route("**/messages", lose_first_answer)
    await chat.write("只算一次")
    await expect(chat.said.last).to_have_text("收到：只算一次")
    await expect(chat.page.locator(".heard .state")).to_have_count(0)
    await expect(chat.heard).to_have_count(1)
    assert len(rehearsal.heard) == 1


async def test_a_message_being_sent_survives_a_reload(chat: Chat, rehearsal: Rehearsal) -> None:
    await chat.page.context.set_offline(True)
    await chat.write("刷新也不丢")
    await expect(chat.heard.last).to_have_text("刷新也不丢")
    await chat.page.context.set_offline(False)
    await chat.open()
    await expect(chat.said.last).to_have_text("收到：刷新也不丢")
    assert [one.text for one in rehearsal.heard] == ["刷新也不丢"]
    assert await chat.page.evaluate("sessionStorage.getItem('beian.outbox')") is None


async def test_a_store_that_was_away_for_a_moment_is_waited_for(
    chat: Chat, rehearsal: Rehearsal
) -> None:
    rehearsal.failures = 1
    await chat.write("存好再说")
    await expect(chat.said.last).to_have_text("收到：存好再说")
    assert len(rehearsal.heard) == 1


async def test_a_refused_message_says_why_and_can_be_changed(chat: Chat) -> None:
    await chat.begin()

    async def refuse(route: Route) -> None:
        await route.fulfill(status=422, json={"error": "这条不行。", "code": "bad_message"})

    await chat.page.route("**/messages", refuse)
    await chat.write("不行的话")
    state = chat.page.locator(".heard.is-failed .state")
    await expect(state).to_contain_text("没有送达：这条不行。")
    await expect(chat.choices).to_have_count(0)
    await state.get_by_role("button", name="改一改").click()
    await expect(chat.box).to_have_value("不行的话")
    await expect(chat.choices).to_have_count(3)
    await chat.page.unroute("**/messages")
    await chat.box.press("Enter")
    await expect(chat.said.last).to_have_text("收到：不行的话")


async def test_a_refused_message_can_be_sent_again(chat: Chat, rehearsal: Rehearsal) -> None:
    async def refuse(route: Route) -> None:
        await route.fulfill(status=403, json={"error": "现在不行。", "code": "other_site"})

    await chat.page.route("**/messages", refuse)
    await chat.write("再来一次")
    again = chat.page.get_by_role("button", name="重新发送")
    await expect(again).to_be_visible()
    await chat.page.unroute("**/messages")
    await again.click()
    await expect(chat.said.last).to_have_text("收到：再来一次")
    await expect(chat.heard).to_have_count(1)
    assert len(rehearsal.heard) == 1


async def test_who_writes_too_fast_is_slowed_down_but_loses_nothing(
    page: Page, rehearsal: Rehearsal, drawer: Drawer
) -> None:
    config = WebConfig(person=Rate(burst=1, per_second=2.0))
    app = create_app(config, assistant=rehearsal, transcript=rehearsal, files=drawer)
    async with serving(app) as url:
        chat = await Chat(page, url).open()
        for text in ("快", "更快"):
            await chat.write(text)
        await expect(chat.said.last).to_have_text("收到：更快")
    assert [one.text for one in rehearsal.heard] == ["快", "更快"]


async def test_a_lost_cookie_is_replaced_and_the_message_sent(
    chat: Chat, rehearsal: Rehearsal
) -> None:
    await chat.page.context.clear_cookies()
    await chat.write("饼干没了")
    await expect(chat.said.last).to_have_text("收到：饼干没了")
    assert [one.text for one in rehearsal.heard] == ["饼干没了"]


async def test_without_cookies_the_page_says_what_to_do(page: Page, url: str) -> None:
    async def forget(route: Route) -> None:
        answer = await route.fetch()
        headers = {name: one for name, one in answer.headers.items() if name != "set-cookie"}
        await route.fulfill(response=answer, headers=headers)
        await page.context.clear_cookies()

    await page.route(url + "/", forget)
    await page.goto(url + "/")
    box = page.get_by_role("textbox", name="写给备案助手")
    await box.fill("你好")
    await box.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Cookie")
    await expect(page.locator(".heard .state")).to_contain_text("没有送达")
