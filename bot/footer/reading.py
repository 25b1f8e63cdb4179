"""Home pages for the assistant: fetched or pasted, then read apart from everything else."""

from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.footer.isolated import TooMuch, read_apart
from dialogs.ports import PageRefused
from filing.page import Page

if TYPE_CHECKING:
    from bot.footer.fetching import Fetcher


class HomePages:
    """Fetches and reads pages; ``fetches`` nothing where the operator forbids it.

    The port is ``dialogs.ports.PageFetcher``.
    """

    def __init__(self, fetcher: "Fetcher | None" = None, *, fetches: bool = True) -> None:
        self._fetcher = fetcher
        self._fetches = fetches

    async def fetch(self, address: str) -> Page | PageRefused:
        """The page at an address, or why it cannot be had."""
        if not self._fetches:
            return PageRefused("not_offered", MappingProxyType({}))
        # Imported here: a conversation starts without an HTTP client.
        from bot.footer.fetching import Fetcher, FetchRefused

        self._fetcher = self._fetcher or Fetcher()
        try:
            got = await self._fetcher.fetch(address)
        except FetchRefused as refused:
            return PageRefused(refused.code, MappingProxyType(refused.params))
        return await self.read(got.html, got.url, garbled_as=got.garbled_as)

    async def read(self, html: str, url: str = "", *, garbled_as: str = "") -> Page | PageRefused:
        """A page that somebody pasted, or one that was fetched."""
        try:
            return await read_apart(html, url, garbled_as=garbled_as)
        except TooMuch:
            return PageRefused("too_complex", MappingProxyType({}))
