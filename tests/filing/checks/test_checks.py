"""Every check strikes what it is for, lets the rest pass and says so in both languages."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.wording import LOCALES, Wording, load_wording
from filing.checks import CHECKS, Check, Finding, Level, run_checks
from filing.model import Certificate, Filing, Subject
from filing.provinces import PROVINCES
from filing.rulebook import Rulebook
from filing.sheet import sheet
from filing.subject import CertificateType, SubjectKind
from knowledge.provider import ProviderProfile, load_provider
from knowledge.rules_loader import load_rulebook
from knowledge.templates import variables_of
from tests.filing.checks.case import Case
from tests.filing.checks.cases import CASES
from tests.filing.checks.samples import COMPANY, PERSON, TODAY, changed

BY_CODE = {check.code: check for check in CHECKS}


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook()


@pytest.fixture(scope="session")
def provider() -> ProviderProfile:
    return load_provider("qingcloud")


@pytest.fixture(scope="session")
def wording() -> Wording:
    return load_wording()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_check_strikes_its_case(
    case: Case, rulebook: Rulebook, provider: ProviderProfile
) -> None:
    found = [
        finding
        for finding in run_checks(case.struck, rulebook, TODAY, provider)
        if finding.code == case.code
    ]
    assert len(found) == 1
    assert case.params.items() <= found[0].params.items()
    assert set(found[0].params) == set(BY_CODE[case.code].params)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_check_lets_its_counterpart_pass(
    case: Case, rulebook: Rulebook, provider: ProviderProfile
) -> None:
    found = run_checks(case.passed, rulebook, TODAY, provider)
    assert case.code not in [finding.code for finding in found]


def test_every_check_has_a_case() -> None:
    assert {case.code for case in CASES} == set(BY_CODE)


def test_codes_are_not_given_twice() -> None:
    assert len(BY_CODE) == len(CHECKS)


@pytest.mark.parametrize("filing", [COMPANY, PERSON, Filing()], ids=["company", "person", "empty"])
def test_a_filing_with_nothing_wrong_has_no_findings(
    filing: Filing, rulebook: Rulebook, provider: ProviderProfile
) -> None:
    assert run_checks(filing, rulebook, TODAY, provider) == ()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_check_is_worded_with_just_its_params(
    check: Check, locale: str, wording: Wording
) -> None:
    environment = wording.environment(locale)
    texts = [wording.texts("check", locale)[f"check.{check.code}.{part}"] for part in PARTS]
    used = frozenset[str]().union(*(variables_of(environment, text) for text in texts))
    assert used == frozenset(check.params)


PARTS = ("reason", "cure")


def test_no_wording_is_left_without_a_check(wording: Wording) -> None:
    for locale in LOCALES:
        codes = {
            key.removeprefix("check.").rpartition(".")[0] for key in wording.texts("check", locale)
        }
        assert codes == set(BY_CODE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_finding_reads_as_sentences(
    case: Case, locale: str, rulebook: Rulebook, provider: ProviderProfile, wording: Wording
) -> None:
    for finding in run_checks(case.struck, rulebook, TODAY, provider):
        for part in PARTS:
            said = wording.say(f"check.{finding.code}.{part}", locale, **finding.params)
            assert said.endswith(("。", ".", "!"))
            assert "  " not in said


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_no_finding_repeats_what_is_sensitive(
    case: Case, rulebook: Rulebook, provider: ProviderProfile
) -> None:
    secrets = {line.value for line in sheet(case.struck) if line.value != line.masked}
    for finding in run_checks(case.struck, rulebook, TODAY, provider):
        told = "\n".join(str(value) for value in finding.params.values())
        assert not [secret for secret in secrets if secret in told]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_a_check_names_rules_that_exist_and_fields_of_a_filing(
    check: Check, rulebook: Rulebook
) -> None:
    assert set(check.rules) <= rulebook.keys
    for path in check.fields:
        changed(COMPANY, {path: None})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_finding_points_at_one_of_its_checks_fields_and_cites_its_rules(
    case: Case, rulebook: Rulebook, provider: ProviderProfile
) -> None:
    for finding in run_checks(case.struck, rulebook, TODAY, provider):
        assert finding.field in BY_CODE[finding.code].fields
        if BY_CODE[finding.code].rules:
            assert finding.sources
            assert all(source.title for source in finding.sources)


def test_a_repealed_or_not_yet_valid_rule_is_silent(rulebook: Rulebook) -> None:
    before = date(2000, 1, 1)
    codes = codes_of(run_checks(changed(COMPANY, {"emergency_phone": None}), rulebook, before))
    assert "contacts.emergency_missing" not in codes


def test_only_checks_of_the_fields_asked_about_are_run(rulebook: Rulebook) -> None:
    wrong = changed(COMPANY, {"website.name": "中国样例", "emergency_phone": "13900000001"})
    found = run_checks(wrong, rulebook, TODAY, fields={"website.name"})
    assert "site_name.national_word" in codes_of(found)
    assert "contacts.emergency_not_distinct" not in codes_of(found)


def test_an_individuals_certificate_is_judged_before_it_is_repeated_for_the_principal(
    rulebook: Rulebook,
) -> None:
    wrong = Filing(
        subject=Subject(
            kind=SubjectKind.INDIVIDUAL,
            certificate=Certificate(CertificateType.ID_CARD, valid_until=TODAY),
        )
    )
    found = run_checks(wrong, rulebook, TODAY, fields={"subject.certificate.valid_until"})
    assert [(finding.code, finding.field) for finding in found] == [
        ("persons.certificate_expires_soon", "subject.certificate.valid_until")
    ]


def test_without_a_provider_the_national_rules_judge_the_server(rulebook: Rulebook) -> None:
    wrong = changed(COMPANY, {"resources.months_left": 2, "website.ips": ("203.0.113.7",) * 5})
    assert codes_of(run_checks(wrong, rulebook, TODAY)) == ["resources.ends_too_soon"]


_VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "subject.kind": st.sampled_from([None, *SubjectKind]),
    "subject.province": st.sampled_from([None, *(province.name for province in PROVINCES)]),
    "subject.name": st.sampled_from([None, "样例甲", "北京样例商贸有限公司"]),
    "subject.address": st.sampled_from([None, "某处", "上海市徐汇区样例路1号"]),
    "principal.certificate.number": st.sampled_from([None, "ABC", "320106200903010017"]),
    "principal.is_legal_representative": st.sampled_from([None, True, False]),
    "site_manager_same": st.sampled_from([None, True, False]),
    "principal.mobile": st.sampled_from([None, "17000000001", "13973100001"]),
    "emergency_phone": st.sampled_from([None, "13973100001"]),
    "website.name": st.none() | st.text(max_size=12),
    "website.domain": st.sampled_from([None, "样例.中国", "example.io", "example.gov.cn"]),
    "website.domain_valid_until": st.none() | st.dates(),
    "website.domain_verified_on": st.none()
    | st.dates(date(2004, 1, 1), TODAY + timedelta(days=40)),
    "website.service_content": st.sampled_from([None, "blog", "other", "unit_portal"]),
    "website.pre_approval": st.sampled_from([(), ("none",), ("news", "game")]),
    "website.remark": st.none() | st.text(max_size=40),
}


@given(st.fixed_dictionaries({}, optional=_VALUES), st.sampled_from([COMPANY, PERSON, Filing()]))
def test_no_filing_however_odd_breaks_the_checks(
    rulebook: Rulebook, values: dict[str, Any], base: Filing
) -> None:
    for finding in run_checks(changed(base, values), rulebook, TODAY):
        assert finding.level in Level
        assert set(finding.params) == set(BY_CODE[finding.code].params)


def codes_of(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]
