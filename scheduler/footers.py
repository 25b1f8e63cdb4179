"""Looking at the home pages of filed websites again: until they are right, then once a month."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from dialogs.assistant import Assistant
from dialogs.case import Case
from dialogs.world import SHANGHAI, day_of
from filing.event import EventType, Stage
from filing.stage import stage_of
from scheduler.ports import ReminderStore

BATCH: Final = 100
"""Filings looked over in one step; of these only those whose day it is are fetched."""

_FROM: Final = 9  # o'clock: whoever is told something is awake
_UNTIL: Final = 21
_MONTH: Final = 30  # days


def is_the_day(since: date, shown: date | None, today: date) -> bool:
    """Whether a page is to be looked at today.

    ``since`` is when the website opened, or was approved; ``shown`` when its footer was last
    known to be right for the first time. Until then daily for two weeks, weekly for half a
    year, then monthly; afterwards monthly.
    """
    if shown is not None:
        passed = (today - shown).days
        return passed > 0 and passed % _MONTH == 0
    passed = (today - since).days
    if passed <= 14:
        return passed >= 0
    return passed % (7 if passed <= 180 else _MONTH) == 0


@dataclass(slots=True)
class FooterRounds:
    """One round a day over all filings, a few at each step. Where it is, is safe to lose.

    Two processes that go round at once look twice and tell once: what the second finds is no
    news any more.
    """

    assistant: Assistant
    store: ReminderStore
    clock: Callable[[], datetime]
    _after: str = ""
    _done_on: date | None = None

    async def run(self) -> int:
        """Take the next step of today's round; how many pages brought news."""
        now = self.clock().astimezone(SHANGHAI)
        if self._done_on == now.date() or not _FROM <= now.hour < _UNTIL:
            return 0
        filings = await self.store.filings_after(self._after, BATCH)
        news = 0
        for filing_id, identity in filings:
            case = await self.assistant.case(identity)
            if self._is_due(case, filing_id, now.date()):
                news += await self.assistant.recheck_footer(identity, filing_id)
            self._after = filing_id
        if not filings:
            self._after, self._done_on = "", now.date()
        return news

    def _is_due(self, case: Case, filing_id: str, today: date) -> bool:
        filing = case.filings.get(filing_id)
        if filing is None:
            return False
        state = stage_of(filing.events)
        opened = state.when(EventType.WEBSITE_OPENED) or state.when(EventType.BUREAU_APPROVED)
        if state.stage is not Stage.APPROVED or opened is None:
            return False
        shown = state.when(EventType.FOOTER_DISPLAYED)
        filed = state.when(EventType.POLICE_FILED)
        if filed is not None and state.when(EventType.POLICE_NUMBER_DISPLAYED) is None:
            opened, shown = filed, None  # the police's number has yet to appear
        return is_the_day(day_of(opened), day_of(shown) if shown else None, today)
