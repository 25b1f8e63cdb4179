"""What helping an applicant takes: claims, what is kept beside a conversation, texts and limits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from desk.allowance import Allowance, Channels, Windows
from desk.canned import CannedTexts
from desk.claims import Claims
from desk.event_sheets import EventSheets
from desk.notebook import Notebook
from desk.presence import Presence
from desk.pulse import Pulses
from desk.tasks import Tasks
from dialogs.message import Identity
from dialogs.ports import Entry, Transcript


class KeptFile(Protocol):
    """A file as the applicant sent it."""

    @property
    def name(self) -> str:
        """What their device called it."""
        ...

    @property
    def content(self) -> bytes:
        """Its bytes."""
        ...


class KeptFiles(Protocol):
    """Files applicants sent, and were sent; erased with them."""

    async def put(self, identity: Identity, name: str, media_type: str, content: bytes) -> str:
        """Keep a file with whom it belongs to; returns the id that finds it."""
        ...

    async def get(self, file_id: str) -> KeptFile:
        """A file by its id. Raises LookupError for one that is not there."""
        ...


@dataclass(frozen=True, slots=True)
class Helping:
    """The parts that the pages of a conversation work with."""

    claims: Claims
    transcript: Transcript
    notebook: Notebook
    tasks: Tasks
    presence: Presence
    pulses: Pulses
    canned: CannedTexts
    channels: Channels
    sheets: EventSheets
    files: KeptFiles
    windows: Windows | None = None

    async def allowance(
        self, identity: Identity, entries: Sequence[Entry], now: datetime
    ) -> Allowance:
        """What may still be said to somebody after these lines, the newest included."""
        told = self.channels.allowance(identity.channel, entries)
        left = None if self.windows is None else await self.windows.left(identity, now)
        return told if left is None else replace(told, left=left.messages, closes_at=left.closes_at)
