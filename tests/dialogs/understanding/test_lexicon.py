"""The lexicon speaks of steps and options that exist, in the form messages are brought into."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dialogs.answers.base import Context
from dialogs.flows.first_filing import FIRST_FILING
from dialogs.lexicon_problems import READERS, lexicon_problems
from dialogs.understanding import tables
from dialogs.understanding.evaluate import ON
from dialogs.understanding.lexicon import lexicon
from dialogs.understanding.reading import read

LEXICON = lexicon()
WORDS = [word for words in LEXICON.words.values() for word in words]
STATEMENTS = [one for statements in LEXICON.statements.values() for one in statements]


def test_every_word_names_a_step_of_the_flow() -> None:
    assert {word.step for word in WORDS if word.step} <= {step.key for step in FIRST_FILING.steps}


def test_every_step_that_is_asked_in_words_can_be_named() -> None:
    named = {word.step for word in WORDS} | {
        step for steps in LEXICON.role_steps.values() for step in steps.values()
    }
    silent = {
        *("consent_processing", "consent_sensitive", "prerequisites", "confirm"),
        *("subject_record", "domain_record", "residence_proof", "principal_is_legal_rep"),
    }
    asked = {step.key for step in FIRST_FILING.steps if step.ask is not None}
    assert asked - named <= silent


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda one: f"{one.step}={one.value}")
def test_a_statement_gives_a_value_its_step_takes(statement: object) -> None:
    for one in STATEMENTS:
        if one is statement:
            ask = FIRST_FILING[one.step].ask
            assert ask is not None
            assert ask.parse(one.value, Context(ON)) == one.value


def test_roles_and_values_turn_steps_into_steps_of_the_flow() -> None:
    by_value = [steps for values in LEXICON.value_steps.values() for steps in values.values()]
    assert set(LEXICON.value_steps) <= {step.key for step in FIRST_FILING.steps}
    for mapping in (*LEXICON.role_steps.values(), *by_value):
        for old, new in mapping.items():
            assert old in FIRST_FILING
            assert new in FIRST_FILING


def test_words_are_written_as_messages_are_read() -> None:
    for word in WORDS:
        assert read(word.text).plain == word.text
    for group in (LEXICON.commands, LEXICON.acts, LEXICON.smalltalk):
        for said in group.say:
            assert re.search(r"[\sA-Z]", said) is None


def test_what_ships_can_be_used() -> None:
    assert tuple(lexicon_problems()) == ()


def test_every_file_is_looked_at() -> None:
    shipped = {path.stem for path in Path(tables.__file__).with_name("lexicon").glob("*.toml")}
    assert {name for name, _ in READERS} == shipped


@pytest.mark.parametrize(
    "text, wrong",
    [
        ('word = "a\n', "lexicon/own.toml:1: not valid TOML"),
        ('like = [\n  "fine",\n  "(broken",\n]\n', "lexicon/own.toml:3: '(broken' is no regular"),
        ('other = ["fine"]\n', "lexicon/own.toml: the entry 'like' is missing"),
        ("like = 7\n", "lexicon/own.toml: cannot be used"),
    ],
)
def test_a_broken_file_is_told_with_its_line(
    text: str, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "own.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(tables, "files", lambda package: tmp_path)
    (problem,) = tables.problems_of("own", lambda: re.compile("|".join(own()["like"])))
    assert str(problem).startswith(wrong)


def own() -> Mapping[str, Any]:
    return tables.table_of("own")
