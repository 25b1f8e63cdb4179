"""The stage of a filing follows from its events, however they arrive."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filing.event import BESIDE_STAGES, Event, EventType, Person, Stage, read_event
from filing.invalid import Invalid, invalid
from filing.model import Filing, ResponsiblePerson
from filing.stage import (
    ALLOWED_FROM,
    BOTH_PERSONS,
    Return,
    StageState,
    persons_to_verify,
    stage_of,
)

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PRINCIPAL_ONLY = frozenset({Person.PRINCIPAL})


def event(kind: str, hours: float = 0, **data: str) -> Event:
    return Event(EventType(kind), MONDAY + timedelta(hours=hours), data)


SMOOTH = (
    (event("submitted_for_first_review", 0), Stage.FIRST_REVIEW),
    (event("first_review_passed", 1), Stage.MATERIALS),
    (event("materials_submitted", 2), Stage.MATERIALS),
    (event("authenticity_passed", 3), Stage.SECOND_REVIEW),
    (event("second_review_passed", 4), Stage.SUBMITTED),
    (event("submitted_to_bureau", 5), Stage.SUBMITTED),
    (event("sms_received", 6), Stage.SMS_VERIFICATION),
    (event("sms_verified", 7, person="principal"), Stage.SMS_VERIFICATION),
    (event("sms_verified", 8, person="site_manager"), Stage.BUREAU_REVIEW),
    (event("bureau_approved", 9, filing_number="苏ICP备2026000001号-1"), Stage.APPROVED),
    (event("website_opened", 10), Stage.APPROVED),
    (event("footer_displayed", 11), Stage.APPROVED),
    (event("police_filed", 12), Stage.APPROVED),
    (event("police_number_displayed", 13), Stage.APPROVED),
)
SMOOTH_EVENTS = tuple(told for told, _ in SMOOTH)
TELL_MORE = ("sms_verified", "remedied")
"""Types that cannot be told by their time alone."""


def test_a_filing_nothing_has_happened_to_is_a_draft() -> None:
    assert stage_of(()) == StageState()


@pytest.mark.parametrize("count", range(1, len(SMOOTH) + 1))
def test_a_smooth_filing_goes_through_its_stages_in_order(count: int) -> None:
    assert stage_of(SMOOTH_EVENTS[:count]).stage is SMOOTH[count - 1][1]


def test_a_stage_is_dated_by_the_event_that_led_to_it() -> None:
    state = stage_of(SMOOTH_EVENTS[:8])
    assert (state.stage, state.since) == (Stage.SMS_VERIFICATION, MONDAY + timedelta(hours=6))


def test_approval_brings_the_filing_number() -> None:
    assert stage_of(SMOOTH_EVENTS).filing_number == "苏ICP备2026000001号-1"


@given(st.permutations(SMOOTH_EVENTS))
def test_events_arriving_in_any_order_tell_the_same(events: list[Event]) -> None:
    assert stage_of(events) == stage_of(SMOOTH_EVENTS)


@given(st.lists(st.sampled_from(SMOOTH_EVENTS), max_size=8))
def test_events_told_twice_change_nothing_but_the_list_of_repeats(again: list[Event]) -> None:
    state = stage_of((*SMOOTH_EVENTS, *again))
    assert state.accepted == SMOOTH_EVENTS
    assert (state.stage, state.since) == (Stage.APPROVED, MONDAY + timedelta(hours=9))
    assert [ignored.why for ignored in state.ignored] == ["repeat"] * len(again)


@given(
    st.lists(
        st.builds(
            event,
            st.sampled_from([str(kind) for kind in ALLOWED_FROM if kind not in TELL_MORE]),
            st.integers(0, 40),
        )
        | st.builds(
            lambda hours, person: event("sms_verified", hours, person=person),
            st.integers(0, 40),
            st.sampled_from(["principal", "site_manager"]),
        ),
        max_size=25,
    )
)
def test_any_heap_of_events_has_a_stage_and_loses_no_event_silently(events: list[Event]) -> None:
    state = stage_of(events)
    assert state.stage in Stage
    assert all(ignored.event in events for ignored in state.ignored)
    if state.attempt == 1:
        assert len(state.accepted) + len(state.ignored) == len(events)


HEAP = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.sampled_from(
            [
                *((str(kind), {}) for kind in ALLOWED_FROM if kind not in TELL_MORE),
                ("sms_verified", {"person": "principal"}),
                ("sms_verified", {"person": "site_manager"}),
                ("sms_received", {"person": "site_manager"}),
                ("returned", {"code": "R18"}),
                ("remedied", {"code": "R18", "redo": "upload_papers"}),
                ("bureau_approved", {"filing_number": "苏ICP备2026000001号-1"}),
            ]
        ),
    ),
    max_size=20,
    unique_by=lambda told: told[0],
).map(lambda told: tuple(event(kind, hours, **data) for hours, (kind, data) in told))
"""Anything at all, at different hours."""


@given(HEAP, st.randoms(use_true_random=False))
def test_the_order_of_arrival_never_matters_and_neither_does_telling_twice(
    events: tuple[Event, ...], chance: Random
) -> None:
    once = [one for one in events if one.type is not EventType.WEBSITE_OPENED]
    shuffled = list(once)
    chance.shuffle(shuffled)
    assert stage_of(shuffled) == stage_of(once)
    twice = stage_of((*once, *shuffled))
    assert (twice.stage, twice.since, twice.attempt) == (
        stage_of(once).stage,
        stage_of(once).since,
        stage_of(once).attempt,
    )
    assert twice.accepted == stage_of(once).accepted


@given(HEAP)
def test_a_filing_never_approved_is_never_approved_and_numbers_come_from_approval(
    events: tuple[Event, ...],
) -> None:
    state = stage_of(events)
    approved = [one for one in state.accepted if one.type is EventType.BUREAU_APPROVED]
    assert (state.stage is Stage.APPROVED) == bool(approved)
    assert approved or state.filing_number is None


def test_a_late_report_takes_its_place_by_its_own_time() -> None:
    late = (
        event("sms_received", 6),
        event("submitted_to_bureau", 5),
        event("second_review_passed", 4),
    )
    state = stage_of(late)
    assert state.stage is Stage.SMS_VERIFICATION
    assert state.ignored == ()


def test_the_materials_stage_lasts_until_both_of_its_parts_are_done() -> None:
    passed = event("first_review_passed", 1)
    materials, authenticity = event("materials_submitted", 3), event("authenticity_passed", 2)
    assert stage_of((passed, authenticity)).stage is Stage.MATERIALS
    assert stage_of((passed, authenticity, materials)).stage is Stage.SECOND_REVIEW


def test_an_sms_leaps_over_stages_the_provider_did_not_report() -> None:
    assert stage_of((event("sms_received"),)).stage is Stage.SMS_VERIFICATION


@pytest.mark.parametrize("kind", ["bureau_approved", "website_opened", "police_filed"])
def test_a_draft_cannot_be_approved_or_opened(kind: str) -> None:
    state = stage_of((event(kind),))
    assert state.stage is Stage.DRAFT
    assert [(ignored.event.type, ignored.why) for ignored in state.ignored] == [
        (kind, "out_of_place")
    ]


def test_nothing_leads_back_from_approval() -> None:
    late = [event(str(kind), 20) for kind in ALLOWED_FROM if kind not in TELL_MORE]
    assert stage_of((*SMOOTH_EVENTS, *late)).stage is Stage.APPROVED


def test_one_person_in_both_roles_answers_one_sms() -> None:
    events = (event("sms_received", 1), event("sms_verified", 2, person="site_manager"))
    assert stage_of(events, PRINCIPAL_ONLY).stage is Stage.BUREAU_REVIEW
    assert stage_of(events, BOTH_PERSONS).stage is Stage.SMS_VERIFICATION


def test_a_code_sent_again_does_not_move_the_start_of_the_window() -> None:
    state = stage_of((event("sms_received", 1), event("sms_received", 5)))
    assert state.when(EventType.SMS_RECEIVED) == MONDAY + timedelta(hours=1)
    assert state.since == MONDAY + timedelta(hours=1)


DAY = timedelta(hours=24)


@pytest.mark.parametrize("whose", [{}, {"person": "principal"}])
def test_a_code_after_the_window_is_of_another_attempt_and_all_answer_anew(
    whose: dict[str, str],
) -> None:
    events = (
        event("sms_received", 1),
        event("sms_verified", 2, person="principal"),
        event("sms_received", 30, **whose),
    )
    state = stage_of(events, sms_window=DAY)
    assert (state.stage, state.attempt, state.verified) == (Stage.SMS_VERIFICATION, 2, frozenset())
    assert state.when(EventType.SMS_RECEIVED) == MONDAY + timedelta(hours=30)


def test_a_second_persons_first_code_may_be_told_days_later() -> None:
    events = (
        event("sms_received", 1, person="principal"),
        event("sms_verified", 2, person="principal"),
        event("sms_received", 40, person="site_manager"),
    )
    state = stage_of(events, sms_window=DAY)
    assert (state.attempt, state.verified) == (1, PRINCIPAL_ONLY)
    assert state.sms_received(Person.SITE_MANAGER) == MONDAY + timedelta(hours=40)


def test_a_code_sent_again_within_the_window_stays_in_the_attempt() -> None:
    events = (event("sms_received", 1), event("sms_received", 24.9))
    assert stage_of(events, sms_window=DAY).attempt == 1
    assert stage_of((*events, event("sms_received", 25)), sms_window=DAY).attempt == 2


def test_a_return_says_when_from_where_and_why() -> None:
    events = (
        event("submitted_for_first_review", 0),
        event("returned", 3, stage="first_review", code="R18", reason="照片不清晰"),
    )
    state = stage_of(events)
    assert state.stage is Stage.RETURNED
    assert state.stage.editable
    assert state.returned == Return(
        MONDAY + timedelta(hours=3), Stage.FIRST_REVIEW, "R18", "照片不清晰"
    )


def test_a_return_without_its_stage_is_from_the_stage_the_filing_was_in() -> None:
    events = (event("first_review_passed", 1), event("returned", 3))
    returned = stage_of(events).returned
    assert returned is not None
    assert returned.stage is Stage.MATERIALS


def test_a_second_return_with_another_reason_extends_the_first() -> None:
    first, second = event("returned", 3, code="R18"), event("returned", 5, reason="域名未实名")
    state = stage_of((event("submitted_for_first_review"), first, second))
    assert (state.stage, state.attempt, state.since) == (
        Stage.RETURNED,
        1,
        MONDAY + timedelta(hours=3),
    )
    assert [(one.code, one.reason) for one in state.returns] == [
        ("R18", None),
        (None, "域名未实名"),
    ]
    assert state.returned == state.returns[-1]
    assert {one.stage for one in state.returns} == {Stage.FIRST_REVIEW}


@pytest.mark.parametrize("again", [{"code": "R18"}, {}])
def test_a_return_told_again_without_news_is_a_repeat(again: dict[str, str]) -> None:
    events = (event("first_review_passed"), event("returned", 3, code="R18"))
    state = stage_of((*events, event("returned", 5, **again)))
    assert [one.why for one in state.ignored] == ["repeat"]
    assert len(state.returns) == 1


def test_an_approval_may_bring_its_number_later_and_a_corrected_one_counts() -> None:
    approved = (*SMOOTH_EVENTS[:9], event("bureau_approved", 9))
    assert stage_of(approved).filing_number is None
    first = event("bureau_approved", 10, filing_number="苏ICP备2026000001号-1")
    right = event("bureau_approved", 12, filing_number="苏ICP备2026000002号-1")
    state = stage_of((*approved, right, first, event("bureau_approved", 14)))
    assert state.filing_number == "苏ICP备2026000002号-1"
    assert state.since == MONDAY + timedelta(hours=9)
    assert [one.why for one in state.ignored] == ["repeat"]


def test_the_public_security_number_may_follow_its_filing() -> None:
    number = "苏公网安备32010002000001号"
    state = stage_of((*SMOOTH_EVENTS, event("police_filed", 20, police_number=number)))
    assert state.police_number == number
    again = stage_of((*SMOOTH_EVENTS, *[event("police_filed", 20, police_number=number)] * 2))
    assert [one.why for one in again.ignored] == ["repeat"]


def test_what_was_redone_is_kept_until_the_filing_is_handed_in_again() -> None:
    events = (
        event("submitted_for_first_review"),
        event("returned", 3, code="R18"),
        event("remedied", 4, code="R18", redo="upload_papers"),
        event("remedied", 5, code="R18", redo="upload_papers"),
    )
    state = stage_of(events)
    assert state.remedied == {("R18", "upload_papers")}
    assert [one.why for one in state.ignored] == ["repeat"]
    again = stage_of((*events, event("submitted_for_first_review", 6)))
    assert (again.attempt, again.remedied) == (2, frozenset())
    assert stage_of((event("remedied", 1, code="R18", redo="sms"),)).ignored[0].why == (
        "out_of_place"
    )


def test_a_code_counts_from_its_own_arrival_for_whom_it_is_named() -> None:
    events = (
        event("submitted_to_bureau"),
        event("sms_received", 2, person="site_manager"),
        event("sms_received", 5),
    )
    state = stage_of(events)
    assert state.sms_received(Person.SITE_MANAGER) == MONDAY + timedelta(hours=2)
    assert state.sms_received(Person.PRINCIPAL) == MONDAY + timedelta(hours=5)
    assert stage_of(()).sms_received(Person.PRINCIPAL) is None


def test_handing_in_again_answers_every_return() -> None:
    events = (
        event("first_review_passed"),
        event("returned", 3, code="R18"),
        event("returned", 4, code="R08"),
        event("submitted_for_first_review", 5),
    )
    state = stage_of(events)
    assert (state.attempt, state.returned, state.returns) == (2, None, ())


def test_the_last_word_on_the_opening_date_counts() -> None:
    planned, put_off = event("website_opened", 100), event("website_opened", 48)
    state = stage_of((*SMOOTH_EVENTS[:10], planned, put_off))
    assert state.when(EventType.WEBSITE_OPENED) == put_off.at
    assert [one.why for one in state.ignored] == ["replaced"]


def test_what_follows_approval_may_have_happened_before_it_was_told() -> None:
    opened = event("website_opened", 2)
    state = stage_of((opened, *SMOOTH_EVENTS[:10], event("police_filed", 3)))
    assert state.when(EventType.WEBSITE_OPENED) == opened.at
    assert state.ignored == ()
    assert (state.stage, state.since) == (Stage.APPROVED, MONDAY + timedelta(hours=9))


def test_who_told_an_event_does_not_make_it_another_one() -> None:
    told = event("sms_received", 6)
    assert Event(told.type, told.at, {"by": "applicant"}).same_as(told)
    assert Event(told.type, told.at, {"by": "applicant"}).author == "applicant"
    assert read_event({"type": "sms_received", "by": "applicant"}, MONDAY) == event("sms_received")


def test_handing_in_again_starts_every_review_anew() -> None:
    events = (
        *SMOOTH_EVENTS[:9],
        event("returned", 30, stage="bureau_review"),
        event("submitted_for_first_review", 40),
    )
    state = stage_of(events)
    assert (state.stage, state.attempt, state.returned) == (Stage.FIRST_REVIEW, 2, None)
    assert state.verified == frozenset()
    again = stage_of(
        (*events, event("sms_received", 50), event("sms_verified", 51, person="principal"))
    )
    assert again.stage is Stage.SMS_VERIFICATION


def test_the_provider_may_hand_in_again_by_itself_after_a_missed_sms() -> None:
    events = (
        event("sms_received", 1),
        event("returned", 26, stage="sms_verification", code="R32"),
        event("submitted_to_bureau", 30),
    )
    state = stage_of(events)
    assert (state.stage, state.attempt, state.returned) == (Stage.SUBMITTED, 2, None)


def test_a_withdrawn_filing_can_be_handed_in_again() -> None:
    events = (event("submitted_for_first_review", 0), event("withdrawn", 1))
    assert stage_of(events).stage is Stage.WITHDRAWN
    again = stage_of((*events, event("submitted_for_first_review", 2)))
    assert (again.stage, again.attempt) == (Stage.FIRST_REVIEW, 2)


def test_every_type_of_event_says_where_it_is_believed() -> None:
    assert set(ALLOWED_FROM) | BESIDE_STAGES | {EventType.CORRECTED} == set(EventType)


def test_those_who_share_a_role_or_a_phone_verify_once() -> None:
    first, second = ResponsiblePerson(mobile="13900000001"), ResponsiblePerson(mobile="13900000002")
    assert persons_to_verify(Filing(site_manager_same=True)) == PRINCIPAL_ONLY
    assert persons_to_verify(Filing(principal=first, site_manager=first)) == PRINCIPAL_ONLY
    assert persons_to_verify(Filing(principal=first, site_manager=second)) == BOTH_PERSONS
    assert persons_to_verify(Filing()) == BOTH_PERSONS
    manager = frozenset({Person.SITE_MANAGER})
    assert persons_to_verify(Filing(site_manager_same=True), manager) == manager


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Event(EventType.SMS_RECEIVED, MONDAY.replace(tzinfo=None))


def test_an_event_is_read_as_staff_tell_it() -> None:
    told = {"type": "returned", "at": "2026-11-23T17:00:00+08:00", "code": "R18", "person": "x"}
    assert read_event(told, MONDAY) == Event(EventType.RETURNED, MONDAY, {"code": "R18"})


def test_an_event_told_without_a_time_happened_now() -> None:
    read = read_event({"type": "sms_received"}, MONDAY)
    assert isinstance(read, Event)
    assert read.at == MONDAY


def test_a_time_told_without_a_zone_is_read_in_the_zone_of_the_clock() -> None:
    read = read_event({"type": "sms_received", "at": "2026-11-23T09:00:00"}, MONDAY)
    assert isinstance(read, Event)
    assert read.at == MONDAY


@pytest.mark.parametrize(
    "told, code",
    [
        ({}, "event.type"),
        ({"type": "approved"}, "event.type"),
        ({"type": "sms_received", "at": "soon"}, "event.at"),
        ({"type": "sms_received", "at": 17}, "event.at"),
        ({"type": "sms_verified"}, "event.person"),
        ({"type": "sms_verified", "person": "agent"}, "event.person"),
        ({"type": "sms_received", "person": "agent"}, "event.person"),
        ({"type": "remedied", "code": "R18"}, "event.redo"),
        ({"type": "returned", "stage": "approved"}, "event.stage"),
        ({"type": "returned", "reason": ["a"]}, "event.reason"),
    ],
)
def test_an_event_that_cannot_be_read_names_the_field(told: dict[str, object], code: str) -> None:
    read = read_event(told, MONDAY)
    assert isinstance(read, Invalid)
    assert read == invalid(code)
