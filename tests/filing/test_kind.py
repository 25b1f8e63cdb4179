"""The kind of filing follows from the records; every combination has exactly one decision."""

from datetime import date
from itertools import product

import pytest

from filing.decision import DECISIONS, Decision, FilingKind, Outcome
from filing.kind import SHELL_RULE, DomainRecord, ServerLocation, SubjectRecord, decide
from filing.record import AskApplicant
from filing.rulebook import LegalSource, Rule, Rulebook, RuleVersion

TODAY = date(2026, 11, 23)
SOURCE = LegalSource("样例规则", date="2026-01-01")


def shell_rule(province: str, *, may_add: bool) -> Rule:
    version = RuleVersion(date(2026, 1, 1), may_add, SOURCE)
    return Rule(SHELL_RULE, "空壳主体", "practice", "medium", ("all",), TODAY, (version,), province)


RULEBOOK = Rulebook(
    (),
    {
        "江苏": (shell_rule("江苏", may_add=True),),
        "山东": (shell_rule("山东", may_add=False),),
    },
)


def decided(
    subject: str,
    domain: str = "none",
    server: str = "mainland",
    province: str | None = "江苏",
    on: date = TODAY,
) -> Decision:
    return decide(
        SubjectRecord(subject), DomainRecord(domain), ServerLocation(server), province, RULEBOOK, on
    )


@pytest.mark.parametrize(
    "subject, domain, outcome, kind",
    [
        ("none", "none", "R1", "first"),
        ("here", "none", "R2", "add_website"),
        ("elsewhere", "none", "R3", "add_website"),
        ("here", "same_subject_elsewhere", "R4", "add_access"),
        ("elsewhere", "same_subject_elsewhere", "R4", "add_access"),
        ("here", "same_subject_here", "R5", "change"),
        ("none", "other_subject", "R6", None),
        ("here", "other_subject", "R7", None),
        ("elsewhere", "other_subject", "R7", None),
        ("shell", "other_subject", "R7", None),
        ("shell", "none", "R8", "add_website"),
        ("shell_website", "none", "R9", None),
        ("shell_website", "same_subject_elsewhere", "R9", None),
        ("in_progress", "none", "R10", None),
        ("in_progress", "other_subject", "R10", None),
        ("code_changed", "same_subject_elsewhere", "R11", None),
        ("individual_to_unit", "same_subject_here", "R12", None),
        ("here_other_account", "none", "R15", None),
        ("here_other_account", "other_subject", "R7", None),
    ],
)
def test_the_table_of_decisions_holds(
    subject: str, domain: str, outcome: str, kind: str | None
) -> None:
    decision = decided(subject, domain)
    assert (decision.outcome, decision.kind) == (outcome, kind)


@pytest.mark.parametrize(
    "subject, domain, server, province",
    list(product(SubjectRecord, DomainRecord, ServerLocation, ["江苏", "山东", None])),
)
def test_every_combination_is_filed_blocked_or_unknown(
    subject: str, domain: str, server: str, province: str | None
) -> None:
    decision = decided(subject, domain, server, province)
    assert [decision.kind is not None, decision.blocked, decision.unknown].count(True) == 1
    assert decision.actions


def test_every_outcome_is_reached_by_some_combination() -> None:
    everything = product(SubjectRecord, DomainRecord, ServerLocation, ["江苏", "山东"])
    assert {decided(*case).outcome for case in everything} == set(Outcome) == set(DECISIONS)


@pytest.mark.parametrize("subject", list(SubjectRecord))
def test_without_a_mainland_server_nothing_can_be_filed(subject: str) -> None:
    assert decided(subject, server="overseas").outcome is Outcome.SERVER_OVERSEAS
    assert decided(subject, server="none").outcome is Outcome.NO_SERVER


def test_a_shell_subject_adds_a_website_where_the_province_allows_it() -> None:
    decision = decided("shell", province="江苏")
    assert (decision.kind, decision.source) == (FilingKind.ADD_WEBSITE, SOURCE)


@pytest.mark.parametrize("province", ["山东", None])
def test_a_shell_subject_cancels_first_elsewhere(province: str | None) -> None:
    decision = decided("shell", province=province)
    assert decision.outcome is Outcome.SHELL_SUBJECT_CANCELS_FIRST
    assert (decision.kind, decision.then) == (None, FilingKind.FIRST)


def test_a_custom_not_yet_in_force_does_not_decide() -> None:
    before = decided("shell", province="江苏", on=date(2025, 12, 31))
    assert before.outcome is Outcome.SHELL_SUBJECT_CANCELS_FIRST
    assert before.source is None


@pytest.mark.parametrize(
    "subject, domain",
    [("unsure", "none"), ("unsure", "unsure"), ("none", "unsure"), ("here", "unsure")],
)
def test_an_unsure_applicant_is_told_to_look_it_up(subject: str, domain: str) -> None:
    assert decided(subject, domain).outcome is Outcome.LOOK_UP


def test_an_unsure_subject_is_known_from_a_domain_filed_for_it() -> None:
    assert decided("unsure", "same_subject_elsewhere").outcome is Outcome.ADD_ACCESS
    assert decided("unsure", "same_subject_here").outcome is Outcome.ALREADY_FILED


def test_a_domain_of_somebody_else_blocks_even_an_unsure_applicant() -> None:
    assert decided("unsure", "other_subject").outcome is Outcome.DOMAIN_TAKEN


@pytest.mark.parametrize("subject", ["none", "shell"])
@pytest.mark.parametrize("domain", ["same_subject_here", "same_subject_elsewhere"])
def test_a_domain_on_record_contradicts_a_subject_without_websites(
    subject: str, domain: str
) -> None:
    assert decided(subject, domain).outcome is Outcome.CONTRADICTION


async def test_without_a_lookup_the_applicant_is_asked() -> None:
    assert await AskApplicant().look_up("91350100M000100Y43", "example.cn") is None
