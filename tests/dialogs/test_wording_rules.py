"""Texts that quote rules can be said for everybody, with the figures in force."""

from datetime import date

import pytest

from dialogs.flow import Ground
from dialogs.flows.first_filing import FIRST_FILING
from dialogs.wording import LOCALES, load_wording
from filing.provinces import PROVINCES
from knowledge.rules_loader import load_rulebook
from knowledge.templates import rules_in

TODAY = date(2026, 11, 24)
RULEBOOK = load_rulebook()
WORDING = load_wording()
QUOTING = [
    key
    for kind in ("step", "stage")
    for key, text in WORDING.texts(kind, "zh-CN").items()
    if rules_in(text)
]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", QUOTING)
def test_a_rule_quoted_in_a_text_governs_everybody(key: str, locale: str) -> None:
    for province in ("", *(one.name for one in PROVINCES)):
        for kind in ("", "enterprise", "individual", "sole_proprietor", "government"):
            known = {"province": province, "subject_kind": kind}
            ground = Ground({k: v for k, v in known.items() if v}, RULEBOOK, TODAY)
            said = WORDING.say(
                key,
                locale,
                provider="示例云",
                province=province,
                subject_kind_label="",
                is_individual=kind == "individual",
                legal_representative_required=False,
                rule=ground.rule,
                filing="1",
                since="",
                number="",
                reason="",
                cert_type="",
                region="",
                are_two=True,
                low=1,
                high=2,
            )
            assert "None" not in said


def test_the_domain_of_a_shanghai_filing_needs_longer_than_elsewhere() -> None:
    def said(province: str) -> str:
        ground = Ground({"province": province}, RULEBOOK, TODAY)
        return WORDING.say("step.domain_valid_until.help", "zh-CN", rule=ground.rule)

    assert "180" in said("上海")
    assert "90" in said("江苏")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_rule_a_text_names_is_known(locale: str) -> None:
    for kind in ("step", "stage", "message"):
        for key, text in WORDING.texts(kind, locale).items():
            assert set(rules_in(text)) <= RULEBOOK.keys, key


def test_every_step_has_a_name_for_its_section() -> None:
    sections = {f"section.{step.section}" for step in FIRST_FILING.steps}
    assert sections == set(WORDING.texts("section", "zh-CN"))
