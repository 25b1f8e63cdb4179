"""Tasks of staff: those the assistant sets when nobody could be reached, and those set by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

BY_HAND: Final = "by_hand"
"""The kind of a task that a colleague wrote; the others are codes of the assistant."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done about a filing. ``text`` is a colleague's and stays out of ``repr``."""

    key: str
    filing_id: str
    kind: str  # BY_HAND, or why the assistant set it: overdue, unanswered, unreachable …
    at: datetime
    deadline: str | None = None  # Deadline.id, with the assistant's
    note: str = ""  # the assistant's, codes only
    text: str = ""
    due_at: datetime | None = None
    author: str | None = None  # None: the assistant
    assignee: str | None = None
    done_at: datetime | None = None
    done_by: str | None = None

    def __repr__(self) -> str:
        return f"Task(key={self.key!r}, kind={self.kind!r})"


class Tasks(Protocol):
    """Where tasks are kept."""

    async def add(
        self,
        filing_id: str,
        text: str,
        author: str,
        now: datetime,
        *,
        assignee: str | None = None,
        due_at: datetime | None = None,
    ) -> Task | None:
        """Set a task by hand; None if there is no such filing."""
        ...

    async def of_filing(self, filing_id: str) -> Sequence[Task]:
        """All tasks of a filing, open ones first, then oldest first."""
        ...

    async def open(self, limit: int = 200, *, assignee: str | None = None) -> Sequence[Task]:
        """Open tasks, oldest first; with ``assignee`` only theirs."""
        ...

    async def assign(self, key: str, assignee: str | None) -> bool:
        """Give an open task to somebody, or to nobody; False if it is not open."""
        ...

    async def finish(self, key: str, who: str, now: datetime) -> bool:
        """Note that it is done; False if it is not open."""
        ...
