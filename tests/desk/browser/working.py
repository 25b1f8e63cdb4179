"""A server that can be restarted, and colleagues who work at its desk in browsers of their own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.async_api import Browser, Locator, Page, expect

from bot.clock import real_clock
from bot.settings import Settings
from bot.wiring import open_stores
from desk.passwords import hash_now
from desk.staff import Role
from tests.desk.people import PASSWORD
from tests.parts.ports import free_port


@dataclass(slots=True)
class Server:
    """`beian serve` in a home of its own, always on the same port."""

    home: Path
    port: int
    process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.cli", "serve", "--role", "web", "--port", str(self.port)),
            stdout=asyncio.subprocess.DEVNULL,
            env={**os.environ, "BEIAN_HOME": str(self.home)},
        )
        async with asyncio.timeout(60), httpx.AsyncClient(base_url=self.url) as client:
            while True:
                try:
                    if (await client.get("/healthz")).is_success:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """Stop it in order."""
        if self.process is not None and self.process.returncode is None:
            self.process.terminate()
            await self.process.wait()


@asynccontextmanager
async def working(home: Path) -> AsyncIterator[Server]:
    """A server with two agents, li and chen, and their supervisor wang."""
    settings = Settings(_env_file=None, home=home)
    async with open_stores(settings, real_clock) as stores:
        for name, role in (
            ("li", Role.AGENT),
            ("chen", Role.AGENT),
            ("wang", Role.SUPERVISOR),
        ):
            await stores.agents.add(name, role, hash_now(PASSWORD), real_clock())
    server = Server(home, free_port())
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@dataclass(slots=True)
class Staff:
    """A colleague at the desk, in one tab."""

    page: Page
    url: str

    @classmethod
    async def come(cls, browser: Browser, url: str, name: str, **context: object) -> "Staff":
        """Open a browser of one's own and log in."""
        opened = await browser.new_context(locale="zh-CN", **context)  # type: ignore[arg-type]
        page = await opened.new_page()
        await page.goto(f"{url}/desk/")
        await page.get_by_label("用户名").fill(name)
        await page.get_by_label("密码").fill(PASSWORD)
        await page.get_by_role("button", name="登录").click()
        await expect(page.get_by_role("heading", name="队列").first).to_be_visible()
        return cls(page, url)

    async def open(self, conversation: str) -> None:
        """Go to a conversation."""
        await self.page.goto(f"{self.url}/desk/conversations/{conversation}")
        await expect(self.page.locator("#lines")).to_be_visible()

    async def say(self, text: str) -> None:
        """Write to the applicant."""
        await self.box.fill(text)
        await self.page.get_by_role("button", name="发送").click()

    async def shows(self, name: str) -> None:
        """Choose a tab."""
        await self.page.get_by_role("tab", name=name).click()

    @property
    def box(self) -> Locator:
        """Where one writes to the applicant."""
        return self.page.locator("#say")

    @property
    def hold(self) -> Locator:
        """Who has the conversation."""
        return self.page.locator("#hold")

    @property
    def lines(self) -> Locator:
        """What was said and heard."""
        return self.page.locator("#lines .words")

    @property
    def claim(self) -> Locator:
        """The button that takes the conversation."""
        return self.page.get_by_role("button", name="接入", exact=True)
