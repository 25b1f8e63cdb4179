"""Papers on the page: a question with its ways, a sample to look at, and 上传 opens the camera."""

import os
from pathlib import Path

from playwright.async_api import Page, expect

from dialogs.message import Inbound, Reply
from dialogs.world import World
from tests.bot.web.browser.visiting import Chat, Troubles
from tests.bot.web.rehearsal import Rehearsal
from tests.dialogs.paper_talk import Sender


async def test_a_sample_is_shown_and_upload_lets_files_be_chosen(
    page: Page, url: str, rehearsal: Rehearsal, world: World
) -> None:
    sender = await Sender(world).at_materials()
    await sender.press("paper:next")
    asked = sender.replies
    await sender.press("paper:sample:identity_document.principal")
    sample = sender.replies

    def answer(inbound: Inbound) -> tuple[Reply, ...]:
        return sample if (inbound.button or "").startswith("paper:sample") else asked

    rehearsal.answer = answer
    troubles = Troubles()
    troubles.watch(page)
    await page.set_viewport_size({"width": 390, "height": 844})
    await Chat(page, url).open()
    await page.get_by_role("textbox").fill("还差什么")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="看样例").click()
    await expect(page.get_by_role("img", name="身份证").first).to_be_visible()
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="上传").last.click()
    assert (await choosing.value).element is not None
    assert troubles.found == []
    if folder := os.environ.get("BEIAN_TEST_SCREENSHOTS"):
        await page.wait_for_timeout(500)
        await page.screenshot(path=Path(folder) / "papers.png")
