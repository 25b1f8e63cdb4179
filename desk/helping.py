"""What helping an applicant takes: claims, what is kept beside a conversation, texts and limits."""

from dataclasses import dataclass

from desk.allowance import Channels
from desk.canned import CannedTexts
from desk.claims import Claims
from desk.event_sheets import EventSheets
from desk.notebook import Notebook
from desk.presence import Presence
from desk.tasks import Tasks
from dialogs.ports import Transcript


@dataclass(frozen=True, slots=True)
class Helping:
    """The parts that the pages of a conversation work with."""

    claims: Claims
    transcript: Transcript
    notebook: Notebook
    tasks: Tasks
    presence: Presence
    canned: CannedTexts
    channels: Channels
    sheets: EventSheets
