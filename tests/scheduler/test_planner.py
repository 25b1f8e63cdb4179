"""Planning is pure and repeatable; reconciling ends where it should, once."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.reminding import Purpose, Reminder, ReminderStatus
from filing.deadline import CHINA, deadlines_of
from filing.event import Event, EventType
from scheduler.planner import plan, quiet_until
from scheduler.reconcile import Known, reconcile
from tests.filing.test_deadline import AT_BUREAU, FILING, event
from tests.scheduler.world import china, shared_world

_S = ReminderStatus
TOLD = (*AT_BUREAU, event("sms_received", "2026-11-25T15:00"))


def planned(*events: Event, quiet: tuple[int, int] | None = None) -> tuple[Reminder, ...]:
    found = deadlines_of(FILING, events, shared_world().deadlines, china("2026-11-25T16:00"))
    return plan("f1", found, events, quiet)


def of(reminders: tuple[Reminder, ...], kind: str, who: str) -> list[Reminder]:
    return [one for one in reminders if one.deadline.startswith(f"{kind}:{who}:")]


def test_the_same_case_plans_the_same_keys() -> None:
    assert planned(*TOLD) == planned(*TOLD)
    keys = [one.key for one in planned(*TOLD)]
    assert len(keys) == len(set(keys))


def test_a_key_names_filing_deadline_person_rule_and_offset() -> None:
    first = of(planned(*TOLD), "sms_verification", "principal")[0]
    assert first.key == "f1/sms_verification:principal:2026-11-25T1500/2020-08-17/PT0H"


def test_reminders_are_numbered_and_end_with_two_looks_of_staff() -> None:
    mine = of(planned(*TOLD), "sms_verification", "principal")
    assert [(one.number, one.total) for one in mine if not one.purpose.is_for_staff] == [
        (number, 5)
        for number in range(6)  # the first comes with the news of the SMS, and is not counted
    ]
    assert [one.purpose for one in mine if one.purpose.is_for_staff] == [
        Purpose.UNANSWERED,
        Purpose.OVERDUE,
    ]
    last = max(one.at for one in mine if not one.purpose.is_for_staff)
    unanswered, overdue = (one.at for one in mine if one.purpose.is_for_staff)
    assert last < unanswered < overdue == china("2026-11-26T15:00")


@pytest.mark.parametrize(
    "at, deadline, quiet, until",
    [
        ("2026-11-25T23:00", "2026-11-27T00:00", None, "2026-11-26T08:00"),
        ("2026-11-26T03:00", "2026-11-27T00:00", None, "2026-11-26T08:00"),
        ("2026-11-26T08:00", "2026-11-27T00:00", None, None),
        ("2026-11-26T21:59", "2026-11-27T00:00", None, None),
        ("2026-11-25T23:00", "2026-11-26T07:00", None, None),
        ("2026-11-26T13:00", "2026-11-27T00:00", (12, 14), "2026-11-26T14:00"),
        ("2026-11-26T03:00", "2026-11-27T00:00", (0, 0), None),
    ],
)
def test_quiet_hours_end_before_the_deadline_or_do_not_hold(
    at: str, deadline: str, quiet: tuple[int, int] | None, until: str | None
) -> None:
    expected = china(until) if until else None
    assert quiet_until(china(at), china(deadline), quiet) == expected


@given(st.tuples(st.integers(0, 23), st.integers(0, 23)))
def test_no_quiet_hours_move_a_reminder_past_its_deadline(quiet: tuple[int, int]) -> None:
    for one in planned(*TOLD, quiet=quiet):
        if one.purpose is Purpose.REMIND and one.kind == "sms_verification":
            assert one.at < one.deadline_at


def applied(known: list[Known], wanted: tuple[Reminder, ...], now: datetime) -> list[Known]:
    changes = reconcile(known, wanted, now)
    there = {one.key: one for one in known}
    for key in changes.cancel:
        there[key] = _as(there[key], _S.CANCELLED)
    for one in changes.move:
        there[one.key] = Known(one.key, one.deadline, one.at, one.deadline_at, _S.PLANNED)
    for one, status in changes.add:
        there[one.key] = Known(one.key, one.deadline, one.at, one.deadline_at, status)
    return list(there.values())


def _as(one: Known, status: ReminderStatus) -> Known:
    return Known(one.key, one.deadline, one.at, one.deadline_at, status)


@given(
    st.lists(st.integers(0, len(TOLD)), min_size=1, max_size=6),
    st.integers(-48, 96),
)
def test_reconciling_twice_changes_nothing_and_leaves_what_is_wanted(
    steps: list[int], hours: int
) -> None:
    now = datetime(2026, 11, 25, 16, tzinfo=CHINA) + timedelta(hours=hours)
    known: list[Known] = []
    for count in steps:
        wanted = planned(*TOLD[:count]) if count else ()
        known = applied(known, wanted, now)
        assert not reconcile(known, wanted, now).cancel
        assert not reconcile(known, wanted, now).move
        keys = {one.key for one in wanted}
        waiting = {one.key for one in known if one.status is _S.PLANNED}
        assert waiting <= keys
        assert {one.key for one in wanted if one.at > now} <= waiting


def test_a_reminder_sent_before_is_never_planned_again() -> None:
    wanted = planned(*TOLD)
    known = [
        Known(one.key, one.deadline, one.at, one.deadline_at, _S.SENT, one.at) for one in wanted
    ]
    assert not reconcile(known, wanted, china("2026-11-26T12:00"))


def test_two_different_snoozes_leave_the_last() -> None:
    deadline = "sms_verification:principal:2026-11-25T1500"

    def snooze(said: str, until: str) -> Event:
        data = {"what": deadline, "until": china(until).isoformat()}
        return Event(EventType.REMINDER_SNOOZED, china(said), data)

    found = planned(
        *TOLD,
        snooze("2026-11-25T15:30", "2026-11-25T16:30"),
        snooze("2026-11-25T15:40", "2026-11-25T19:40"),
    )
    mine = [one for one in found if one.deadline == deadline and not one.purpose.is_for_staff]
    assert [f"{one.at.astimezone(CHINA):%d %H:%M}" for one in mine] == [
        "25 15:00", "25 19:40", "25 21:00", "26 08:00", "26 11:00", "26 14:00",
    ]  # fmt: skip
