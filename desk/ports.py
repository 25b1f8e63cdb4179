"""What the desk needs from the stores about claims, as small protocols beside their user."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dialogs.case import Hold
from dialogs.message import Identity


@dataclass(frozen=True, slots=True)
class HeldConversation:
    """Whose conversation it is, and who of the staff has it, as stored at this moment."""

    id: str  # Case.conversation_id
    identity: Identity  # of the applicant: what assistants and stores know them by
    epoch: int
    hold: Hold | None


class ClaimStore(Protocol):
    """Claims as they are stored: what no copy of a case in memory can tell.

    They change with turns alone (``dialogs.holding``); this only looks, and clears away.
    """

    async def find(self, conversation: str) -> HeldConversation | None:
        """The conversation of this id, or None."""
        ...

    async def lapsed(self, now: datetime, limit: int = 100) -> Sequence[HeldConversation]:
        """Conversations whose holder's lease has run out, the longest ago first."""
        ...

    async def clear(self, conversation: str, epoch: int, now: datetime) -> int:
        """Withdraw what was said before the claim of that epoch and nobody is sending.

        Returns how many such messages are being sent at this moment: they cannot be stopped.
        """
        ...
