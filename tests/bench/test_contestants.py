"""Every contestant really holds the conversation it is measured by."""

import gc
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import results
from bench.applicants import repeats, undisturbed
from bench.contestants import ENTRIES, OURS
from bench.driving import WARM_UP, Load, Measured, drive
from bench.results import Result
from bench.turns import PEERS


@pytest.fixture(autouse=True)
def _collected_as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.parametrize("name", ENTRIES)
async def test_every_contestant_keeps_every_answer_and_says_something_to_each(
    name: str, tmp_path: Path
) -> None:
    entry, users = ENTRIES[name], 2
    measured = await drive(entry.load(), Load(users, 2, entry.texts), tmp_path)
    assert measured.turns == users * len(entry.texts)
    assert measured.kept == (WARM_UP + users) * entry.answers
    is_silent = name.startswith("sqlite") or name == "assistant_turns"
    assert measured.messages == 0 if is_silent else measured.messages >= measured.turns


def test_what_one_process_measured_another_can_read() -> None:
    measured = Measured(10, 0.5, 1.0, 1.0, 2.0, 10, 9, 100.0)
    assert Measured(**json.loads(measured.as_json())).per_second == 20


def test_ours_is_compared_with_all_others_and_not_with_itself() -> None:
    assert OURS not in PEERS
    assert {"aiogram_memory", "ptb_pickle", "aiogram_dialog", "aiogram_sqlalchemy"} <= set(PEERS)


def test_results_hold_ratios_medians_counts_and_the_machine_by_benchmark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "FILE", tmp_path / "results.json")
    results.save({"one": Result("turns per second", {"peer": 1.23456}, {"ours": 2.0}, {"n": 3})})
    results.save({"two": Result("seconds")})
    found = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert found["one"]["ratios"] == {"peer": 1.235}
    assert found["one"]["medians"] == {"ours": 2.0}
    assert found["one"]["counts"] == {"n": 3}
    assert found["two"]["machine"]["cpus"]


async def test_applicants_of_the_torture_complete_a_filing_when_left_alone() -> None:
    expected = await undisturbed()
    assert expected.script[0] == "/start"
    assert any(line.startswith("[") for line in expected.script)
    assert ("confirm", "confirm") in expected.answers
    assert expected.events == ("submitted_for_first_review",)
    assert len(expected.said) >= len(expected.script)


@pytest.mark.parametrize(
    "shown, found",
    [
        ("abc", 0),
        ("aabcc", 2),
        ("ab", None),
        ("acb", None),
        ("abac", None),
        ("abxc", None),
        ("", None),
    ],
)
def test_repeats_are_counted_and_gaps_or_strangers_found(shown: str, found: int | None) -> None:
    assert repeats(shown, "abc") == found
