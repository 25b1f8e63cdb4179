"""The contacts of a filing are asked about again every half year, for as long as it lasts."""

from datetime import UTC, datetime, timedelta

from filing.deadline import Deadline, deadlines_of
from filing.deadline_facts import CONTACT_CHECK
from filing.event import Event, EventType
from filing.model import Filing
from knowledge.deadlines import deadline_rules
from knowledge.provider import load_provider
from knowledge.rules_loader import load_rulebook

APPROVED = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
HALF_A_YEAR = timedelta(days=180)
RULES = deadline_rules(load_rulebook(), load_provider("qingcloud"))
EVENTS = (
    Event(EventType.SUBMITTED_TO_BUREAU, APPROVED - timedelta(days=9)),
    Event(EventType.BUREAU_APPROVED, APPROVED, {"filing_number": "苏ICP备2026000001号-1"}),
)


def check(*told: Event, at: datetime) -> Deadline:
    """The check as it stands at a moment."""
    [found] = [
        one
        for one in deadlines_of(Filing(), (*EVENTS, *told), RULES, at)
        if one.kind.key == CONTACT_CHECK
    ]
    return found


def said_right(at: datetime, what: str) -> Event:
    return Event(EventType.DUTY_DONE, at, {"what": what})


def test_the_first_check_comes_half_a_year_after_approval() -> None:
    first = check(at=APPROVED)
    assert first.open and not first.provisional
    assert (first.due_at - APPROVED).days in (180, 181)


def test_each_check_begins_the_next_one() -> None:
    first = check(at=APPROVED)
    for what in (first.id, CONTACT_CHECK):
        told = said_right(APPROVED + HALF_A_YEAR, what)
        second = check(told, at=told.at)
        assert second.open
        assert second.id != first.id
        assert second.due_at > first.due_at + HALF_A_YEAR - timedelta(days=2)
        third = check(told, said_right(told.at + HALF_A_YEAR, what), at=told.at + HALF_A_YEAR)
        assert third.open
        assert third.due_at > second.due_at


def test_before_approval_there_is_none() -> None:
    found = deadlines_of(Filing(), EVENTS[:1], RULES, APPROVED)
    assert CONTACT_CHECK not in {one.kind.key for one in found}
