"""The reminders of whole cases: what a turn changed about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dialogs.case import Case, FilingRecord
from dialogs.due import deadlines_in, starts_a_deadline
from dialogs.reminding import Reminder
from dialogs.world import World
from filing.workdays import is_published
from scheduler.planner import plan


@dataclass(frozen=True, slots=True)
class CasePlanner:
    """Plans the reminders of every filing that a turn touched."""

    world: World

    def __call__(
        self, before: Case, after: Case, now: datetime
    ) -> Mapping[str, tuple[Reminder, ...]]:
        """All reminders that should exist, for each filing where that may have changed."""
        if after.is_at_rest != before.is_at_rest:
            touched = list(after.filings.values())
        elif after.attention.quiet != before.attention.quiet:
            touched = [one for one in after.filings.values() if one.events]
        elif after.filings is before.filings:
            return {}
        else:
            touched = [
                one
                for key, one in after.filings.items()
                if self._may_differ(before.filings.get(key), one)
            ]
        return {one.id: self.of_filing(after, one, now) for one in touched}

    def of_filing(self, case: Case, filing: FilingRecord, now: datetime) -> tuple[Reminder, ...]:
        """All reminders that should exist for one filing."""
        if case.is_at_rest:
            return ()
        deadlines = deadlines_in(case, now, self.world, record=filing)
        if not deadlines and not filing.events:
            return ()
        return plan(filing.id, deadlines, filing.events, case.attention.quiet)

    def guessed_years(self, case: Case, filing: FilingRecord, now: datetime) -> frozenset[int]:
        """Years without a published calendar that an open deadline reaches into."""
        return frozenset(
            year
            for one in deadlines_in(case, now, self.world, record=filing)
            if one.open and one.estimated
            for year in range(one.starts_at.year, one.due_at.year + 1)
            if not is_published(year)
        )

    def _may_differ(self, before: FilingRecord | None, after: FilingRecord) -> bool:
        """Whether a turn that made one of the other can have moved a deadline."""
        if before is after:
            return False
        if after.events:
            return True
        known = len(before.answers) if before is not None else 0
        return starts_a_deadline(self.world.flows[after.flow], after.answers[known:])
