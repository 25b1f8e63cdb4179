"""Where dockets are kept: one beside each conversation, never ahead of it, sometimes behind."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from desk.docket import Docket, Line
from desk.terms import Terms
from dialogs.case import Case


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


class Dockets(Protocol):
    """Keeps dockets, encrypted with their conversation's key and erased with it.

    Between two processes that make the same docket the later version of the conversation wins.
    """

    async def behind(self, since: datetime | None, made_before: datetime) -> Sequence[str]:
        """Ids of conversations whose docket is missing, of another shape or behind.

        Looked for are conversations that changed since a moment (None: all), and dockets made
        before one, which time has made old.
        """
        ...

    async def cases(self, conversations: Sequence[str]) -> Sequence[Case]:
        """The cases as they are stored; those that are gone or cannot be read are left out."""
        ...

    async def beside(self, conversations: Sequence[str]) -> Mapping[str, Seen]:
        """What their dockets are made from beside the cases."""
        ...

    async def put(self, kept: Sequence[Kept]) -> None:
        """Keep dockets. One of a conversation that is gone, or has a later one, is let go."""
        ...

    async def marks(self, since: datetime | None = None) -> Mapping[str, datetime]:
        """When each docket was made; only those made since a moment, if one is given."""
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
