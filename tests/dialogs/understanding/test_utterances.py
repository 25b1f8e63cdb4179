"""Collected utterances, written as people type, are read as their authors meant them."""

from pathlib import Path

import pytest

from dialogs.flows.first_filing import FIRST_FILING
from dialogs.understanding.evaluate import ON, Score, evaluate, load

UTTERANCES = Path(__file__).parents[2] / "utterances"
TUNED = load(UTTERANCES / "first_filing.jsonl")
HELD_OUT = load(UTTERANCES / "holdout.jsonl")


def _reported(score: Score, name: str) -> Score:
    print(f"{name}: {score}", *score.misses, sep="\n  ")
    return score


def test_utterances_that_guided_the_reading_are_read_right() -> None:
    score = _reported(evaluate(FIRST_FILING, TUNED, ON), "tuned")
    assert score.rate >= 0.97


def test_utterances_kept_apart_while_it_was_written_are_read_right() -> None:
    score = _reported(evaluate(FIRST_FILING, HELD_OUT, ON), "held out")
    assert score.rate >= 0.90


def test_there_are_enough_utterances_and_no_id_stands_twice() -> None:
    ids = [utterance["id"] for utterance in (*TUNED, *HELD_OUT)]
    assert len(ids) >= 220
    assert len(HELD_OUT) * 4 >= len(ids)
    assert len(set(ids)) == len(ids)


def test_utterances_held_out_are_marked_as_such() -> None:
    assert all(utterance.get("holdout") for utterance in HELD_OUT)
    assert not any(utterance.get("holdout") for utterance in TUNED)


@pytest.mark.parametrize("utterance", [*TUNED, *HELD_OUT], ids=lambda one: str(one["id"]))
def test_an_utterance_names_steps_of_the_flow(utterance: dict[str, object]) -> None:
    context, values = utterance["context"], utterance["values"]
    assert context == "any" or context in FIRST_FILING
    assert isinstance(values, dict)
    assert all(key in FIRST_FILING for key in values)


def test_a_wrong_reading_counts_against_the_score() -> None:
    utterance = {
        "id": "x",
        "context": "domain",
        "say": "example.cn",
        "values": {"domain": "example.com"},
        "intent": "answer",
    }
    score = evaluate(FIRST_FILING, [utterance], ON)
    assert score.rate == 0.0
    assert "x" in score.misses[0]
