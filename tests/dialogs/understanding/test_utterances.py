"""Collected utterances, written as people type, are read as their authors meant them."""

from pathlib import Path
from typing import Any

import pytest

from dialogs.flows.first_filing import FIRST_FILING
from dialogs.understanding.evaluate import ON, Score, evaluate, load

FILES = sorted((Path(__file__).parents[2] / "utterances").glob("*.jsonl"))
UTTERANCES = [utterance for path in FILES for utterance in load(path)]
HELD_OUT = [one for one in UTTERANCES if one.get("holdout")]
TUNED = [one for one in UTTERANCES if not one.get("holdout")]
SHOWN = pytest.mark.leaves_numbers("the utterances misread are shown, whatever they say")


def _reported(score: Score, name: str) -> Score:
    print(f"{name}: {score}", *score.misses, sep="\n  ")
    return score


@SHOWN
def test_utterances_that_guided_the_reading_are_read_right() -> None:
    score = _reported(evaluate(FIRST_FILING, TUNED, ON), "tuned")
    assert score.rate >= 0.97


@SHOWN
def test_utterances_kept_apart_while_it_was_written_are_read_right() -> None:
    score = _reported(evaluate(FIRST_FILING, HELD_OUT, ON), "held out")
    assert score.rate >= 0.94


def test_there_are_enough_utterances_and_no_id_stands_twice() -> None:
    ids = [utterance["id"] for utterance in UTTERANCES]
    assert len(TUNED) >= 500
    assert len(HELD_OUT) >= 350
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_utterances_name_steps_of_the_flow(path: Path) -> None:
    for utterance in load(path):
        assert utterance["context"] == "any" or utterance["context"] in FIRST_FILING
        assert all(key in FIRST_FILING for key in utterance["values"])


@pytest.mark.parametrize(
    "expected",
    [
        {"values": {"phone": "13800138001"}, "intent": "answer"},
        {"values": {"phone": "13800138000"}, "intent": "faq"},
        {"values": {"phone": "13800138000"}, "intent": ["faq", "correct"]},
        {"values": {"phone": "13800138000"}, "intent": "answer", "invalid": "phone"},
    ],
)
def test_a_wrong_reading_counts_against_the_score(expected: dict[str, Any]) -> None:
    utterance = {"id": "x", "context": "phone", "say": "13800138000", **expected}
    score = evaluate(FIRST_FILING, [utterance], ON)
    assert score.rate == 0.0
    assert "x" in score.misses[0]


def test_a_slip_is_compared_by_its_field_and_where_given_its_code() -> None:
    said = {"id": "x", "context": "phone", "say": "1380013800", "values": {}, "intent": "answer"}
    right = {"field": "phone", "code": "phone.mobile_length"}
    wrong = {"field": "phone", "code": "phone.foreign"}
    assert evaluate(FIRST_FILING, [{**said, "invalid": right}], ON).rate == 1.0
    assert evaluate(FIRST_FILING, [{**said, "invalid": "phone"}], ON).rate == 1.0
    assert evaluate(FIRST_FILING, [{**said, "invalid": wrong}], ON).rate == 0.0
