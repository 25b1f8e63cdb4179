"""Whether something changed in a conversation, told without reading what it says."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final, Protocol

from dialogs.case import Hold
from dialogs.message import Identity

TAIL: Final = 12
"""So many of the newest lines are watched for what becomes of them."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """What moves when a conversation does. Open pages ask for it every few seconds."""

    identity: Identity
    version: int  # of the case
    hold: Hold | None
    tail: tuple[tuple[int, str], ...]  # the newest lines with their status
    notes: int
    draft: int  # version of the shared draft

    def is_held_by(self, agent: str) -> bool:
        """Whether the agent of this id has it."""
        return self.hold is not None and self.hold.agent == agent

    def mark(self, now: datetime) -> str:
        """Changes whenever a page that shows the conversation would."""
        hold = self.hold
        held = (hold.epoch, hold.until <= now) if hold is not None else None
        seen = (self.version, held, self.tail, self.notes, self.draft)
        return blake2b(repr(seen).encode(), digest_size=8).hexdigest()


class Pulses(Protocol):
    """Feels the pulse of conversations."""

    async def of(self, conversation_id: str) -> Pulse | None:
        """As it is stored now; None if there is no such conversation."""
        ...
