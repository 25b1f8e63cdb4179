"""A visitor's hands and eyes on the chat page."""

from dataclasses import dataclass, field

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Locator, Page, expect

_HOW = {"resultTypes": ["violations"]}  # of all else axe need not name every element


@dataclass(slots=True)
class Chat:
    """The chat page in one tab."""

    page: Page
    url: str

    async def open(self) -> "Chat":
        """Open the page and wait until it is at work."""
        await self.page.goto(self.url)
        await expect(self.log).not_to_have_attribute("aria-busy", "true")
        return self

    async def begin(self) -> None:
        """Start a filing with the button of the first screen."""
        await self.page.get_by_role("button", name="开始首次备案").click()
        await expect(self.said.last).to_contain_text("您以什么身份备案")

    async def write(self, text: str) -> None:
        """Type a message and press Enter."""
        await self.box.fill(text)
        await self.box.press("Enter")

    @property
    def box(self) -> Locator:
        """Where one writes."""
        return self.page.get_by_role("textbox", name="写给备案助手")

    @property
    def log(self) -> Locator:
        """The conversation."""
        return self.page.get_by_role("log")

    @property
    def said(self) -> Locator:
        """The assistant's lines."""
        return self.page.locator(".said .words")

    @property
    def heard(self) -> Locator:
        """The visitor's own lines."""
        return self.page.locator(".heard .words")

    @property
    def choices(self) -> Locator:
        """Choices that can be made now."""
        return self.log.locator("button.choice:enabled")

    @property
    def banner(self) -> Locator:
        """The line about the connection."""
        return self.page.locator("#banner")


@dataclass(slots=True)
class Troubles:
    """What a page did that no page of ours may do."""

    found: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Note script errors, refused sources and dialogs from now on."""
        page.on("pageerror", lambda error: self.found.append(f"script: {error}"))
        page.on("dialog", lambda dialog: self.found.append(f"dialog: {dialog.message}"))
        page.on(
            "console",
            lambda line: (
                self.found.append(line.text)
                if "Content Security Policy" in line.text or "Trusted" in line.text
                else None
            ),
        )


async def serious_findings(page: Page) -> list[str]:
    """What axe finds wrong, of serious or critical weight.

    Half a megabyte of axe is put into a page once, however often it is looked at.
    """
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    violations = await page.evaluate("async (how) => (await axe.run(how)).violations", _HOW)
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']]}"
        for one in violations
        if one["impact"] in ("serious", "critical")
    ]
