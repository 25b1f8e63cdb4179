"""Who is looking at a conversation, and who is typing in it: kept for seconds, never read later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

BEAT: Final = timedelta(seconds=8)
"""How often an open page says that it is open."""

GONE_AFTER: Final = timedelta(seconds=20)
"""After so long without a word somebody counts as gone."""

TYPING_FOR: Final = timedelta(seconds=6)
"""How long a keystroke counts as typing."""

APPLICANT: Final = "#applicant"
"""Who the applicant is among those present."""

HOLDER: Final = "#holder"
"""Under which name whoever has the conversation types, for the applicant to see."""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who looks at a conversation."""

    who: str
    typing: bool


class Presence(Protocol):
    """What open pages say, shared between processes."""

    async def beat(self, conversation_id: str, who: str, now: datetime, *, typing: bool) -> bool:
        """Somebody is here; True if that, or their typing, is news to the others."""
        ...

    async def leave(self, conversation_id: str, who: str) -> None:
        """Somebody closed the page."""
        ...

    async def present(self, conversation_id: str, now: datetime) -> Sequence[Present]:
        """Who is here, by name."""
        ...
