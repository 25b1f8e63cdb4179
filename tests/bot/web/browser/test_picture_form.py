"""Pictures on the secure form, in a real browser on a phone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.clock import SimulatedClock
from bot.materials.isolated import Decoder
from bot.materials.receiving import Receiver
from bot.web.app import create_app
from bot.web.config import WebConfig
from bot.web.form_desk import FormDesk
from storage.memory import memory_stores
from tests.bot.materials.files import picture
from tests.bot.web.browser.visiting import Troubles
from tests.bot.web.real import START, real_assistant, real_world
from tests.bot.web.serving import serving
from tests.bot.web.test_picture_form import PERSON, offered
from tests.dialogs.talk import HAPPY

_PATIENCE = 30_000  # milliseconds: decoding takes its time on a busy machine
PHONE = {"width": 390, "height": 844}


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser) -> AsyncIterator[Page]:
    """A phone's browser."""
    context = await browser.new_context(viewport=PHONE, locale="zh-CN", has_touch=True)  # type: ignore[arg-type]
    yield await context.new_page()
    await context.close()


async def test_pictures_are_chosen_sent_with_progress_and_counted(
    phone: Page, tmp_path: Path
) -> None:
    clock = SimulatedClock(START)
    stores, world = memory_stores(clock), real_world()
    assistant = real_assistant(world, clock, stores)
    door = Receiver(stores.files, Decoder(4_000_000))
    app = create_app(
        WebConfig(),
        assistant=assistant,
        transcript=stores.transcript,
        files=door,
        forms=FormDesk(assistant, stores.forms, door, stores.files),
    )
    path = await offered(assistant)
    troubles = Troubles()
    troubles.watch(phone)
    chosen = []
    for name, kind in (("正面.jpg", "JPEG"), ("背面.png", "PNG"), ("说明.docx", "")):
        file = tmp_path / name
        file.write_bytes(picture(kind) if kind else b"PK\x03\x04word/document.xml")
        chosen.append(file)
    async with serving(app) as url:
        await phone.goto(f"{url}{path}")
        await phone.locator("input[type=file]").set_input_files(chosen)
        lines = phone.locator(".chosen li")
        await expect(lines).to_have_count(3)
        await expect(phone.locator("input[type=hidden]")).to_have_count(2, timeout=_PATIENCE)
        await expect(lines.nth(2).locator(".wrong")).to_contain_text("PDF", timeout=_PATIENCE)
        await expect(lines.nth(0).locator("canvas")).to_be_visible(timeout=_PATIENCE)
        await lines.nth(2).get_by_role("button", name="去掉").click()
        await expect(lines).to_have_count(2)
        await phone.get_by_role("button", name="加密提交").click()
        await expect(phone.get_by_text("已收到")).to_be_visible(timeout=_PATIENCE)
        await expect(phone.get_by_text(HAPPY["domain"])).to_have_count(0)  # it only takes
    assert troubles.found == []
    filing = (await assistant.case(PERSON)).filing
    assert filing is not None
    assert len(filing.materials) == 2
