"""Measures how well utterances are read: ``python -m dialogs.understanding.evaluate FILE``."""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dialogs.explain import explain
from dialogs.flow import Flow

ON = date(2026, 11, 24)
"""The day on which utterances are read, so that a score does not depend on the calendar."""


@dataclass(frozen=True, slots=True)
class Score:
    """How many utterances were read right, and what became of the others."""

    total: int
    misses: tuple[str, ...]

    @property
    def rate(self) -> float:
        """The share read right, 0 to 1."""
        return 1.0 - len(self.misses) / self.total if self.total else 1.0

    def __str__(self) -> str:
        return f"{self.total - len(self.misses)} of {self.total} read right ({self.rate:.1%})"


def load(path: Path) -> tuple[dict[str, Any], ...]:
    """The utterances of a JSON-lines file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines if line.strip())


def evaluate(flow: Flow, utterances: Iterable[Mapping[str, Any]], today: date) -> Score:
    """Read every utterance and compare values, intent and the field found wrong.

    ``intent`` may be a list where more than one reading is right.
    """
    total, misses = 0, []
    for utterance in utterances:
        total += 1
        read = explain(flow, utterance, today=today)
        intents = utterance["intent"]
        allowed = [intents] if isinstance(intents, str) else intents
        if (
            read["values"] != utterance["values"]
            or read["intent"] not in allowed
            or not _same_slip(read["invalid"], utterance.get("invalid"))
        ):
            misses.append(_miss(utterance, read))
    return Score(total, tuple(misses))


def _same_slip(read: Mapping[str, str] | None, wanted: Mapping[str, str] | str | None) -> bool:
    """Whether the slip found is the one wanted: a field, or its field and code."""
    if read is None or wanted is None:
        return read is wanted
    if isinstance(wanted, str):
        return read["field"] == wanted
    return all(read[key] == value for key, value in wanted.items())


def _miss(utterance: Mapping[str, Any], read: Mapping[str, Any]) -> str:
    wanted = {key: utterance.get(key) for key in ("values", "intent", "invalid")}
    found = {key: read[key] for key in ("values", "intent", "invalid")}
    return f"{utterance['id']} {utterance['say']!r}: wanted {wanted}, read {found}"


def main(paths: list[str]) -> int:
    """Print the score of each file and every miss; 1 if there is nothing to measure."""
    from dialogs.flows.first_filing import FIRST_FILING

    for path in paths:
        score = evaluate(FIRST_FILING, load(Path(path)), ON)
        print(f"{path}: {score}")
        for miss in score.misses:
            print("  " + miss)
    return 0 if paths else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
