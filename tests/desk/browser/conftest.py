"""A desk with an applicant in the web chat, each in a browser of their own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.clock import real_clock
from bot.settings import Settings
from bot.wiring import open_stores
from tests.bot.web.browser.visiting import Chat
from tests.desk.browser.working import Server, working


@dataclass(slots=True)
class Waiting:
    """An applicant who has asked for a person; ``conversation`` is its id."""

    server: Server
    chat: Chat
    conversation: str


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """A server with a desk."""
    async with working(tmp_path_factory.mktemp("desk")) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def waiting(server: Server, browser: Browser) -> AsyncIterator[Waiting]:
    """Somebody in the web chat who waits for a person."""
    before = await _conversations(server)
    context = await browser.new_context(locale="zh-CN")
    chat = await Chat(await context.new_page(), server.url).open()
    await chat.page.get_by_role("button", name="开始首次备案").click()
    await chat.page.get_by_role("button", name="同意", exact=True).click()
    await expect(chat.said.last).not_to_contain_text("个人信息处理说明")
    await chat.choices.first.click()
    await expect(chat.said.last).to_contain_text("以谁的名义办")
    await chat.write("转人工")
    await expect(chat.heard.last).to_have_text("转人工")
    await expect(chat.said.last).to_contain_text("以谁的名义办")
    [new] = await _conversations(server) - before
    yield Waiting(server, chat, new)
    await context.close()


async def _conversations(server: Server) -> set[str]:
    """The ids of all conversations."""
    settings = Settings(_env_file=None, home=server.home)
    async with open_stores(settings, real_clock) as stores:
        found = await stores.dockets.behind(None, real_clock() + timedelta(days=1))
        return set(found.behind)
