"""What an operator may choose about the web channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.materials.limits import MAX_BYTES
from bot.pacing import Rate

PERSON = Rate(burst=20, per_second=1.0)
ADDRESS = Rate(burst=120, per_second=10.0)
FORM = Rate(burst=20, per_second=0.2)
UPLOADS = Rate(burst=30, per_second=0.5)


@dataclass(frozen=True, slots=True)
class WebConfig:
    """Addresses and limits of the web channel.

    ``public_url`` is where people reach it, without a slash at the end; None on one's own
    machine. ``provider`` is the provider's short name by locale, shown beside ours.
    """

    public_url: str | None = None
    provider: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    max_text: int = 4000  # characters of one message
    max_html: int = 20_000  # of a pasted page
    max_file: int = MAX_BYTES  # of one file
    person: Rate = PERSON  # messages of one visitor
    address: Rate = ADDRESS  # requests from one network address
    form: Rate = FORM  # secure-form pages from one network address
    uploads: Rate = UPLOADS  # files for secure forms from one network address
    streams_per_person: int = 4  # open event streams; browsers allow six connections in all
    recheck: float = 15.0  # seconds after which a stream looks for what other processes stored

    @property
    def is_https(self) -> bool:
        """Whether people reach us over HTTPS, so that cookies and HSTS may insist on it."""
        return self.public_url is not None and self.public_url.startswith("https://")
