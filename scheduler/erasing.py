"""Deletes all that is kept of people who asked for it, a day after they did; nobody has to help.

First the last words are said and given time to be sent: once the rows are gone, so is the address.
Two processes at it, or one that breaks off, leave nothing half done: the next tick goes on.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dialogs.assistant import Assistant, Handled, NotNow
from dialogs.case import Case
from dialogs.message import Identity
from dialogs.turn import TurnResult, announce, farewell
from scheduler.ports import DueErasure, WantedErasures

_log = logging.getLogger(__name__)

TO_SEND: Final = timedelta(hours=1)
"""How long the last words may wait to be sent before everything goes without them."""

A_NIGHT: Final = 1000
"""How many people are told in one night at most."""

WITHOUT_WORDS: Final = timedelta(hours=12)
"""How long after its time somebody's data goes at the latest, even if nothing can be said."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one run did."""

    told: int = 0
    erased: int = 0
    failed: int = 0


@dataclass(slots=True)
class ErasingJob:
    """Carries erasures out. ``erase`` destroys an applicant's keys, rows and files."""

    assistant: Assistant
    wanted: WantedErasures
    erase: Callable[[str], Awaitable[object]]
    clock: Callable[[], datetime]
    idle: timedelta = timedelta(days=90)  # of silence, before unfinished filings go by themselves
    observer: Callable[[Swept, datetime], None] = lambda swept, at: None
    hearer: Callable[[Handled], None] = lambda handled: None  # of what is said to people

    async def run(self) -> Swept:
        """Do all that is due now."""
        told = erased = failed = 0
        for one in await self.wanted.due(self.clock()):
            try:
                if self._goes(one):
                    people = await self._everywhere(one.identity)
                    await self.erase(one.applicant)
                    self.assistant.tell(people)  # open pages show nothing of theirs any more
                    erased += 1
                elif one.told_at is None:
                    self.hearer(await self.assistant.act(one.identity, self._farewell))
                    told += 1
            except NotNow:  # taken back at the last moment
                continue
            except Exception as error:  # the others are due all the same
                failed += 1
                _log.error("an erasure failed: %s", type(error).__name__)
        swept = Swept(told, erased, failed)
        self.observer(swept, self.clock())
        return swept

    async def announce(self) -> int:
        """Tell those who have been silent for too long that their data is to go; how many."""
        announced = 0
        for whose in await self.wanted.idle(self.clock() - self.idle, A_NIGHT):
            try:
                self.hearer(await self.assistant.act(whose, self._announced))
                announced += 1
            except NotNow:  # they have written since, or a nightly job has
                continue
            except Exception as error:
                _log.error("a deletion could not be announced: %s", type(error).__name__)
        return announced

    async def _everywhere(self, whose: Identity) -> Sequence[Identity]:
        try:
            return (await self.assistant.case_anew(whose)).everywhere
        except Exception:  # what cannot be read goes all the same
            return (whose,)

    def _goes(self, one: DueErasure) -> bool:
        now = self.clock()
        if one.told_at is None:
            return now >= one.due_at + WITHOUT_WORDS
        return not one.is_unsent or now >= one.told_at + TO_SEND

    def _announced(self, case: Case) -> TurnResult:
        said = announce(case, self.idle, self.clock(), self.assistant.world)
        if said is None:
            raise NotNow
        return said

    def _farewell(self, case: Case) -> TurnResult:
        said = farewell(case, self.clock(), self.assistant.world)
        if said is None:
            raise NotNow
        return said
