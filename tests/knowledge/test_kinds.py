"""Every decision about the filing kind can be explained in every language."""

from importlib.resources import files
from pathlib import Path

import pytest

from filing.decision import DECISIONS, Decision, Outcome
from filing.rulebook import LegalSource
from knowledge.errors import BrokenContent
from knowledge.kinds import LOCALES, load_kinds, read_kinds

SHIPPED = (files("knowledge") / "rules" / "kinds.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("decision", DECISIONS.values(), ids=lambda decision: decision.outcome)
def test_every_decision_is_explained(decision: Decision, locale: str) -> None:
    explanation = load_kinds().tell(decision.outcome, locale)
    assert explanation.title
    assert explanation.why
    assert len(explanation.steps) == len(decision.actions)
    assert len(explanation.needed) == len(decision.needed)
    assert explanation.legal_source.date
    assert "{" not in explanation.why


def test_a_rule_of_the_province_is_cited_before_the_general_source() -> None:
    own = LegalSource("省规", date="2026-01-01")
    told = load_kinds().tell(Outcome.SHELL_SUBJECT_MAY_ADD, province="江苏", source=own)
    assert told.legal_source is own
    assert told.source == "省规 · 2026-01-01"
    assert "江苏" in told.why


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("[outcome.R7]", "[outcome.R77]", "[outcome.R7] is missing"),
        ("[outcome.R7]", "[outcome.R77]", "no outcome is called 'R77'"),
        ('en.title = "First filing"', "", "[outcome.R1] has no en.title"),
        ('source = "huawei_rules"', 'source = "hearsay"', "names no known source"),
        ("[need.account]", "[need.accounts]", "[need.account] is missing"),
        ('title = "备案类型"', "", "[source.qingcloud_kinds] has no title"),
        ("[action.file_as_unit]", "[action.file_as_unit", "Expected"),
    ],
)
def test_a_file_with_a_gap_is_refused_saying_where(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "kinds.toml"
    file.write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BrokenContent) as refused:
        read_kinds(file)
    assert any(said in str(problem) and problem.cure for problem in refused.value.problems)


def test_a_problem_names_the_line_of_its_table(tmp_path: Path) -> None:
    file = tmp_path / "kinds.toml"
    file.write_text(SHIPPED.replace('en.title = "First filing"', ""), encoding="utf-8")
    with pytest.raises(BrokenContent) as refused:
        read_kinds(file)
    line = SHIPPED.splitlines().index("[outcome.R1]") + 1
    assert [problem.line for problem in refused.value.problems] == [line]
