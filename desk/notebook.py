"""What staff write to one another about a conversation: private notes and a shared draft.

None of it is in the transcript: it has tables and a port of its own, so nothing that is sent,
shown to or exported for an applicant can hold it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

MAX_NOTE: Final = 4000
"""Characters of a note or a draft."""

_NAME_GOES_ON = re.compile(r"[\w.-]")


@dataclass(frozen=True, slots=True)
class Note:
    """One private note. ``mentions`` are names of agents; ``text`` stays out of ``repr``."""

    id: str
    conversation_id: str
    author: str  # an agent's name
    at: datetime
    text: str
    mentions: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Note(id={self.id!r}, author={self.author!r})"


@dataclass(frozen=True, slots=True)
class SharedDraft:
    """A reply being written, seen by all colleagues. ``version`` rises with every change."""

    conversation_id: str
    version: int
    author: str
    at: datetime
    text: str

    def __repr__(self) -> str:
        return f"SharedDraft(conversation_id={self.conversation_id!r}, version={self.version})"


class DraftChanged(Exception):
    """Somebody saved the draft after it was read: here is what it says now."""

    def __init__(self, now: SharedDraft) -> None:
        super().__init__(f"the draft was changed by {now.author}")
        self.now = now


class Notebook(Protocol):
    """Where notes and drafts are kept, sealed with their conversation and erased with it."""

    async def add(
        self,
        conversation_id: str,
        author: str,
        text: str,
        mentions: Sequence[str],
        now: datetime,
    ) -> Note | None:
        """Keep a note; None if there is no such conversation."""
        ...

    async def notes(self, conversation_id: str) -> Sequence[Note]:
        """The notes on a conversation, oldest first."""
        ...

    async def draft(self, conversation_id: str) -> SharedDraft | None:
        """The draft as it stands; None if nobody ever wrote one."""
        ...

    async def save_draft(
        self, conversation_id: str, text: str, author: str, seen: int, now: datetime
    ) -> SharedDraft | None:
        """Replace the draft whose version was ``seen`` (0: there was none).

        None if there is no such conversation. Raises DraftChanged if it was saved meanwhile.
        """
        ...

    async def mentioning(self, agent: str) -> Sequence[Note]:
        """The notes that mention an agent and were not seen by them, oldest first."""
        ...

    async def seen(self, agent: str, conversation_id: str, now: datetime) -> None:
        """Take note that an agent has seen where a conversation's notes mention them."""
        ...


def mentioned_in(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Which of these names are called with ``@name``, each once, in the order of the text."""
    found: dict[str, int] = {}
    for name in sorted(names, key=len, reverse=True):
        at = text.find(f"@{name}")
        while at >= 0:
            end = at + len(name) + 1
            # In Chinese nothing need stand after a name; a Latin one ends where its word ends.
            goes_on = name[-1].isascii() and end < len(text) and text[end].isascii()
            if not (goes_on and _NAME_GOES_ON.match(text[end])):
                found.setdefault(name, at)
                break
            at = text.find(f"@{name}", end)
    longest_first = sorted(found, key=lambda name: (found[name], -len(name)))
    taken: dict[int, str] = {}
    for name in longest_first:
        taken.setdefault(found[name], name)
    return tuple(taken.values())
