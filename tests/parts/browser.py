"""A real Chromium for the tests: the system's, else the distribution's, else Playwright's own."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.parts.folders import KEPT
from tests.parts.missing import give_up

CURE = "run make parts, or install Chromium or Chrome"

# Five seconds, Playwright's own, are soon over on a busy machine; what is there is not waited for.
expect.set_options(timeout=30_000)

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_DOWNLOADS = KEPT / "browsers"
_DOWNLOADED = ("chromium-*/chrome-*/chrome", "chromium-*/chrome-*/*.app/Contents/MacOS/*")
_CHINESE_FONT = "fonts-wqy-microhei"

# No sandbox in containers, no connection but the test's own.
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> Path | None:
    """The newest way to a Chromium on this machine, None if there is none."""
    for name in _NAMES:
        if found := shutil.which(name):
            return Path(found)
    for path in map(Path, _APPLICATIONS):
        if path.exists():
            return path
    downloaded = (path for pattern in _DOWNLOADED for path in sorted(_DOWNLOADS.glob(pattern)))
    return next(downloaded, None)


def fetch_chromium() -> None:
    """Gets a Chromium, and a Chinese font for it, where that can be done without asking."""
    can_install = os.geteuid() == 0 and shutil.which("apt-get") is not None
    packages = [] if find_chromium() else ["chromium"]
    if not _knows_chinese():
        packages.append(_CHINESE_FONT)
    if can_install and packages:
        _apt_install(packages)
    if find_chromium() is None:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"],
            check=False,
            env={**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(_DOWNLOADS)},
        )


def _apt_install(packages: list[str]) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (
        ["update", "--quiet"],
        ["install", "--quiet", "--yes", "--no-install-recommends", *packages],
    ):
        subprocess.run(["apt-get", *arguments], check=False, env=quiet, stdin=subprocess.DEVNULL)


def _knows_chinese() -> bool:
    """Whether a font with Chinese characters is installed; without one screenshots show boxes."""
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", ":lang=zh"], check=False, capture_output=True)
    return bool(listed.stdout.strip())


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests share what is served to a file's tests, on the loop their browser began in."""
    for item in items:
        if isinstance(item, pytest.Function) and "browser" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The Chromium to start."""
    path = find_chromium()
    if path is None:
        give_up("Chromium", CURE)
    return path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium_path: Path) -> AsyncIterator[Browser]:
    """One running Chromium."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=chromium_path, args=list(_ARGUMENTS)
        )
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A fresh page of a Chinese-speaking visitor; script errors and refused sources fail the test.

    For another size, language or a second visitor take `browser.new_context(...)` yourself.
    """
    context = await browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    fresh = await context.new_page()
    troubles: list[str] = []
    fresh.on("pageerror", lambda error: troubles.append(str(error)))
    fresh.on(
        "console",
        lambda line: troubles.append(line.text) if "Content Security Policy" in line.text else None,
    )
    yield fresh
    await context.close()
    assert not troubles
