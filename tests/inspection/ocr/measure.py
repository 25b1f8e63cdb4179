"""How well papers are read: `python -m tests.inspection.ocr.measure FIRST COUNT [--keep FILE]`.

Draws COUNT papers of each kind from seed FIRST on, photographs them and compares what is read
with what stands on them. ``--keep`` writes what the reader saw, ``--seen FILE`` takes it from there
instead of looking again. Needs the extra ``ocr`` but for ``--seen``.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from bot.inspection.ocr.layout import tidied
from bot.inspection.ocr.lines import Line
from bot.inspection.ocr.reading import Reading, read_paper
from tests.inspection.ocr.papers import KINDS, paper, shot
from tests.specimens.cards import id_back, id_both, id_front, passport, permit
from tests.specimens.licence import licence
from tests.specimens.paper import Paper
from tests.specimens.photo import photograph

if TYPE_CHECKING:
    from bot.inspection.ocr.child import Seen

TODAY = date(2026, 11, 26)
"""When the papers are looked at."""

OTHERS: dict[str, Callable[[int], Paper]] = {
    "general licence": licence,
    "general card front": id_front,
    "general card back": id_back,
    "general card": id_both,
    "general passport": passport,
    "general permit": permit,
}
"""The papers that the checks of pictures are measured on: drawn by other hands than ``KINDS``."""

_SAME = {"kind": "type"}
_LINES: TypeAdapter[tuple[Line, ...]] = TypeAdapter(tuple[Line, ...])


@cache
def specimen(kind: str, seed: int) -> Paper:
    """A paper of either collection."""
    return OTHERS[kind](seed) if kind in OTHERS else paper(kind, seed)


def truth(of: Paper) -> dict[str, str]:
    """What a perfect reader reads from it, in the names readings use."""
    return {_SAME.get(name, name): tidied(text) for name, text in of.fields.items()}


def _look(first: int, count: int) -> Iterator[tuple[str, int, "Seen"]]:
    from bot.inspection.ocr.child import look
    from bot.inspection.ocr.engine import Engine

    engine = Engine(threads=1)
    for seed in range(first, first + count):
        for kind in (*KINDS, *OTHERS):
            yield kind, seed, look(engine, photograph(specimen(kind, seed), shot(seed), seed))


def judge(kind: str, seed: int, reading: Reading, told: Counter[tuple[str, str, str]]) -> None:
    """Count each field as right, left out or wrong, and say which are not right."""
    expected = truth(specimen(kind, seed))
    for name, text in expected.items():
        got = reading.read.get(name)
        outcome = "left" if got is None else "right" if tidied(got) == text else "wrong"
        told[kind, name, outcome] += 1
        if outcome != "right":
            print(f"{outcome}: {kind} {seed} {name}: {text!r} read as {got!r}")


def _table(told: Counter[tuple[str, str, str]]) -> None:
    for kind, name in sorted({(kind, name) for kind, name, _ in told}):
        counts = [told[kind, name, outcome] for outcome in ("right", "left", "wrong")]
        print(f"| {kind} | {name} | {counts[0]} | {counts[1]} | {counts[2]} |")
    right, left, wrong = (
        sum(number for (_, _, one), number in told.items() if one == outcome)
        for outcome in ("right", "left", "wrong")
    )
    print(f"right {right}, left out {left}, wrong {wrong}", end="; ")
    print(f"wrong of what is shown {wrong / max(1, right + wrong):.2%}")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=int, nargs="?", default=0)
    parser.add_argument("count", type=int, nargs="?", default=1)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--seen", type=Path)
    asked = parser.parse_args()
    told: Counter[tuple[str, str, str]] = Counter()
    if asked.seen is not None:
        for row in asked.seen.read_text("utf-8").splitlines():
            kept = json.loads(row)
            lines, symbols = _LINES.validate_python(kept["lines"]), kept["symbols"]
            judge(kept["kind"], kept["seed"], read_paper(lines, TODAY, symbols), told)
    else:
        for kind, seed, seen in _look(asked.first, asked.count):
            judge(kind, seed, read_paper(seen.lines, TODAY, seen.symbols), told)
            if asked.keep is not None:
                row = {"kind": kind, "seed": seed, **asdict(seen)}
                with asked.keep.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
    _table(told)


if __name__ == "__main__":
    main()
