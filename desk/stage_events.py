"""Stage events as staff and other programs tell them: read, and judged before they count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from dialogs.case import Case, FilingRecord
from dialogs.standing import standing
from dialogs.world import SHANGHAI, World
from filing.event import Event, EventType, Stage, read_event
from filing.filing_number import parse_filing_number
from filing.invalid import Invalid
from filing.police_number import parse_police_number
from knowledge.rejections import RejectionBook

AHEAD: Final = timedelta(minutes=5)
"""How far clocks may differ before an event lies in the future."""

ONLY_APPLICANTS_TELL: Final = frozenset({EventType.REMEDIED, EventType.REMINDER_SNOOZED})

TOLD_BY_STAFF: Final = tuple(
    kind
    for kind in EventType
    if kind not in ONLY_APPLICANTS_TELL
    and kind not in (EventType.DATE_TOLD, EventType.DUTY_DONE)
    and kind is not EventType.SUBMITTED_FOR_FIRST_REVIEW
)
"""What staff record: all that others do with a filing, in the order of a smooth one."""


SENDS_ON: Final = frozenset(
    {
        EventType.FIRST_REVIEW_PASSED,
        EventType.MATERIALS_SUBMITTED,
        EventType.AUTHENTICITY_PASSED,
        EventType.SECOND_REVIEW_PASSED,
        EventType.SUBMITTED_TO_BUREAU,
    }
)
"""By which staff send a filing on: not while its applicant wants everything deleted."""


@dataclass(frozen=True, slots=True)
class WrongField:
    """A field that cannot be read. ``code`` is ``number``, ``value``, ``code`` or ``future``."""

    field: str
    code: str


class Found(Protocol):
    """A filing with the conversation it is worked on in."""

    @property
    def case(self) -> Case:
        """The conversation."""
        ...

    @property
    def filing(self) -> FilingRecord:
        """The filing."""
        ...


class FindsFilings(Protocol):
    """Finds filings of all applicants."""

    async def find(self, filing_id: str) -> Found | None:
        """A filing by its public id, or None."""
        ...

    async def with_value(self, step: str, value: str) -> Sequence[str]:
        """Ids of filings whose present answer to an indexed step is ``value``."""
        ...


def told_event(
    told: Mapping[str, object], now: datetime, book: RejectionBook | None = None
) -> Event | WrongField:
    """The event as it was told, its numbers normalised.

    With ``book``, reasons of a return that it does not know are refused too.
    """
    data = dict(told)
    for field, parse in (
        ("filing_number", parse_filing_number),
        ("police_number", parse_police_number),
    ):
        if data.get(field):
            number = parse(str(data[field]))
            if isinstance(number, Invalid):
                return WrongField(field, "number")
            data[field] = number.full
    event = read_event(data, now.astimezone(SHANGHAI))
    if isinstance(event, Invalid):
        return WrongField(event.code.partition(".")[2], "value")
    if event.at > now + AHEAD and event.type is not EventType.WEBSITE_OPENED:
        return WrongField("at", "future")
    if book is not None:
        codes = event.data.get("code", "").replace(" ", "").split(",")
        if any(code and code not in book.rejections for code in codes):
            return WrongField("code", "code")
    return event


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What recording an event would lead to. ``outcome`` as in the API: ``counted``,
    ``repeat``, ``out_of_place`` or ``replaced``; for staff also ``erasing``, see ``SENDS_ON``."""

    outcome: str
    before: Stage
    after: Stage
    case: Case  # as it would then be


def foresee(case: Case, filing_id: str, event: Event, now: datetime, world: World) -> Foreseen:
    """What an event would do to a filing of the case. Raises KeyError for another filing."""
    record = case.filings[filing_id]
    before = standing(replace(case, active=filing_id), now, world).stage
    told = replace(record, events=(*record.events, event))
    then = replace(case, active=filing_id, filings={**case.filings, filing_id: told})
    after = standing(then, now, world).stage
    why = next((one.why for one in after.ignored if one.event is event), None)
    changed = replace(case, filings=then.filings)
    outcome = "erasing" if case.erasing and event.type in SENDS_ON else why or "counted"
    return Foreseen(outcome, before.stage, after.stage, changed)
