"""A website's name is judged while it is typed, by national and provincial rules together."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filing import name_forms as forms
from filing.finding import Finding, Level
from filing.naming import judge_site_name
from filing.rulebook import Rulebook
from filing.subject import SubjectKind
from knowledge.rules_loader import load_rulebook

TODAY = date(2026, 11, 23)
COMPANY = "长沙云杉样例科技有限公司"


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook()


def judged(
    rulebook: Rulebook,
    name: str,
    kind: SubjectKind = SubjectKind.ENTERPRISE,
    province: str | None = None,
) -> list[str]:
    subject = COMPANY if kind is SubjectKind.ENTERPRISE else "样例甲"
    found = judge_site_name(
        name,
        kind,
        subject,
        "example.cn",
        rulebook,
        TODAY,
        province=province,
        principal_name="样例甲",
    )
    return codes(found)


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [finding.code.removeprefix("site_name.") for finding in found]


@pytest.mark.parametrize(
    "name", ["云杉样例科技", "云杉官网", "云杉样例Spruce", "长沙云杉样例科技有限公司"]
)
def test_a_company_may_use_its_own_name(rulebook: Rulebook, name: str) -> None:
    assert judged(rulebook, name) == []


@pytest.mark.parametrize(
    "name, code",
    [
        ("example", "domain"),
        ("www.example.cn", "domain"),
        ("Spruce Labs", "latin_only"),
        ("２０２６", "digits_only"),
        ("云杉", "too_short"),
        ("云杉★样例", "special_characters"),
        ("中華云杉样例", "national_word"),
    ],
)
def test_forms_and_words_nobody_may_use_are_refused(
    rulebook: Rulebook, name: str, code: str
) -> None:
    assert code in judged(rulebook, name)


def test_a_province_adds_to_the_national_rules_and_does_not_replace_them(
    rulebook: Rulebook,
) -> None:
    assert judged(rulebook, "12345", SubjectKind.INDIVIDUAL, "上海") == ["digits_only"]
    assert "too_short" in judged(rulebook, "云杉", SubjectKind.INDIVIDUAL, "河南")


def test_a_state_body_may_carry_the_words_of_its_office(rulebook: Rulebook) -> None:
    found = judge_site_name(
        "样例市监察网", SubjectKind.GOVERNMENT, "样例市监察委员会", None, rulebook, TODAY
    )
    assert codes(found) == []


def test_refusals_come_before_warnings(rulebook: Rulebook) -> None:
    found = judge_site_name(
        "中国松果社区", SubjectKind.ENTERPRISE, COMPANY, "example.cn", rulebook, TODAY
    )
    levels = [finding.level for finding in found]
    assert levels == sorted(levels)
    assert {Level.REFUSE, Level.WARN} == set(levels)


def test_every_finding_of_a_name_points_at_the_name_and_cites_its_source(
    rulebook: Rulebook,
) -> None:
    found = judge_site_name("中国论坛", SubjectKind.INDIVIDUAL, None, None, rulebook, TODAY)
    assert found
    assert all(finding.field == "website.name" and finding.sources for finding in found)


def test_an_unknown_subject_is_judged_by_nothing_but_rules_for_all(rulebook: Rulebook) -> None:
    assert judge_site_name("云杉样例", None, None, None, rulebook, TODAY) == ()


@given(st.text(max_size=40), st.sampled_from(list(SubjectKind)))
def test_any_name_can_be_judged(rulebook: Rulebook, name: str, kind: SubjectKind) -> None:
    for finding in judge_site_name(name, kind, COMPANY, "example.cn", rulebook, TODAY):
        assert finding.code.startswith("site_name.")


@pytest.mark.parametrize(
    "name, subject, related",
    [
        ("云杉商城", COMPANY, True),
        ("松果科技", COMPANY, False),
        ("长沙松果", COMPANY, False),
        ("科技网站", COMPANY, True),
    ],
)
def test_names_are_related_by_what_tells_them_apart(name: str, subject: str, related: bool) -> None:
    assert forms.is_related(name, subject) is related


@pytest.mark.parametrize(
    "name, place",
    [
        ("南京读书会", "南京"),
        ("云杉雨花台区读书会", "雨花台区"),
        ("江苏云杉", "江苏"),
        ("云杉鼓楼读书会", None),
        ("云杉读书会", None),
    ],
)
def test_places_are_found_in_a_name(name: str, place: str | None) -> None:
    assert forms.place_in(name) == place
