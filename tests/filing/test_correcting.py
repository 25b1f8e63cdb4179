"""Words taken back: what was told by mistake no longer counts, what is told again does."""

from datetime import datetime, timedelta

from filing.correcting import correction_of, last_told, standing
from filing.deadline import CHINA
from filing.event import AUTHOR, Event, EventType, Stage, read_event
from filing.invalid import Invalid
from filing.stage import stage_of

START = datetime(2026, 11, 24, 9, tzinfo=CHINA)


def event(kind: EventType, hours: int, **data: str) -> Event:
    return Event(kind, START + timedelta(hours=hours), data)


HANDED_IN = event(EventType.SUBMITTED_FOR_FIRST_REVIEW, 0)
PASSED = event(EventType.FIRST_REVIEW_PASSED, 1, **{AUTHOR: "applicant"})
MISTAKE = correction_of(PASSED, START + timedelta(hours=2), "applicant")


def test_what_was_told_by_mistake_does_not_count() -> None:
    state = stage_of((HANDED_IN, PASSED, MISTAKE))
    assert (state.stage, state.since) == (Stage.FIRST_REVIEW, START)
    assert [(one.event, one.why) for one in state.ignored] == [(PASSED, "corrected")]


def test_what_is_told_again_after_its_correction_counts_again() -> None:
    assert standing((HANDED_IN, PASSED, MISTAKE, PASSED)) == (HANDED_IN, PASSED)
    assert stage_of((HANDED_IN, PASSED, MISTAKE, PASSED)).stage is Stage.MATERIALS


def test_a_correction_of_what_nobody_told_is_set_aside() -> None:
    state = stage_of((HANDED_IN, MISTAKE, PASSED))
    assert state.stage is Stage.MATERIALS
    assert [one.why for one in state.ignored] == ["out_of_place"]


def test_one_of_two_persons_is_taken_back() -> None:
    both = [event(EventType.SMS_VERIFIED, 5, person=who) for who in ("principal", "site_manager")]
    told = (HANDED_IN, event(EventType.SUBMITTED_TO_BUREAU, 4), *both)
    assert stage_of(told).stage is Stage.BUREAU_REVIEW
    state = stage_of((*told, correction_of(both[0], START + timedelta(hours=6), "staff")))
    assert state.stage is Stage.SMS_VERIFICATION
    assert {one.value for one in state.verified} == {"site_manager"}


def test_a_day_told_and_a_duty_done_are_taken_back_too() -> None:
    done = event(EventType.DUTY_DONE, 9, what="audit", **{AUTHOR: "applicant"})
    assert standing((done, correction_of(done, START, "applicant"))) == ()


def test_only_what_somebody_told_themselves_is_found_as_their_last_word() -> None:
    by_staff = event(EventType.SECOND_REVIEW_PASSED, 3, **{AUTHOR: "staff"})
    told = (HANDED_IN, PASSED, by_staff)
    assert last_told(told, "applicant") == PASSED
    assert last_told((*told, MISTAKE), "applicant") is None
    assert last_told(told, "applicant", {EventType.SMS_RECEIVED}) is None


def test_a_correction_from_outside_needs_to_say_of_what() -> None:
    right = {"type": "corrected", "event": "bureau_approved", "told_at": START.isoformat()}
    assert isinstance(read_event(right, START), Event)
    for field, value in (("event", "nonsense"), ("told_at", "yesterday"), ("told_at", None)):
        wrong = read_event(right | {field: value}, START)
        assert isinstance(wrong, Invalid)
        assert wrong.code == f"event.{field}"
