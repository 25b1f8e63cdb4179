"""A whole first filing, and the secure form, in a real browser with the real assistant."""

from hashlib import sha256

import pytest_asyncio
from fastapi import FastAPI
from playwright.async_api import Browser, Locator, Page, expect

from bot.clock import SimulatedClock
from bot.pacing import Rate
from bot.web.app import create_app
from bot.web.config import WebConfig
from bot.web.form_desk import FormDesk
from dialogs.assistant import Assistant
from dialogs.message import Identity, Inbound
from dialogs.standing import Standing, standing
from filing.stage import Stage
from storage.ports import Stores
from tests.bot.web.browser.visiting import Chat, Troubles, serious_findings
from tests.bot.web.real import PUBLIC_URL
from tests.bot.web.rehearsal import Drawer
from tests.bot.web.serving import serving
from tests.dialogs.talk import HAPPY

UNHURRIED = WebConfig(person=Rate(burst=500, per_second=50.0), address=Rate(1000, 50.0))
"""A test answers faster than a person may."""


@pytest_asyncio.fixture(loop_scope="session")
async def real_app(assistant: Assistant, stores: Stores) -> FastAPI:
    """The application with the real assistant behind it."""
    return create_app(
        UNHURRIED,
        assistant=assistant,
        transcript=stores.transcript,
        files=Drawer(),
        forms=FormDesk(assistant, stores.forms),
    )


async def where(chat: Chat, assistant: Assistant) -> Standing:
    """Where the visitor's filing stands."""
    (cookie,) = await chat.page.context.cookies()
    person = Identity("web", sha256(cookie["value"].encode()).hexdigest()[:40])
    return standing(await assistant.case(person), assistant.clock(), assistant.world)


async def settled(chat: Chat, before: int) -> None:
    """Wait until more was said than before, and nothing is under way."""
    await expect(chat.page.locator(".heard .state")).to_have_count(0)
    await expect(chat.said.nth(before)).to_be_attached()


async def test_a_first_filing_is_completed_in_the_browser(
    page: Page, real_app: FastAPI, assistant: Assistant
) -> None:
    troubles = Troubles()
    troubles.watch(page)
    async with serving(real_app) as url:
        chat = await Chat(page, url).open()
        await page.get_by_role("button", name="开始首次备案").click()
        await settled(chat, 0)
        for _ in range(60):
            asking = (await where(chat, assistant)).asking
            if asking in (None, "confirm"):
                break
            said = await chat.said.count()
            await _answer(chat, assistant, asking or "", HAPPY[asking or ""])
            await settled(chat, said)
        await expect(chat.said.last).to_contain_text("样例茶业官网")
        # The read-back masks what is sensitive.
        assert HAPPY["principal_id_number"] not in await chat.said.last.inner_text()
        said = await chat.said.count()
        await chat.choices.first.click()
        await settled(chat, said)
        now = await where(chat, assistant)
        assert now.stage.stage is Stage.FIRST_REVIEW
        assert now.filing.website.domain == HAPPY["domain"]
    assert troubles.found == []


async def _answer(chat: Chat, assistant: Assistant, step: str, value: str) -> None:
    """Tap the choice if it is offered, else type the answer."""
    ask = assistant.world.flows["first_filing"][step].ask
    assert ask is not None
    label = ask.show(value)
    choice: Locator = chat.choices.get_by_text(label, exact=True)
    if await choice.count():
        await choice.first.click()
    else:
        await chat.write(value)


async def test_the_secure_form_is_filled_on_a_phone(
    browser: Browser, real_app: FastAPI, assistant: Assistant, clock: SimulatedClock
) -> None:
    path = await _offered_form(assistant)
    context = await browser.new_context(
        locale="zh-CN", viewport={"width": 390, "height": 844}, bypass_csp=False
    )
    page = await context.new_page()
    troubles = Troubles()
    troubles.watch(page)
    async with serving(real_app) as url:
        await page.goto(url + path)
        field = page.get_by_role("textbox", name="证件号码")
        await expect(field).to_have_attribute("autocomplete", "off")
        await field.fill("110105194912310021")
        await page.get_by_role("button", name="加密提交").click()
        await expect(page.get_by_role("alert")).to_contain_text("有 1 项需要改")
        await expect(field).to_have_value("")
        await expect(field).to_have_attribute("aria-invalid", "true")
        await page.get_by_role("link", name="证件号码").click()
        await expect(field).to_be_focused()
        await field.fill("１１０１０５ 19491231 002x")
        await field.press("Enter")
        await expect(page.get_by_role("heading", name="已收到")).to_be_visible()
        await expect(page.get_by_role("definition")).to_contain_text("**")
        assert await page.evaluate("document.documentElement.scrollWidth") == 390
        await page.goto(url + path)
        await expect(page.get_by_role("heading", name="这个链接打不开了")).to_be_visible()
        assert "11010519491231002X" not in await page.content()
    assert troubles.found == []
    await context.close()


async def test_axe_finds_nothing_serious_in_the_form(
    browser: Browser, real_app: FastAPI, assistant: Assistant
) -> None:
    path = await _offered_form(assistant)
    context = await browser.new_context(locale="zh-CN", color_scheme="dark", bypass_csp=True)
    page = await context.new_page()
    async with serving(real_app) as url:
        await page.goto(url + path)
        assert await serious_findings(page) == []
        await page.get_by_role("textbox", name="证件号码").fill("1")
        await page.get_by_role("button", name="加密提交").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        assert await serious_findings(page) == []
        await page.goto(f"{url}/form/{'x' * 32}")
        assert await serious_findings(page) == []
    await context.close()


async def _offered_form(assistant: Assistant) -> str:
    """The path of the form offered to somebody on Telegram."""
    person = Identity("telegram", "4200000001")
    path = ""
    for number, button in enumerate(
        (
            "cmd:resume",
            "answer:consent_processing:agree",
            "answer:prerequisites:ready",
            "answer:subject_kind:individual",
            "answer:cert_type:id_card",
            "answer:consent_sensitive:agree",
        )
    ):
        inbound = Inbound(person, str(number), assistant.clock(), button=button)
        for reply in (await assistant.handle(inbound)).replies:
            for one in reply.buttons:
                path = (one.url or path).removeprefix(PUBLIC_URL)
    return path
