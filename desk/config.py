"""What an operator may choose about the desk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

BASE: Final = "/desk"
"""Path of the desk on whatever origin it is served; every address of it begins so."""


@dataclass(frozen=True, slots=True)
class DeskConfig:
    """``public_url`` is where staff reach the server, without a slash at the end; None on one's
    own machine. ``provider`` is the provider's short name by locale, shown beside ours.
    ``sends_mail``: there is a mail server.
    """

    public_url: str | None = None
    provider: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    sends_mail: bool = False

    @property
    def is_https(self) -> bool:
        """Whether staff reach us over HTTPS, so that cookies and HSTS may insist on it."""
        return self.public_url is not None and self.public_url.startswith("https://")
