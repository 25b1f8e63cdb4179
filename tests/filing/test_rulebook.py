"""Which of several rules governs, and on which day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

import pytest

from filing.rulebook import (
    LegalSource,
    Rule,
    Rulebook,
    RulebookError,
    RuleNotInForce,
    RuleValue,
    RuleVersion,
    UnknownProvince,
    UnknownRule,
    WrongValue,
)
from filing.subject import SubjectKind

TODAY = date(2026, 11, 20)
SOURCE = LegalSource("A regulation", article="第一条")


def version(value: RuleValue | None, since: date = date(2020, 1, 1)) -> RuleVersion:
    return RuleVersion(since, value, SOURCE)


def rule(
    *versions: RuleVersion,
    key: str = "fee",
    subjects: tuple[str, ...] = ("all",),
    province: str | None = None,
) -> Rule:
    return Rule(
        key=key,
        description="for the test",
        kind="law",
        confidence="high",
        subjects=subjects,
        reviewed_on=TODAY,
        versions=versions,
        province=province,
    )


def book(
    national: Iterable[Rule] = (), provinces: Mapping[str, tuple[Rule, ...]] | None = None
) -> Rulebook:
    return Rulebook(national, provinces or {})


def test_a_version_governs_from_its_day_on() -> None:
    rules = book([rule(version(1, date(2020, 1, 1)), version(2, date(2024, 7, 1)))])
    assert rules.at("fee", date(2024, 6, 30)).value == 1
    assert rules.at("fee", date(2024, 7, 1)).value == 2
    with pytest.raises(RuleNotInForce) as caught:
        rules.at("fee", date(2019, 12, 31))
    assert caught.value.key == "fee"
    assert caught.value.on == date(2019, 12, 31)


def test_a_repealed_rule_governs_no_more() -> None:
    rules = book([rule(version(1), version(None, date(2024, 7, 1)))])
    assert rules.find("fee", date(2024, 6, 30)) is not None
    assert rules.find("fee", date(2024, 7, 1)) is None


def test_where_a_province_repeals_its_rule_the_national_one_returns() -> None:
    local = rule(version(9), version(None, date(2024, 7, 1)), province="江苏")
    rules = book([rule(version(1))], {"江苏": (local,)})
    assert rules.at("fee", date(2024, 6, 30), province="江苏").value == 9
    assert rules.at("fee", date(2024, 7, 1), province="江苏").value == 1


@pytest.mark.parametrize(
    "province, subject, expected",
    [
        (None, None, "nation, all"),
        (None, "individual", "nation, individual"),
        (None, "enterprise", "nation, units"),
        (None, "law_firm", "nation, units"),
        ("浙江", None, "nation, all"),
        ("浙江", "individual", "nation, individual"),
        ("江苏", None, "province, all"),
        ("江苏", "individual", "province, all"),
        ("江苏", "law_firm", "province, units"),
        ("江苏", "government", "province, two kinds"),
        ("江苏", "enterprise", "province, enterprise"),
        ("江苏", "sole_proprietor", "province, enterprise"),
    ],
)
def test_the_narrowest_rule_governs(
    province: str | None, subject: str | None, expected: str
) -> None:
    national = [
        rule(version("nation, all")),
        rule(version("nation, individual"), subjects=("individual",)),
        rule(version("nation, units"), subjects=("unit",)),
    ]
    local = (
        rule(version("province, all")),
        rule(version("province, units"), subjects=("unit",)),
        rule(version("province, two kinds"), subjects=("government", "public_institution")),
        rule(version("province, enterprise"), subjects=("enterprise",)),
    )
    rules = book(national, {"江苏": local})
    assert rules.at("fee", TODAY, province=province, subject=subject).value == expected


def test_a_sole_proprietor_has_the_rule_that_names_him() -> None:
    national = [
        rule(version("enterprise"), subjects=("enterprise",)),
        rule(version("named"), subjects=("individual", "sole_proprietor")),
    ]
    assert book(national).at("fee", TODAY, subject="sole_proprietor").value == "named"


@pytest.mark.parametrize("kind", SubjectKind)
def test_a_rule_for_units_is_for_all_but_individuals(kind: SubjectKind) -> None:
    rules = book([rule(version(1), subjects=("unit",))])
    assert (rules.find("fee", TODAY, subject=kind) is not None) is kind.is_unit


def test_without_a_subject_only_rules_for_all_apply() -> None:
    rules = book([rule(version(1), subjects=("unit",))])
    assert rules.find("fee", TODAY) is None


def test_a_key_nobody_knows_is_a_mistake_not_an_absence() -> None:
    local = rule(version(1), key="local", province="江苏")
    rules = book([rule(version(1))], {"江苏": (local,)})
    with pytest.raises(UnknownRule):
        rules.find("feee", TODAY, province="江苏")
    assert rules.find("local", TODAY) is None
    assert rules.find("local", TODAY, province="浙江") is None
    assert issubclass(UnknownRule, RulebookError)


def test_a_province_must_be_called_by_its_short_name() -> None:
    with pytest.raises(UnknownProvince):
        book([rule(version(1))]).at("fee", TODAY, province="江苏省")


def test_a_province_is_read_once_and_only_when_asked() -> None:
    reads: list[str] = []

    class Lazy(Mapping[str, tuple[Rule, ...]]):
        def __getitem__(self, name: str) -> tuple[Rule, ...]:
            reads.append(name)
            return (rule(version(1), key="local"),)

        def __iter__(self) -> Iterator[str]:
            return iter(("江苏",))

        def __len__(self) -> int:
            return 1

    rules = Rulebook([rule(version(1))], Lazy())
    rules.at("fee", TODAY)
    assert reads == []
    for _ in range(3):
        rules.at("local", TODAY, province="江苏")
        rules.at("fee", TODAY, province="江苏")
    assert reads == ["江苏"]


def test_the_governing_rule_tells_who_vouches_for_it() -> None:
    local = replace(rule(version(1), province="江苏"), confidence="low", disagreement="B says 2")
    rules = book([rule(version(1))], {"江苏": (local,)})
    assert rules.rule("fee", TODAY, province="江苏").disagreement == "B says 2"
    assert rules.rule("fee", TODAY, province="浙江").confidence == "high"
    with pytest.raises(RuleNotInForce):
        rules.rule("fee", date(2019, 1, 1))


def test_it_is_told_apart_whether_a_province_was_researched() -> None:
    rules = book([rule(version(1))], {"江苏": (rule(version(2), province="江苏"),)})
    assert rules.is_researched("江苏", "fee")
    assert not rules.is_researched("浙江", "fee")
    assert rules.keys == {"fee"}


def test_a_rule_can_be_seen_across_provinces() -> None:
    rules = book([], {"江苏": (rule(version(2)),), "浙江": ()})
    found = rules.across_provinces("fee", TODAY)
    assert {name: one.value for name, one in found.items()} == {"江苏": 2}


def test_a_value_is_read_as_what_it_is() -> None:
    assert version(True).flag is True
    assert version(20).number == 20
    assert version("blog").word == "blog"
    assert version(("a", "b")).words == ("a", "b")
    table = version({"min": 1})
    assert table.table == {"min": 1}
    low = table.field("min")
    assert low is not None
    assert (low.number, low.source) == (1, SOURCE)
    assert table.field("max") is None


@pytest.mark.parametrize("name", ["flag", "number", "word", "words", "table"])
def test_a_value_read_as_something_else_is_refused(name: str) -> None:
    wrong: dict[str, RuleValue] = {
        "flag": 1,
        "number": True,
        "word": 1,
        "words": ("a", 1),
        "table": "a",
    }
    with pytest.raises(WrongValue):
        getattr(version(wrong[name]), name)
