"""What staff keep beside a conversation, in memory: notes, a draft, tasks, who is there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from secrets import token_hex

from desk.notebook import DraftChanged, Note, SharedDraft
from desk.presence import GONE_AFTER, TYPING_FOR, Present
from desk.tasks import BY_HAND, Task
from storage.memory.shared import Memory


class MemoryNotebook:
    """``Notebook`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def add(
        self,
        conversation_id: str,
        author: str,
        text: str,
        mentions: Sequence[str],
        now: datetime,
    ) -> Note | None:
        """See ``Notebook``."""
        if not self._memory.knows(conversation_id):
            return None
        note = Note(token_hex(10), conversation_id, author, now, text, tuple(mentions))
        self._memory.notes.append(note)
        self._memory.mentions.update(((note.id, agent), False) for agent in mentions)
        return note

    async def notes(self, conversation_id: str) -> Sequence[Note]:
        """See ``Notebook``."""
        return [one for one in self._memory.notes if one.conversation_id == conversation_id]

    async def draft(self, conversation_id: str) -> SharedDraft | None:
        """See ``Notebook``."""
        return self._memory.drafts.get(conversation_id)

    async def save_draft(
        self, conversation_id: str, text: str, author: str, seen: int, now: datetime
    ) -> SharedDraft | None:
        """See ``Notebook``."""
        if not self._memory.knows(conversation_id):
            return None
        current = self._memory.drafts.get(conversation_id)
        if current is not None and current.version != seen:
            raise DraftChanged(current)
        kept = SharedDraft(conversation_id, seen + 1, author, now, text)
        self._memory.drafts[conversation_id] = kept
        return kept

    async def mentioning(self, agent: str) -> Sequence[Note]:
        """See ``Notebook``."""
        unseen = {note for (note, who), seen in self._memory.mentions.items()
                  if who == agent and not seen}  # fmt: skip
        return [one for one in self._memory.notes if one.id in unseen]

    async def seen(self, agent: str, conversation_id: str, now: datetime) -> None:
        """See ``Notebook``."""
        for note in await self.notes(conversation_id):
            if (note.id, agent) in self._memory.mentions:
                self._memory.mentions[note.id, agent] = True


class MemoryTasks:
    """``Tasks`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

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
        """See ``Tasks``."""
        if not any(filing_id in case.filings for case in self._memory.conversations()):
            return None
        key = f"{BY_HAND}:{token_hex(8)}"
        task = Task(
            key,
            filing_id,
            BY_HAND,
            now,
            text=text,
            author=author,
            assignee=assignee,
            due_at=due_at,
        )
        self._memory.tasks[key] = task
        return task

    async def of_filing(self, filing_id: str) -> Sequence[Task]:
        """See ``Tasks``."""
        found = [one for one in self._memory.tasks.values() if one.filing_id == filing_id]
        return sorted(found, key=lambda one: (one.done_at is not None, one.at, one.key))

    async def open(self, limit: int = 200, *, assignee: str | None = None) -> Sequence[Task]:
        """See ``Tasks``."""
        found = [
            one
            for one in self._memory.tasks.values()
            if one.done_at is None and assignee in (None, one.assignee)
        ]
        return sorted(found, key=lambda one: (one.at, one.key))[:limit]

    async def assign(self, key: str, assignee: str | None) -> bool:
        """See ``Tasks``."""
        task = self._memory.tasks.get(key)
        if task is None or task.done_at is not None:
            return False
        self._memory.tasks[key] = replace(task, assignee=assignee)
        return True

    async def finish(self, key: str, who: str, now: datetime) -> bool:
        """See ``Tasks``."""
        task = self._memory.tasks.get(key)
        if task is None or task.done_at is not None:
            return False
        self._memory.tasks[key] = replace(task, done_at=now, done_by=who)
        return True


class MemoryPresence:
    """``Presence`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def beat(self, conversation_id: str, who: str, now: datetime, *, typing: bool) -> bool:
        """See ``Presence``."""
        if not self._memory.knows(conversation_id):
            return False
        seen, typed = self._memory.presence.get((conversation_id, who), (None, None))
        self._memory.presence[conversation_id, who] = (now, now if typing else None)
        if seen is None or seen <= now - GONE_AFTER:
            return True
        return typing != (typed is not None and typed > now - TYPING_FOR)

    async def leave(self, conversation_id: str, who: str) -> None:
        """See ``Presence``."""
        self._memory.presence.pop((conversation_id, who), None)

    async def present(self, conversation_id: str, now: datetime) -> Sequence[Present]:
        """See ``Presence``."""
        return [
            Present(who, typed is not None and typed > now - TYPING_FOR)
            for (scope, who), (seen, typed) in sorted(
                self._memory.presence.items(), key=lambda item: item[0]
            )
            if scope == conversation_id and seen > now - GONE_AFTER
        ]
