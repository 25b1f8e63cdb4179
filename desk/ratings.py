"""How applicants rate the help of people, with what they say of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Rating:
    """One help rated. ``comment`` is the applicant's and stays out of ``repr``."""

    conversation: str
    agent: str | None  # id of whoever came first
    at: datetime  # when the help ended
    rating: int | None  # 1 to 5
    comment: str = field(default="", repr=False)


class Ratings(Protocol):
    """Ratings as turns store them (``TurnRecord.rating``); they go with who gave them."""

    async def since(self, start: datetime, limit: int = 200) -> Sequence[Rating]:
        """Ratings and comments on help that ended since then, the newest first."""
        ...
