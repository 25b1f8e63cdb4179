"""Where dockets are kept: one beside each conversation, never ahead of it, sometimes behind."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeAlias

from desk.docket import Docket, Line
from desk.placing import Placing
from desk.terms import Terms
from dialogs.case import Case

STRETCH: Final = 2_000
"""Conversations looked at in one go."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A docket, and the fingerprint of the words that were written in its conversation."""

    docket: Docket
    terms: Terms


@dataclass(frozen=True, slots=True)
class Seen:
    """What a docket is made from beside the case."""

    before: Kept | None  # as it was made last
    lines: Sequence[Line]  # written since
    tasks: Sequence[str]  # kinds of the open ones


Changed: TypeAlias = tuple[datetime, str]
"""Where a walk through all conversations stands: when one changed, and which."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a look at some conversations found. ``end`` is the last one; None: that were all."""

    behind: Sequence[str]
    end: Changed | None


class Dockets(Protocol):
    """Keeps dockets, encrypted with their conversation's key and erased with it.

    Between two processes that make the same docket the later version of the conversation wins.
    """

    async def behind(
        self,
        after: Changed | None,
        made_before: datetime,
        *,
        newest_first: bool = False,
        mark: str | None = None,
        size: int = STRETCH,
    ) -> Stretch:
        """Look at ``size`` conversations in the order in which they changed, or against it.

        Behind are those whose docket is missing, of another shape or version, was made before
        a moment (time has made it old), or was placed by another mark than this one.
        """
        ...

    async def cases(self, conversations: Sequence[str]) -> Sequence[Case]:
        """The cases as they are stored; those that are gone or cannot be read are left out."""
        ...

    async def beside(self, conversations: Sequence[str]) -> Mapping[str, Seen]:
        """What their dockets are made from beside the cases."""
        ...

    async def put(self, kept: Sequence[Kept], placing: Placing) -> None:
        """Keep dockets where they stand when they were made.

        One of a conversation that is gone, or has a later one, is let go.
        """
        ...

    async def get(self, conversations: Sequence[str]) -> Sequence[Kept]:
        """Dockets by conversation; those that are gone or cannot be read are left out."""
        ...

    async def words(self, conversation: str, limit: int) -> Sequence[Line]:
        """What people wrote in a conversation, the newest first."""
        ...

    async def with_value(self, values: Mapping[str, str]) -> Sequence[str]:
        """Conversations in which one of these steps has this answer now (by blind index)."""
        ...

    def listening(self, tell: Callable[[Sequence[str]], None]) -> AbstractAsyncContextManager[None]:
        """Calls ``tell`` with whose dockets another process has put, where that is told at all.

        Without a name there may have been any: the connection was lost for a while.
        """
        ...
