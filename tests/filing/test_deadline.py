"""Deadlines follow from facts and events: counted by law, strict for reminders, per person."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filing.deadline import CHINA, Deadline, deadlines_of
from filing.deadline_kind import DeadlineRules
from filing.event import Event, EventType
from filing.model import PERMANENT, Certificate, Filing, ResponsiblePerson, Subject, Website
from filing.subject import SubjectKind
from knowledge.deadlines import deadline_rules
from knowledge.provider import load_provider
from knowledge.rules_loader import load_rulebook

NUMBER = "苏ICP备2026000001号-1"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def event(kind: str, when: str, **data: str) -> Event:
    return Event(EventType(kind), at(when), data)


FILING = Filing(
    subject=Subject(
        kind=SubjectKind.ENTERPRISE,
        province="江苏",
        certificate=Certificate(number="91320114MA1ABCD03G", valid_until=PERMANENT),
    ),
    principal=ResponsiblePerson(
        mobile="13800138000",
        certificate=Certificate(number="320102198001010024", valid_until=date(2035, 6, 1)),
    ),
    site_manager=ResponsiblePerson(
        mobile="13700137000",
        certificate=Certificate(number="330106197505050014", valid_until=date(2027, 9, 1)),
    ),
    website=Website(domain_valid_until=date(2027, 12, 1), domain_verified_on=date(2026, 11, 2)),
)
SUBMITTED = (event("submitted_for_first_review", "2026-11-20T10:00"),)
AT_BUREAU = (*SUBMITTED, event("submitted_to_bureau", "2026-11-25T10:00"))
APPROVED = (
    *AT_BUREAU,
    event("sms_received", "2026-11-25T15:00"),
    event("sms_verified", "2026-11-25T16:00", person="principal"),
    event("sms_verified", "2026-11-25T18:00", person="site_manager"),
    event("bureau_approved", "2026-12-10T11:00", filing_number=NUMBER),
)


@pytest.fixture(scope="module")
def rules() -> DeadlineRules:
    return deadline_rules(load_rulebook(), load_provider("qingcloud"))


def of_kind(found: tuple[Deadline, ...], key: str) -> list[Deadline]:
    return [one for one in found if one.kind.key == key]


def one(
    rules: DeadlineRules, key: str, *events: Event, filing: Filing = FILING, now: str | None = None
) -> Deadline:
    moment = at(now) if now else max(told.at for told in events)
    [found] = of_kind(deadlines_of(filing, events, rules, moment), key)
    return found


def test_both_persons_have_a_day_from_the_sms(rules: DeadlineRules) -> None:
    told = (*AT_BUREAU, event("sms_received", "2026-11-25T15:00"))
    found = of_kind(deadlines_of(FILING, told, rules, at("2026-11-25T16:00")), "sms_verification")
    assert {(d.who, d.due_at, d.open) for d in found} == {
        ("principal", at("2026-11-26T15:00"), True),
        ("site_manager", at("2026-11-26T15:00"), True),
    }
    assert [f"{m.at:%d %H}" for m in found[0].moments] == [
        "25 15", "25 17", "25 21", "26 03", "26 11", "26 14",
    ]  # fmt: skip


def test_the_wait_for_the_bureau_ends_after_the_longest_a_hand_over_takes(
    rules: DeadlineRules,
) -> None:
    reviewed = (*SUBMITTED, event("second_review_passed", "2026-11-26T15:00"))
    waiting = one(rules, "bureau_handover", *reviewed)
    assert (waiting.open, waiting.due_at) == (True, at("2026-12-01T23:59:59"))
    assert [f"{m.at:%m-%d %H}" for m in waiting.moments] == ["11-27 09", "12-01 09"]
    told = (*reviewed, event("submitted_to_bureau", "2026-11-27T10:00"))
    assert not one(rules, "bureau_handover", *told).open
    leapt = (*reviewed, event("sms_received", "2026-11-27T10:00"))
    assert not one(rules, "bureau_handover", *leapt).open


def test_papers_and_identity_check_are_asked_for_until_each_is_done(rules: DeadlineRules) -> None:
    told = (*SUBMITTED, event("first_review_passed", "2026-11-23T15:00"))
    uploaded = (*told, event("materials_submitted", "2026-11-24T15:00"))
    assert one(rules, "materials", *told).open
    assert not one(rules, "materials", *uploaded).open
    assert one(rules, "authenticity_check", *uploaded).open
    assert not one(rules, "authenticity_check", *AT_BUREAU, *told).open


def test_one_person_done_leaves_the_other_running(rules: DeadlineRules) -> None:
    told = APPROVED[:4]
    found = of_kind(deadlines_of(FILING, told, rules, at("2026-11-25T17:00")), "sms_verification")
    assert {(d.who, d.open) for d in found} == {("principal", False), ("site_manager", True)}


def test_a_person_in_both_roles_answers_once(rules: DeadlineRules) -> None:
    same = replace(FILING, site_manager_same=True, site_manager=FILING.principal)
    told = (*AT_BUREAU, event("sms_received", "2026-11-25T15:00"))
    assert one(rules, "sms_verification", *told, filing=same).who == "principal"


def test_each_person_has_a_day_from_their_own_sms(rules: DeadlineRules) -> None:
    mine = event("sms_received", "2026-11-25T15:00", person="principal")
    found = of_kind(
        deadlines_of(FILING, (*AT_BUREAU, mine), rules, at("2026-11-25T16:00")), "sms_verification"
    )
    assert {(one.who, one.provisional, one.due_at) for one in found} == {
        ("principal", False, at("2026-11-26T15:00")),
        ("site_manager", True, at("2026-11-26T10:00")),
    }


def test_with_one_code_told_the_other_persons_day_runs_too(rules: DeadlineRules) -> None:
    told = (*SUBMITTED, event("sms_received", "2026-11-25T15:00", person="principal"))
    found = of_kind(deadlines_of(FILING, told, rules, at("2026-11-25T16:00")), "sms_verification")
    assert {(one.who, one.provisional, one.due_at) for one in found} == {
        ("principal", False, at("2026-11-26T15:00")),
        ("site_manager", True, at("2026-11-26T15:00")),
    }


def test_codes_that_come_days_after_the_submission_leave_everybody_a_day(
    rules: DeadlineRules,
) -> None:
    mine = event("sms_received", "2026-11-28T10:00", person="principal")
    done = event("sms_verified", "2026-11-28T11:00", person="principal")
    found = of_kind(
        deadlines_of(FILING, (*AT_BUREAU, mine, done), rules, at("2026-11-28T12:00")),
        "sms_verification",
    )
    [manager] = [one for one in found if one.who == "site_manager"]
    assert (manager.open, manager.due_at) == (True, at("2026-11-29T10:00"))
    assert len(manager.moments) == 6


def test_a_code_after_the_day_was_missed_gives_both_persons_another(rules: DeadlineRules) -> None:
    told = (*APPROVED[:4], event("sms_received", "2026-11-28T10:00"))
    found = of_kind(deadlines_of(FILING, told, rules, at("2026-11-28T12:00")), "sms_verification")
    assert {(one.who, one.open, one.due_at) for one in found} == {
        ("principal", True, at("2026-11-29T10:00")),
        ("site_manager", True, at("2026-11-29T10:00")),
    }


def test_until_the_sms_is_told_its_day_runs_from_the_submission(rules: DeadlineRules) -> None:
    found = deadlines_of(FILING, AT_BUREAU, rules, at("2026-11-25T11:00"))
    assert all(
        one.provisional and one.due_at == at("2026-11-26T10:00")
        for one in of_kind(found, "sms_verification")
    )


def test_the_day_something_happens_does_not_count(rules: DeadlineRules) -> None:
    opened = event("website_opened", "2026-12-12T08:00")
    found = one(rules, "public_security_filing", *APPROVED, opened)
    assert found.due_at == at("2027-01-11T23:59:59")
    assert found.moments[0].at == at("2026-12-13T09:00")
    assert not found.provisional


def test_without_an_opening_the_approval_counts(rules: DeadlineRules) -> None:
    found = one(rules, "public_security_filing", *APPROVED)
    assert found.provisional
    assert found.due_at == at("2027-01-09T23:59:59")


def test_reminders_do_not_wait_for_the_working_day_the_law_would_grant(
    rules: DeadlineRules,
) -> None:
    opened = event("website_opened", "2026-12-10T12:00")
    found = one(rules, "public_security_filing", *APPROVED, opened)
    assert found.due_at.date() == date(2027, 1, 9)  # a Saturday
    assert found.lawful_until == date(2027, 1, 11)


def test_working_days_pass_over_the_national_holiday_and_count_its_make_up_days(
    rules: DeadlineRules,
) -> None:
    submitted = event("submitted_for_first_review", "2026-09-30T09:00")
    found = one(rules, "first_review", submitted)
    # 1-7 October 2026 are free; Saturday the 10th is worked in exchange.
    assert found.due_at.date() == date(2026, 10, 9)
    assert not found.estimated


def test_a_year_without_a_calendar_is_estimated(rules: DeadlineRules) -> None:
    submitted = event("submitted_for_first_review", "2041-03-01T09:00")
    assert one(rules, "first_review", submitted).estimated


def test_a_return_ends_what_ran_and_starts_the_time_to_mend(rules: DeadlineRules) -> None:
    told = (*AT_BUREAU, event("returned", "2026-11-26T09:00", code="R32"))
    found = deadlines_of(FILING, told, rules, at("2026-11-26T10:00"))
    assert all(one.superseded for one in of_kind(found, "sms_verification"))
    mending = one(rules, "resubmission", *told)
    assert (mending.due_at.date(), mending.open) == (date(2027, 1, 10), True)


def test_a_stage_leapt_over_settles_its_deadline(rules: DeadlineRules) -> None:
    found = one(rules, "first_review", *AT_BUREAU)
    assert found.done_at == at("2026-11-25T10:00")


def test_every_paper_and_the_domain_expire_on_their_own_day(rules: DeadlineRules) -> None:
    found = deadlines_of(FILING, SUBMITTED, rules, at("2026-11-20T10:00"))
    papers = of_kind(found, "certificate_expiry")
    assert {(d.who, d.due_at.date()) for d in papers} == {
        ("principal", date(2035, 6, 1)),
        ("site_manager", date(2027, 9, 1)),
    }
    [domain] = of_kind(found, "domain_expiry")
    assert [moment.offset for moment in domain.moments] == [
        "-P90D", "-P60D", "-P30D", "-P7D", "-P1D",
    ]  # fmt: skip


def test_shanghai_is_reminded_of_its_domain_half_a_year_ahead(rules: DeadlineRules) -> None:
    shanghai = replace(FILING, subject=replace(FILING.subject, province="上海"))
    found = one(rules, "domain_expiry", *SUBMITTED, filing=shanghai)
    assert found.moments[0].offset == "-P180D"


def test_a_renewed_date_moves_the_deadline_and_ends_the_old_one(rules: DeadlineRules) -> None:
    renewed = event("date_told", "2027-10-01T09:00", what="domain_valid_until", date="2028-12-01")
    assert one(rules, "domain_expiry", *APPROVED, renewed).due_at.date() == date(2028, 12, 1)


def test_a_planned_change_is_due_a_month_before(rules: DeadlineRules) -> None:
    told = event("date_told", "2027-01-05T09:00", what="change_planned", date="2027-04-01")
    found = one(rules, "planned_change", *APPROVED, told)
    assert found.due_at.date() == date(2027, 3, 2)
    done = event("duty_done", "2027-02-20T09:00", what="planned_change")
    assert not one(rules, "planned_change", *APPROVED, told, done).open


def test_what_was_done_before_does_not_settle_the_next_time(rules: DeadlineRules) -> None:
    first = event("date_told", "2027-01-05T09:00", what="audit_due", date="2027-01-20")
    done = event("duty_done", "2027-01-15T09:00", what="audit")
    again = event("date_told", "2027-06-05T09:00", what="audit_due", date="2027-06-20")
    assert one(rules, "audit", *APPROVED, first, done, again).open


def test_an_audit_reminds_at_once_half_way_and_before_its_end(rules: DeadlineRules) -> None:
    told = event("date_told", "2027-01-05T15:00", what="audit_due", date="2027-01-25")
    found = one(rules, "audit", *APPROVED, told)
    assert [(m.offset, m.at.date().day) for m in found.moments] == [
        ("TOLD", 5), ("HALF", 15), ("-P3D", 22), ("-P1D", 24),
    ]  # fmt: skip


def test_a_draft_only_waits_for_its_domain(rules: DeadlineRules) -> None:
    found = deadlines_of(FILING, (), rules, at("2026-11-03T09:00"))
    assert [one.kind.key for one in found] == ["domain_real_name"]
    assert found[0].due_at.date() == date(2026, 11, 5)


@given(
    st.lists(st.tuples(st.sampled_from(APPROVED), st.integers(-72, 72)), max_size=10),
    st.integers(0, 60 * 24),
)
def test_any_heap_of_events_has_deadlines_with_ids_of_their_own(
    told: list[tuple[Event, int]], hours: int
) -> None:
    events = [replace(one, at=one.at + timedelta(hours=by)) for one, by in told]
    found = deadlines_of(FILING, events, _RULES, at("2026-11-25T10:00") + timedelta(hours=hours))
    assert len({one.id for one in found}) == len(found)
    assert all(one.moments for one in found)
    assert not any(one.done_at and one.superseded for one in found)


_RULES = deadline_rules(load_rulebook(), load_provider("qingcloud"))
