"""Measures how well reports are read: ``python -m dialogs.understanding.evaluate_reports FILE``."""

import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from dialogs.understanding.evaluate import Score, load
from dialogs.understanding.reports import Reported, read_reports, trouble
from dialogs.understanding.when_said import SHANGHAI
from filing.event import Stage

AT: Final = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)
"""When utterances are said, so that a score does not depend on the clock: a Tuesday at ten."""

_AT_SMS = frozenset({Stage.SUBMITTED, Stage.SMS_VERIFICATION})


def evaluate_reports(utterances: Iterable[Mapping[str, Any]], now: datetime = AT) -> Score:
    """Read each utterance at its stage and compare the events, and the trouble, it tells of.

    ``who``, ``at`` (a day, or a minute) and the numbers of an event count where they are given.
    """
    total, misses = 0, []
    for utterance in utterances:
        total += 1
        stage, said = Stage(utterance["stage"]), utterance["say"]
        told = read_reports(said, stage, now)
        found = trouble(said) if stage in _AT_SMS and not told else None
        wanted = utterance["events"]
        fits = len(told) == len(wanted) and all(
            _fits(one, expected) for one, expected in zip(told, wanted, strict=True)
        )
        if not fits or found != utterance.get("trouble"):
            misses.append(f"{utterance['id']} {said!r}: wanted {wanted}, read {told}, {found}")
    return Score(total, tuple(misses))


def _fits(told: Reported, expected: Mapping[str, Any]) -> bool:
    if told.type != expected["type"]:
        return False
    if "who" in expected and told.who != expected["who"]:
        return False
    at = expected.get("at")
    if at and (told.when is None or not told.when.earliest.isoformat().startswith(at)):
        return False
    numbers = ("filing_number", "police_number")
    return all(getattr(told, name) == expected[name] for name in numbers if name in expected)


def main(paths: list[str]) -> int:
    """Print the score of each file and every miss; 1 if there is nothing to measure."""
    for path in paths:
        score = evaluate_reports(load(Path(path)))
        print(f"{path}: {score}", *score.misses, sep="\n  ")
    return 0 if paths else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
