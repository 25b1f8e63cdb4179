"""Who waits for a person, the longest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dialogs.ports import WaitingLine


@dataclass(frozen=True, slots=True)
class Waiter:
    """An applicant who waits for a person; nothing here says who they are."""

    conversation: str
    filing: str | None  # public id of the active one
    since: datetime


class Waiters(WaitingLine, Protocol):
    """Everybody who waits for a person."""

    async def waiting(self, limit: int = 500) -> Sequence[Waiter]:
        """Those who wait, the longest first."""
        ...
