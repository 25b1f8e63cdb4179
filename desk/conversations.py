"""One conversation as a colleague opens it: everything the page shows, read together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from desk.allowance import Allowance
from desk.facts import facts_of
from desk.notebook import Note, SharedDraft
from desk.parts import Parts
from desk.presence import APPLICANT, HOLDER, Present
from desk.pulse import Pulse
from desk.staff import Agent
from desk.tasks import Task
from dialogs.case import Case, Hold
from dialogs.overview import Overview, overview
from dialogs.ports import Entry
from filing.deadline import Deadline

SHOWN: Final = 200
"""Lines of the transcript on a page; older ones are a link away."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation with what staff keep beside it, at one moment."""

    id: str
    case: Case
    entries: Sequence[Entry]
    earlier: bool  # whether there are older lines than these
    overview: Overview
    notes: Sequence[Note]
    draft: SharedDraft | None
    tasks: Sequence[Task]
    present: Sequence[Present]
    allowance: Allowance
    pulse: Pulse  # felt before the rest was read: what changes meanwhile shows in the next one
    now: datetime

    @property
    def hold(self) -> Hold | None:
        """Who has it."""
        return self.case.hold

    def is_mine(self, agent: Agent) -> bool:
        """Whether this colleague has it."""
        return self.case.hold is not None and self.case.hold.agent == agent.id

    def is_over(self) -> bool:
        """Whether its holder has been silent for so long that anybody may take it."""
        return self.case.hold is not None and self.case.hold.until <= self.now

    @property
    def name(self) -> str:
        """What to call it: the domain, else the name of the subject, else its channel's."""
        values = self.overview.standing.masked_values
        return values.get("domain") or values.get("subject_name") or ""

    @property
    def deadlines(self) -> Sequence[Deadline]:
        """Those that still run, the nearest first."""
        return [one for one in self.overview.standing.deadlines if one.open]

    @property
    def left(self) -> timedelta | None:
        """Until the nearest deadline that still runs."""
        ahead = [one.due_at - self.now for one in self.deadlines if one.due_at > self.now]
        return min(ahead, default=None)

    @property
    def mark(self) -> str:
        """Changes whenever something the page shows does."""
        return self.pulse.mark(self.now)


def others_among(present: Sequence[Present], agent: Agent) -> Sequence[Present]:
    """The colleagues who look at it besides this one."""
    return [one for one in present if one.who not in (APPLICANT, HOLDER, agent.name)]


async def open_conversation(
    parts: Parts, conversation: str, locale: str, before: int | None = None
) -> Opened | None:
    """The conversation of this id, as it is stored now; None if there is none.

    ``before`` shows the lines older than that number instead of the newest.
    """
    pulse = await parts.helping.pulses.of(conversation)
    if pulse is None:
        return None
    now = parts.clock()
    # Another process may have changed it: staff decide on what is stored, not remembered.
    case = await parts.assistant.case_anew(pulse.identity)
    entries = await parts.helping.transcript.latest(pulse.identity, SHOWN + 1, before)
    shown = entries[-SHOWN:]
    return Opened(
        conversation,
        case,
        shown,
        len(entries) > SHOWN,
        overview(case, now, parts.world, locale),
        await parts.helping.notebook.notes(conversation),
        await parts.helping.notebook.draft(conversation),
        await parts.helping.tasks.of_filing(case.active) if case.active else (),
        await parts.helping.presence.present(conversation, now),
        await parts.helping.allowance(case.identity, shown, now),
        pulse,
        now,
    )


def facts_for(opened: Opened, agent: Agent, parts: Parts) -> dict[str, str]:
    """What canned texts may say of this conversation."""
    return facts_of(opened.case, opened.overview.standing, opened.now, parts.world, agent.shown_as)
