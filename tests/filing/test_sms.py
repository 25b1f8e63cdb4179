"""Who verifies by SMS, with which number, and until when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from filing.event import Event, EventType, Person
from filing.model import Certificate, Filing, ResponsiblePerson
from filing.rulebook import Rulebook
from filing.sms import sms_recipients, sms_rules, sms_tasks
from filing.stage import BOTH_PERSONS, stage_of
from filing.subject import CertificateType
from knowledge.rules_loader import load_rulebook

TODAY = date(2026, 11, 24)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(hours=24)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


def person(certificate: CertificateType, mobile: str) -> ResponsiblePerson:
    return ResponsiblePerson(certificate=Certificate(type=certificate), mobile=mobile)


FILING = Filing(
    principal=person(CertificateType.HK_MO_PERMIT, "13800138000"),
    site_manager=person(CertificateType.PASSPORT, "13700137000"),
)


@pytest.mark.parametrize(
    "kind, who",
    [
        ("first", {"principal", "site_manager"}),
        ("add_website", {"principal", "site_manager"}),
        ("add_access", {"site_manager"}),
        ("change_subject", {"principal"}),
        ("change_website", {"site_manager"}),
        ("cancel_subject", {"principal"}),
        (None, {"principal", "site_manager"}),
        ("R1", {"principal", "site_manager"}),
        ("R4", {"site_manager"}),
        ("change", {"principal", "site_manager"}),
        ("cancel", {"principal"}),
    ],
)
def test_each_kind_of_filing_has_its_recipients(
    rulebook: Rulebook, kind: str | None, who: set[str]
) -> None:
    assert sms_recipients(rulebook, TODAY, kind) == frozenset(map(Person, who))


@pytest.mark.parametrize(
    "province, paper", [("广东", "permit_number"), ("浙江", "hk_mo_identity_card_number")]
)
def test_zhejiang_wants_the_number_on_the_back_of_a_permit(
    rulebook: Rulebook, province: str, paper: str
) -> None:
    rules = sms_rules(rulebook, TODAY, province)
    principal, manager = sms_tasks(FILING, stage_of(()), BOTH_PERSONS, rules)
    assert principal.paper == paper
    assert manager.paper == "own"
    assert (principal.due_at, principal.counted_from) == (None, None)


def test_the_window_runs_from_the_code_else_from_the_bureau(rulebook: Rulebook) -> None:
    events = (
        Event(EventType.SUBMITTED_TO_BUREAU, MONDAY),
        Event(EventType.SMS_RECEIVED, MONDAY + timedelta(hours=3), {"person": "principal"}),
        Event(EventType.SMS_VERIFIED, MONDAY + timedelta(hours=4), {"person": "principal"}),
    )
    rules = sms_rules(rulebook, TODAY)
    principal, manager = sms_tasks(FILING, stage_of(events), BOTH_PERSONS, rules)
    assert principal.due_at == MONDAY + timedelta(hours=3) + DAY
    assert principal.is_verified
    assert not principal.is_overdue(MONDAY + 3 * DAY)
    assert (manager.due_at, manager.counted_from) == (
        MONDAY + DAY,
        EventType.SUBMITTED_TO_BUREAU,
    )
    assert not manager.is_overdue(MONDAY + DAY - timedelta(seconds=1))
    assert manager.is_overdue(MONDAY + DAY)


def test_without_the_hand_over_the_other_persons_code_counts(rulebook: Rulebook) -> None:
    events = (Event(EventType.SMS_RECEIVED, MONDAY, {"person": "principal"}),)
    _, manager = sms_tasks(FILING, stage_of(events), BOTH_PERSONS, sms_rules(rulebook, TODAY))
    assert (manager.received_at, manager.due_at) == (None, MONDAY + DAY)
    assert manager.is_estimate


def test_only_those_who_have_a_code_get_a_task(rulebook: Rulebook) -> None:
    rules = sms_rules(rulebook, TODAY)
    tasks = sms_tasks(FILING, stage_of(()), {Person.SITE_MANAGER}, rules)
    assert [one.person for one in tasks] == [Person.SITE_MANAGER]
