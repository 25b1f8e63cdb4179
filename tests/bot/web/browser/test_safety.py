"""Hostile words stay words, and the page asks for nothing its policy forbids."""

from playwright.async_api import Page, expect

from dialogs.message import Button, Citation, OutgoingFile, Reply, ReplyKind
from tests.bot.web.browser.visiting import Chat, Troubles
from tests.bot.web.rehearsal import Rehearsal

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><iframe srcdoc="<script>alert(1)</script>">',
    "javascript:alert(1)",
    "</script><script>alert(1)</script>",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "<a href=javascript:alert(1)>x</a>",
    "<style>*{display:none}</style>",
    "\u202eevil\u202c & &lt;b&gt; &#x3C;",
)


async def test_hostile_words_are_shown_as_they_are(page: Page, url: str) -> None:
    troubles = Troubles()
    troubles.watch(page)
    chat = await Chat(page, url).open()
    for payload in PAYLOADS:
        await chat.write(payload)
        await expect(chat.said.last).to_have_text(f"收到：{payload}")
        assert await chat.heard.last.text_content() == payload
    await chat.open()
    await expect(chat.heard).to_have_count(len(PAYLOADS))
    assert [await line.text_content() for line in await chat.heard.all()] == list(PAYLOADS)
    assert await page.locator("#log :is(script, img, iframe, style, svg)").count() == 0
    assert troubles.found == []


async def test_hostile_addresses_and_names_in_a_reply_do_nothing(
    page: Page, url: str, rehearsal: Rehearsal
) -> None:
    evil = "javascript:alert(1)"
    rehearsal.answer = lambda _: (
        Reply(
            ReplyKind.ANSWER,
            PAYLOADS[0],
            buttons=(
                Button(PAYLOADS[1], "a"),
                Button("打开", "form", url=evil),
                Button("网页", "form", url="data:text/html,<script>alert(1)</script>"),
            ),
            files=(OutgoingFile(PAYLOADS[2], "/tmp/x"),),
            citations=(Citation(PAYLOADS[3], evil, PAYLOADS[4]),),
        ),
    )
    troubles = Troubles()
    troubles.watch(page)
    chat = await Chat(page, url).open()
    await chat.write("你好")
    await expect(chat.choices).to_have_count(3)  # no link among them
    await expect(page.locator(".sources a")).to_have_count(0)
    addresses = await page.locator("#log a").evaluate_all("links => links.map(one => one.href)")
    assert addresses == [f"{url}/api/v1/chat/files/2/0"]
    await chat.choices.get_by_text("打开").click()
    await expect(chat.heard.last).to_have_text("打开")
    assert troubles.found == []


async def test_a_whole_visit_breaks_no_rule_of_the_content_policy(page: Page, url: str) -> None:
    troubles = Troubles()
    troubles.watch(page)
    refused: list[str] = []
    page.on("requestfailed", lambda request: refused.append(request.url))
    foreign: list[str] = []
    page.on(
        "request",
        lambda request: None if request.url.startswith(url) else foreign.append(request.url),
    )
    chat = await Chat(page, url).open()
    await chat.begin()
    await chat.choices.first.click()
    await expect(chat.said).to_have_count(3)
    await chat.write("收费吗")
    await expect(chat.said).to_have_count(5)
    assert (troubles.found, foreign) == ([], [])
    assert [one for one in refused if "/events" not in one] == []


async def test_the_cookie_is_out_of_reach_of_scripts(chat: Chat) -> None:
    assert "beian=" not in await chat.page.evaluate("document.cookie")
    (cookie,) = await chat.page.context.cookies()
    assert cookie["name"] == "beian"
    assert cookie["httpOnly"] is True
    assert cookie["sameSite"] == "Lax"


async def test_another_site_cannot_frame_the_page(page: Page, url: str) -> None:
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text))
    await page.goto("about:blank")
    await page.set_content(f'<iframe src="{url}"></iframe>')
    await page.wait_for_timeout(300)
    frame = page.frames[1]
    assert await frame.locator("#composer").count() == 0
