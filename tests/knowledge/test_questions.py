"""Questions as people put them are answered rightly, and others are not answered."""

from datetime import date
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.world import load_world
from knowledge.evaluation import SORTS, Outcome, evaluate, read_probes, score

QUESTIONS = Path(__file__).parents[1] / "questions" / "questions.jsonl"
BLIND = QUESTIONS.with_name("blind.jsonl")
ON = date(2026, 11, 26)


@pytest.fixture(scope="module")
def outcomes() -> tuple[Outcome, ...]:
    knowledge = load_world(Settings(_env_file=None)).knowledge
    return evaluate(knowledge, read_probes(QUESTIONS), ON)


@pytest.mark.parametrize(
    "held_out, recall, reciprocal_rank, false_answers, handover",
    [(False, 0.98, 0.985, 0.02, 0.98), (True, 0.94, 0.96, 0.02, 0.98)],
    ids=["looked at while tuning", "held out"],
)
def test_most_questions_find_their_answer_and_few_others_one(
    outcomes: tuple[Outcome, ...],
    held_out: bool,
    recall: float,
    reciprocal_rank: float,
    false_answers: float,
    handover: float,
) -> None:
    of = score(one for one in outcomes if one.probe.holdout is held_out)
    print(of)
    assert of.recall >= recall
    assert of.reciprocal_rank >= reciprocal_rank
    assert of.false_answers <= false_answers
    assert of.handover >= handover
    assert of.smalltalk >= handover


def test_questions_written_from_needs_alone_find_their_answers() -> None:
    knowledge = load_world(Settings(_env_file=None)).knowledge
    of = score(evaluate(knowledge, read_probes(BLIND), ON))
    print(of)
    assert of.recall >= 0.965
    assert of.reciprocal_rank >= 0.975
    assert of.false_answers <= 0.02
    assert of.handover >= 0.98


def test_the_set_is_broad(outcomes: tuple[Outcome, ...]) -> None:
    probes = [one.probe for one in outcomes]
    assert len(probes) >= 500
    assert {probe.sort for probe in probes} == set(SORTS)
    assert sum(probe.sort == "out_of_scope" for probe in probes) >= 120
    assert sum(probe.holdout for probe in probes) >= len(probes) / 3.2


def test_no_two_lines_ask_the_same_of_the_same_person(outcomes: tuple[Outcome, ...]) -> None:
    asked = [(one.probe.question, one.probe.province, one.probe.subject_kind) for one in outcomes]
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize(
    "line, said",
    [
        ("{", "not a question"),
        ('{"q": "备案要多久"}', "not a question"),
        ('{"q": "备案要多久", "sort": "odd"}', "no sort 'odd'"),
        ('{"q": "备案要多久", "sort": "plain"}', "name in 'expect'"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        list(read_probes(file))
