"""Dockets in memory."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime

from desk.docket import SHAPE, Line
from desk.dockets import STRETCH, Changed, Kept, Seen, Stretch
from desk.placing import Placing
from dialogs.case import Case, staff_name
from dialogs.ports import WITHDRAWN, Entry
from storage.memory.listing import PlacedDocket
from storage.memory.shared import Memory
from storage.ports import StorePolicy


class MemoryDockets:
    """``Dockets`` in memory."""

    def __init__(self, memory: Memory, policy: StorePolicy) -> None:
        self._memory = memory
        self._policy = policy

    async def behind(
        self,
        after: Changed | None,
        made_before: datetime,
        *,
        newest_first: bool = False,
        mark: str | None = None,
        size: int = STRETCH,
    ) -> Stretch:
        """See ``Dockets``. When a conversation changed is not known here: all are compared."""
        found = [
            case.conversation_id
            for case in self._memory.conversations()
            if self._is_behind(case, made_before, mark)
        ]
        return Stretch(found, None)

    async def cases(self, conversations: Sequence[str]) -> Sequence[Case]:
        """See ``Dockets``."""
        wanted = set(conversations)
        return [case for case in self._memory.conversations() if case.conversation_id in wanted]

    async def beside(self, conversations: Sequence[str]) -> Mapping[str, Seen]:
        """See ``Dockets``."""
        return {case.conversation_id: self._seen(case) for case in await self.cases(conversations)}

    async def put(self, kept: Sequence[Kept], placing: Placing) -> None:
        """See ``Dockets``."""
        for one in kept:
            scope = one.docket.conversation
            before = self._memory.dockets.get(scope)
            later = before is not None and before.docket.version > one.docket.version
            if self._memory.knows(scope) and not later:
                placed = PlacedDocket.by(one, placing, one.docket.made_at)
                self._memory.dockets[scope] = placed

    async def get(self, conversations: Sequence[str]) -> Sequence[Kept]:
        """See ``Dockets``."""
        known = self._memory.dockets
        return [known[scope].kept for scope in conversations if scope in known]

    async def words(self, conversation: str, limit: int) -> Sequence[Line]:
        """See ``Dockets``."""
        lines = [
            line
            for case in await self.cases([conversation])
            for entry in self._memory.entries.get(case.identity, ())
            if not self._is_withdrawn(entry) and (line := _line(entry)).text
        ]
        return lines[: -limit - 1 : -1]

    async def with_value(self, values: Mapping[str, str]) -> Sequence[str]:
        """See ``Dockets``."""
        wanted = {(k, v) for k, v in values.items() if k in self._policy.indexed_steps}
        return [
            case.conversation_id
            for case in self._memory.conversations()
            if any(
                wanted & set({one.step: one.value for one in filing.answers}.items())
                for filing in case.filings.values()
            )
        ]

    def listening(self, tell: Callable[[Sequence[str]], None]) -> AbstractAsyncContextManager[None]:
        """See ``Dockets``. There is no other process."""
        return nullcontext()

    def _is_behind(self, case: Case, made_before: datetime, mark: str | None) -> bool:
        placed = self._memory.dockets.get(case.conversation_id)
        if placed is None or placed.docket.shape < SHAPE:
            return True
        if mark is not None and placed.mark != mark:
            return True
        return placed.docket.version < case.version or placed.docket.made_at < made_before

    def _seen(self, case: Case) -> Seen:
        placed = self._memory.dockets.get(case.conversation_id)
        seq = 0 if placed is None else placed.docket.talked.seq
        entries = self._memory.entries.get(case.identity, ())
        return Seen(
            None if placed is None else placed.kept,
            [_line(one) for one in entries if one.seq > seq and not self._is_withdrawn(one)],
            [
                task.kind
                for task in self._memory.tasks.values()
                if task.done_at is None and task.filing_id in case.filings
            ],
        )

    def _is_withdrawn(self, entry: Entry) -> bool:
        outcome = self._memory.outcomes.get(entry.outgoing_id or "")
        return outcome is not None and outcome[0] == WITHDRAWN


def _line(entry: Entry) -> Line:
    if entry.said is None:
        return Line(entry.seq, entry.at, "applicant", entry.heard or "")
    if staff_name(entry.author) is None:
        return Line(entry.seq, entry.at, "assistant")
    return Line(entry.seq, entry.at, "staff", entry.said.text)
