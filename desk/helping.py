"""What helping an applicant takes: claims, what is kept beside a conversation, texts and limits."""

from dataclasses import dataclass
from typing import Protocol

from desk.allowance import Channels
from desk.canned import CannedTexts
from desk.claims import Claims
from desk.event_sheets import EventSheets
from desk.notebook import Notebook
from desk.presence import Presence
from desk.pulse import Pulses
from desk.tasks import Tasks
from dialogs.message import Identity
from dialogs.ports import Transcript


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
