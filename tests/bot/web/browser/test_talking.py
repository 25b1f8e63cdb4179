"""Talking on the chat page: choices, keys, tabs, coming back."""

from pathlib import Path

from playwright.async_api import Browser, expect

from tests.bot.materials.files import picture
from tests.bot.web.browser.visiting import Chat
from tests.bot.web.rehearsal import Rehearsal


async def test_a_filing_begins_with_one_tap_and_shows_how_far_it_is(chat: Chat) -> None:
    await chat.begin()
    await expect(chat.page.locator("#intro")).to_be_hidden()
    await expect(chat.page.locator("#progress-text")).to_have_text("第 2/19 项")
    progress = chat.page.get_by_role("progressbar", name="填写进度")
    assert await progress.evaluate("bar => [bar.value, bar.max]") == [1, 19]
    await expect(chat.said.last.locator(".eyebrow")).to_have_text("第 2/19 项 · 备案类型")


async def test_how_far_it_is_goes_away_once_there_is_nothing_left_to_fill_in(chat: Chat) -> None:
    await chat.begin()
    await expect(chat.page.locator("#progress")).to_be_visible()
    await chat.write("通过了")
    await expect(chat.said.last).to_contain_text("备案已通过")
    await expect(chat.page.locator("#progress")).to_be_hidden()


async def test_a_choice_answers_and_then_only_shows_what_was_chosen(chat: Chat) -> None:
    await chat.begin()
    await expect(chat.choices).to_have_text(["企业", "个体工商户", "个人"])
    await chat.choices.get_by_text("企业").click()
    await expect(chat.said.last).to_contain_text("要备案的域名是哪个")
    await expect(chat.heard.last).to_have_text("企业")
    await expect(chat.choices).to_have_count(0)
    await expect(chat.page.locator(".choice.is-chosen")).to_contain_text("企业")


async def test_a_typed_answer_retires_the_choices_too(chat: Chat) -> None:
    await chat.begin()
    await chat.write("随便说说")
    await expect(chat.said.last).to_have_text("收到：随便说说")
    await expect(chat.choices).to_have_count(0)
    await expect(chat.page.locator(".choice.is-chosen")).to_have_count(0)


async def test_enter_sends_and_shift_enter_begins_a_line(chat: Chat) -> None:
    await chat.box.press_sequentially("第一行")
    await chat.box.press("Shift+Enter")
    await chat.box.press_sequentially("第二行")
    await chat.box.press("Enter")
    await expect(chat.heard.last).to_have_text("第一行\n第二行")
    await expect(chat.box).to_have_value("")
    await expect(chat.box).to_be_focused()


async def test_enter_that_picks_a_word_of_an_input_method_does_not_send(
    chat: Chat, rehearsal: Rehearsal
) -> None:
    await chat.box.fill("beian")
    await chat.box.evaluate(
        "box => box.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    await expect(chat.box).to_have_value("beian")
    assert rehearsal.heard == []


async def test_a_slow_answer_is_announced_by_a_typing_sign(
    chat: Chat, rehearsal: Rehearsal
) -> None:
    rehearsal.delay = 1.0
    await chat.write("收费吗")
    await expect(chat.page.locator(".heard .state")).to_have_text("发送中…")
    await expect(chat.page.locator("#typing")).to_be_visible()
    await expect(chat.said.first).to_contain_text("备案不收费")
    await expect(chat.page.locator("#typing")).to_be_hidden()
    await expect(chat.page.locator(".heard .state")).to_have_count(0)


async def test_sources_stand_under_an_answer_as_links(chat: Chat) -> None:
    await chat.write("收费吗")
    link = chat.page.get_by_role("link", name="办事指南")
    await expect(link).to_have_attribute("href", "https://example.cn/guide")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(chat.page.locator(".sources")).to_contain_text("2026-11-01 核对")


async def test_the_conversation_is_there_again_after_a_reload(chat: Chat) -> None:
    await chat.begin()
    await chat.choices.get_by_text("企业").click()
    await expect(chat.said.last).to_contain_text("要备案的域名是哪个")
    before = await chat.log.inner_text()
    await chat.open()
    await expect(chat.said).to_have_count(3)
    assert await chat.log.inner_text() == before
    await expect(chat.page.locator("#progress-text")).to_have_text("第 7/19 项")
    await expect(chat.page.locator("#intro")).to_be_hidden()


async def test_the_conversation_is_there_again_after_the_browser_was_closed(
    browser: Browser, url: str
) -> None:
    first = await browser.new_context(locale="zh-CN")
    chat = await Chat(await first.new_page(), url).open()
    await chat.begin()
    kept = await first.storage_state()
    await first.close()

    second = await browser.new_context(locale="zh-CN", storage_state=kept)
    chat = await Chat(await second.new_page(), url).open()
    await expect(chat.said.last).to_contain_text("您以什么身份备案")
    await expect(chat.choices).to_have_count(3)
    await second.close()


async def test_two_tabs_show_the_same(chat: Chat) -> None:
    other = await Chat(await chat.page.context.new_page(), chat.url).open()
    await chat.begin()
    await expect(other.said.last).to_contain_text("您以什么身份备案")
    await other.choices.get_by_text("个人", exact=True).click()
    await expect(chat.heard.last).to_have_text("个人")
    await expect(chat.choices).to_have_count(0)
    assert await chat.log.inner_text() == await other.log.inner_text()


async def test_many_tabs_leave_connections_for_sending(chat: Chat) -> None:
    tabs = [await Chat(await chat.page.context.new_page(), chat.url).open() for _ in range(7)]
    await tabs[-1].write("还发得出去吗")
    await expect(tabs[-1].said.last).to_have_text("收到：还发得出去吗")
    await expect(tabs[-2].said.last).to_have_text("收到：还发得出去吗")


async def test_what_nobody_asked_for_appears_by_itself(chat: Chat, rehearsal: Rehearsal) -> None:
    await chat.write("你好")
    await expect(chat.said).to_have_count(1)
    rehearsal.say(rehearsal.heard[0].identity, *rehearsal.answer(rehearsal.heard[0]))
    await expect(chat.said).to_have_count(2)


async def test_a_long_answer_is_shown_from_its_beginning(chat: Chat, rehearsal: Rehearsal) -> None:
    await chat.write("你好")
    await expect(chat.said).to_have_count(1)
    known = rehearsal.answer(rehearsal.heard[0])[0]
    long = "\n".join(f"第{n}行" for n in range(80))
    rehearsal.answer = lambda _: (known.__class__(known.kind, long),)
    await chat.write("说长一点")
    await expect(chat.said).to_have_count(2)
    await expect(chat.said.last).to_be_in_viewport()
    top = await chat.said.last.evaluate("line => line.getBoundingClientRect().top")
    assert 0 < top < 200
    await chat.page.get_by_role("button", name="到最新消息").click()
    await expect(chat.page.get_by_role("button", name="到最新消息")).to_be_hidden()


async def test_the_language_follows_the_browser_and_can_be_switched(
    browser: Browser, url: str, rehearsal: Rehearsal
) -> None:
    context = await browser.new_context(locale="en-GB")
    page = await context.new_page()
    await page.goto(url)
    assert await page.locator("html").get_attribute("lang") == "en"
    await page.get_by_role("button", name="Can an individual file?").click()
    await expect(page.locator(".said")).to_have_count(1)
    assert rehearsal.heard[0].locale == "en"
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.get_by_role("link", name="中文").click()
    await expect(page).to_have_title("备案助手")
    assert rehearsal.heard[-1].button == "locale:zh-CN"
    await page.goto(url)
    await expect(page).to_have_title("备案助手")
    await context.close()


async def test_a_file_is_sent_and_named_in_the_conversation(
    chat: Chat, rehearsal: Rehearsal
) -> None:
    rehearsal.wants_file = True
    await chat.page.locator("#file").set_input_files(
        {"name": "执照 扫描.png", "mimeType": "image/png", "buffer": picture("PNG")}
    )
    await expect(chat.heard.last).to_have_text("📎 执照 扫描.jpg", timeout=30_000)  # decoded apart
    await expect(chat.said.first).to_contain_text("用不到文件")
    await expect(chat.page.locator(".heard canvas.preview")).to_be_visible()
    [kept] = rehearsal.heard[0].files
    assert (kept.media_type, bool(kept.file_id)) == ("image/jpeg", True)


async def test_a_photo_of_an_iphone_is_taken_though_the_browser_knows_no_type_for_it(
    chat: Chat, rehearsal: Rehearsal
) -> None:
    await chat.page.locator("#file").set_input_files(
        {"name": "IMG_1.HEIC", "mimeType": "", "buffer": b"\0\0\0\x1cftypheic"}
    )
    await expect(chat.heard.last).to_have_text("📎 IMG_1.HEIC")
    assert rehearsal.heard[0].files[0].media_type == "image/heic"


async def test_a_file_may_be_dropped_on_the_page(chat: Chat, rehearsal: Rehearsal) -> None:
    files = await chat.page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]);
            data.items.add(new File([jpeg], "照片.jpg", {type: "image/jpeg"}));
            return data;
        }"""
    )
    await chat.page.dispatch_event("body", "dragenter", {"dataTransfer": files})
    await expect(chat.page.locator("#drop")).to_be_visible()
    await chat.page.dispatch_event("body", "drop", {"dataTransfer": files})
    await expect(chat.page.locator("#drop")).to_be_hidden()
    await expect(chat.heard.last).to_have_text("📎 照片.jpg")
    assert rehearsal.heard[0].files[0].media_type == "image/jpeg"


async def test_a_file_nobody_can_take_is_refused_on_the_page(
    chat: Chat, rehearsal: Rehearsal, tmp_path: Path
) -> None:
    for name, size, words in (
        ("大.png", 20 * 1024 * 1024 + 1, "超过 20 MB"),
        ("程序.exe", 10, "不是可以接收的文件"),
    ):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
        await chat.page.locator("#file").set_input_files(tmp_path / name)
        await expect(chat.page.get_by_role("alert")).to_contain_text(words)
    assert rehearsal.heard == []


async def test_a_text_too_long_is_held_back_with_a_word_why(
    chat: Chat, rehearsal: Rehearsal
) -> None:
    await chat.box.fill("字" * 4003)
    await expect(chat.page.get_by_role("alert")).to_contain_text("超出 3 字")
    await chat.box.press("Enter")
    await expect(chat.page.get_by_role("button", name="发送")).to_be_disabled()
    assert rehearsal.heard == []
