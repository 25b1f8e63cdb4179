"""The chat page served and opened in Chromium."""

from collections.abc import AsyncIterator

import pytest_asyncio
from fastapi import FastAPI
from playwright.async_api import Page

from tests.bot.web.browser.visiting import Chat
from tests.bot.web.serving import serving


@pytest_asyncio.fixture(loop_scope="session")
async def url(app: FastAPI) -> AsyncIterator[str]:
    """Where the application is served."""
    async with serving(app) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="session")
async def chat(page: Page, url: str) -> Chat:
    """The page, just opened by a new visitor."""
    return await Chat(page, url).open()
