"""The rules as a lawyer would state them: who, where, on which day, and what follows."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from filing.provinces import PROVINCES
from filing.rulebook import Rulebook, RuleVersion
from knowledge.rules_loader import load_rulebook

CASES: dict[str, dict[str, Any]] = {}
for _file in sorted(Path(__file__).parent.glob("*.toml")):
    for _case in tomllib.loads(_file.read_text(encoding="utf-8"))["case"]:
        _name = f"{_file.stem}: {_case['name']}"
        assert _name not in CASES, f"{_name!r} is told twice"
        CASES[_name] = _case


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


def asked(rulebook: Rulebook, case: dict[str, Any]) -> RuleVersion | None:
    """What the rulebook answers: ``ask`` is a key, or a key and a field of its table."""
    key, _, field = case["ask"].partition(".")
    version = rulebook.find(
        key, case["on"], province=case.get("province"), subject=case.get("subject")
    )
    return version.field(field) if version is not None and field else version


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_rulebook_says(case: dict[str, Any], rulebook: Rulebook) -> None:
    assert isinstance(case["on"], date)
    version = asked(rulebook, case)
    if case.get("nothing"):
        assert version is None
        return
    assert version is not None
    expected = case["expect"]
    assert version.value == (tuple(expected) if isinstance(expected, list) else expected)
    assert version.source.title
    assert version.valid_from <= case["on"]


def test_every_province_has_cases() -> None:
    named = {case.get("province") for case in CASES.values()}
    assert {province.name for province in PROVINCES} <= named
