"""Articles being written for a gap, and the store that keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class DraftStatus(StrEnum):
    """How far an article has come."""

    DRAFT = "draft"  # being written
    SUBMITTED = "submitted"  # waits for a second person
    RETURNED = "returned"  # a second person wants something changed
    PUBLISHED = "published"  # among the articles
    DROPPED = "dropped"  # nobody wants it any more

    @property
    def is_open(self) -> bool:
        """Whether it may still be changed."""
        return self not in (DraftStatus.PUBLISHED, DraftStatus.DROPPED)


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """An article for a gap, as the file it will be. Nothing in it is about a person.

    ``questions`` are the numbers of the questions that wait for it; ``version`` rises with every
    change, so that nobody approves what they have not read.
    """

    id: str
    version: int
    locale: str
    article: str  # id: the file's name
    text: str  # the whole file
    questions: tuple[int, ...]
    status: DraftStatus
    author: str  # id of an agent
    changed_at: datetime
    reviewer: str | None = None  # who sent it back or approved it
    reviewed_at: datetime | None = None
    note: str = ""  # the reviewer's, for the author


class ArticleDrafts(Protocol):
    """Where drafts are kept."""

    async def open(self) -> Sequence[ArticleDraft]:
        """All that may still be changed, the oldest change first."""
        ...

    async def published(self, limit: int = 20) -> Sequence[ArticleDraft]:
        """The latest that became articles, newest first."""
        ...

    async def find(self, draft_id: str) -> ArticleDraft | None:
        """One by its id."""
        ...

    async def put(self, draft: ArticleDraft) -> bool:
        """Keep a new draft (version 1), or one whose kept version is the one before.

        False if somebody changed it meanwhile: then nothing is kept.
        """
        ...
