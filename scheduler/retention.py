"""Deletes what has had its time: papers, content and key first, then the rows say that it is gone.

A run that breaks off leaves nothing half done: what was destroyed is named gone by the next.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from dialogs.assistant import Assistant
from dialogs.blanking import until
from dialogs.case import Case, FilingRecord
from dialogs.message import Identity
from dialogs.turn import TurnResult
from filing.materials.retention import KeepingTime
from scheduler.blanking import Blanking
from scheduler.ports import KeptMaterials, Leftovers

_log = logging.getLogger(__name__)

LOST_AFTER: Final = timedelta(days=1)
"""A file whose turn never came belongs to nothing; it goes after a day."""


class Shredder(Protocol):
    """Deletes files for good; ``storage.ports.Files`` in the program."""

    async def destroy(self, file_ids: Iterable[str]) -> int:
        """Delete files: their keys, rows and contents. Returns how many there were."""
        ...

    async def sweep(self) -> int:
        """Remove contents without a row that are older than a day; returns how many."""
        ...


@dataclass(frozen=True, slots=True)
class Deleted:
    """What one run took away."""

    materials: int = 0  # pieces of filings
    filings: int = 0  # that had them
    loose: int = 0  # other files people had sent
    orphans: int = 0  # contents nobody could open any more
    failed: int = 0  # people whose papers could not be looked at this time
    leftovers: int = 0  # rows of no use any more
    answers: int = 0  # filings whose answers lost values


@dataclass(slots=True)
class Retention:
    """The nightly job. Running it again, or in several processes, changes nothing further."""

    assistant: Assistant
    materials: KeptMaterials
    files: Shredder
    clock: Callable[[], datetime]
    keeping: KeepingTime
    leftovers: Leftovers | None = None
    blanking: Blanking | None = None
    observer: Callable[[Deleted, datetime], None] = lambda deleted, at: None

    async def run(self) -> Deleted:
        """Delete all that is due now."""
        now = self.clock()
        pieces = filings = failed = 0
        for identity in await self.materials.holders(now - self.keeping.shortest):
            try:
                gone = await self._of(identity, now)
            except Exception as error:  # the others' papers are due all the same
                failed += 1
                _log.error("papers could not be deleted: %s", type(error).__name__)
                continue
            pieces += sum(map(len, gone.values()))
            filings += len(gone)
        loose, missed = await self._loose(now)
        rows = await self.leftovers.clear(now) if self.leftovers is not None else 0
        orphans = await self.files.sweep()
        blanked, unread = await self.blanking.run() if self.blanking is not None else (0, 0)
        failed += missed + unread
        deleted = Deleted(pieces, filings, loose, orphans, failed, rows, blanked)
        self.observer(deleted, now)
        return deleted

    async def _of(self, identity: Identity, now: datetime) -> Mapping[str, Collection[str]]:
        """Delete what is due of one person; the pieces by filing."""
        case = await self.assistant.case_anew(identity)
        due = {
            filing.id: ids
            for filing in case.filings.values()
            if (ids := _kept(filing)) and until(case, filing, self.keeping, now) <= now
        }
        if not due:
            return {}
        await self.files.destroy([one for ids in due.values() for one in ids])
        await self.assistant.act(identity, lambda case: _marked(case, due))
        return due

    async def _loose(self, now: datetime) -> tuple[int, int]:
        """Delete other files that are due: how many, and of how many people that failed."""
        due: list[str] = []
        failed = 0
        for file in await self.materials.loose(now - LOST_AFTER):
            try:
                case = await self.assistant.case_anew(file.identity)
            except Exception as error:
                failed += 1
                _log.error("files could not be looked at: %s", type(error).__name__)
                continue
            if _loose_until(case, file.at, self.keeping, now) <= now:
                due.append(file.id)
        return await self.files.destroy(due), failed


def _kept(filing: FilingRecord) -> Sequence[str]:
    return [one.id for one in filing.materials if not one.gone]


def _loose_until(case: Case, at: datetime, keeping: KeepingTime, now: datetime) -> datetime:
    """When a file goes that is no paper of a filing: with the last of the person's filings."""
    if not case.version:
        return at + LOST_AFTER
    ends = [until(case, filing, keeping, now) for filing in case.filings.values()]
    if not ends:
        return max(at, case.attention.seen_at or at) + keeping.idle
    return max(*ends, at + keeping.shortest)


def _marked(case: Case, due: Mapping[str, Collection[str]]) -> TurnResult:
    """The turn that says which contents are gone. It says nothing to anybody."""
    filings = dict(case.filings)
    for key, ids in due.items():
        if (filing := filings.get(key)) is not None:
            pieces = tuple(
                replace(one, gone=True) if one.id in ids else one for one in filing.materials
            )
            filings[key] = replace(filing, materials=pieces)
    return TurnResult(replace(case, filings=filings, version=case.version + 1), ())
