"""Blanks answers whose time is over: first where people wrote them, then the answers themselves.

So a run that breaks off knows the values still, and the next one makes it up.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dialogs.assistant import Assistant, NotNow
from dialogs.blanked_words import Blanker
from dialogs.blanking import blank_due, due_steps
from dialogs.case import Case
from dialogs.message import Identity
from dialogs.turn import TurnResult
from dialogs.world import World
from scheduler.ports import KeptAnswers

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Blanking:
    """The nightly work. Running it again, or in several processes, changes nothing further."""

    assistant: Assistant
    answers: KeptAnswers
    clock: Callable[[], datetime]

    async def run(self) -> tuple[int, int]:
        """Blank all that is due: of how many filings, and of how many people that failed."""
        blanked = failed = 0
        world = self.assistant.world
        for whose in await self.answers.holders(self.clock() - world.keeping.shortest):
            try:
                blanked += await self._of(whose)
            except Exception as error:  # the others' are due all the same
                failed += 1
                _log.error("answers could not be blanked: %s", type(error).__name__)
        if blanked:
            await self.answers.scrub()
        return blanked, failed

    async def _of(self, whose: Identity) -> int:
        """Blank what is due of one person; of how many filings."""
        case = await self.assistant.case_anew(whose)
        now, world = self.clock(), self.assistant.world
        due = {
            key: steps
            for key, filing in case.filings.items()
            if (steps := due_steps(case, filing, now, world))
        }
        for key, steps in due.items():
            blanker = Blanker.of(case, case.filings[key], steps, world)
            await self.answers.rewrite(whose, blanker.entry)
        if blank_due(case, now, world) is not None:
            try:
                await self.assistant.act(whose, lambda case: _blanked(case, now, world))
            except NotNow:  # another process was quicker
                return 0
        return len(due)


def _blanked(case: Case, now: datetime, world: World) -> TurnResult:
    result = blank_due(case, now, world)
    if result is None:
        raise NotNow
    return result
