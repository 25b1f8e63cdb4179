"""Filing records that an operator can query, answering in the applicant's place."""

from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from dialogs.case import RECORD_LOOKUP, Case
from dialogs.message import ReplyKind
from dialogs.turn.draft import Draft, TurnResult
from dialogs.turn.taking import finish
from dialogs.world import World
from filing.kind import DomainRecord, SubjectRecord
from filing.record import RecordStatus

_UNSURE: Final = frozenset({SubjectRecord.UNSURE.value, DomainRecord.UNSURE.value})


class Wanted(NamedTuple):
    """What records would have to be queried for."""

    certificate: str  # the subject's certificate number
    domain: str


def wanted_record(before: Case, result: TurnResult, now: datetime, world: World) -> Wanted | None:
    """What to look up, if a turn has just come to a question that records could answer."""
    asked = result.replies[-1].step if result.replies else None
    if asked is None or result.case.filing is None:
        return None
    step = world.flows[result.case.filing.flow][asked]
    if step.looked_up is None or result.case.attention.focus == asked:
        return None  # a question the applicant went back to is theirs to answer
    earlier = Draft(before, world, now, _no_id).open_step
    filing = Draft(result.case, world, now, _no_id).filing
    number, domain = filing.subject.certificate.number, filing.website.domain
    if (earlier is not None and earlier.key == asked) or not number or not domain:
        return None
    return Wanted(number, domain)


def take_record(
    result: TurnResult, status: RecordStatus, now: datetime, world: World
) -> TurnResult:
    """The same turn with the question answered from the records.

    What the records leave unsure is still asked. The turn stays one: one version, one commit.
    """
    draft = Draft(result.case, world, now, _no_id)
    draft.ended_before = False
    draft.replies = list(result.replies[:-1])
    said = {"subject": status.subject.value, "domain": status.domain.value}
    taken = []
    for step in draft.flow.steps:
        value = said.get(step.looked_up or "")
        if value is None or value in _UNSURE or not step.applies(draft.ground):
            continue
        draft.put(step, value, remember=False, author=RECORD_LOOKUP)
        taken.append(draft.value_line(step, value))
    if not taken:
        return result
    draft.attend(focus=None)
    draft.say(ReplyKind.NOTICE, "message.looked_up", lines="\n".join(taken))
    finish(draft)
    return replace(result, case=draft.case, replies=tuple(draft.replies))


def _no_id() -> str:
    raise LookupError("a look-up never begins a filing")
