"""The deadlines of a filing in a conversation, from its answers and events."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from dialogs.assemble import assemble
from dialogs.case import Answer, Case, FilingRecord
from dialogs.flow import Flow
from dialogs.journey import journey, latest
from dialogs.world import World, day_of
from filing.deadline import Deadline, deadlines_of
from filing.model import Filing
from filing.months import months_after
from filing.sms import sms_recipients
from filing.stage import persons_to_verify

_MONTHS_LEFT = "resources.months_left"
_DATED_IN_A_DRAFT = frozenset({"website.domain_verified_on"})


def deadlines_in(
    case: Case,
    now: datetime,
    world: World,
    *,
    record: FilingRecord | None = None,
    values: Mapping[str, str] | None = None,
) -> tuple[Deadline, ...]:
    """The deadlines of a filing of the case, by default the active one; the nearest first.

    ``values`` are those of its journey, where they are known already.
    """
    record = record or case.filing
    if record is None:
        return ()
    flow = world.flows[record.flow]
    if not record.events and not starts_a_deadline(flow, record.answers):
        return ()
    if values is None:
        answers = flow.carry_over(record.answers, record.flow_version)
        values = journey(flow, answers, world.rulebook, day_of(now)).values
    filing = assemble(flow, values)
    recipients = sms_recipients(
        world.rulebook, day_of(now), values.get("filing_kind"), values.get("province")
    )
    return deadlines_of(
        filing,
        record.events,
        world.deadlines,
        now,
        persons=persons_to_verify(filing, recipients),
        dates=_dates_of(flow, record, filing),
    )


def starts_a_deadline(flow: Flow, answers: Sequence[Answer]) -> bool:
    """Whether something among these answers is a date that a draft's deadlines run from."""
    return any(
        answer.step in flow and flow[answer.step].fills in _DATED_IN_A_DRAFT for answer in answers
    )


def _dates_of(flow: Flow, record: FilingRecord, filing: Filing) -> Mapping[str, date]:
    """Dates that follow from an answer and the day it was given."""
    months = filing.resources.months_left
    step = next((step for step in flow.steps if step.fills == _MONTHS_LEFT), None)
    answer = latest(record.answers).get(step.key) if step is not None else None
    if months is None or answer is None:
        return {}
    return {"server_valid_until": months_after(day_of(answer.at), months)}
