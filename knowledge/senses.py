"""What a text is about, as a point: near for texts that say alike in other words.

A text's point is the sum of those of its characters, pairs of characters and English words. These
were fitted once, by ``tools/fit_senses.py``, so that sums lie as a language model lays the texts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import compress, pairwise
from math import sqrt
from operator import mul
from typing import Final

from knowledge.reading import runs, stem

DIMENSIONS: Final = 64
_READ: Final = 400  # features of a text that are added up
_NEAR: Final = 150  # points that are measured, once their signs have told them near


@dataclass(frozen=True, slots=True)
class Point:
    """Where a text lies: its coordinates, their length and, as bits, their signs."""

    at: tuple[int, ...]
    length: float
    signs: int

    def nearness(self, other: "Point") -> float:
        """The cosine between two: 1 for the same sense, about 0 for any two texts."""
        product: int = sum(map(mul, self.at, other.at))
        return product / (self.length * other.length)


def features(plain: str) -> Iterator[str]:
    """What the point of a text (``knowledge.reading.plain``) is summed up from."""
    before = ""
    for run in runs(plain):
        if run[0].isascii():
            word = stem(run)
            yield word
            if before:
                yield f"{before} {word}"
            before = word
        else:
            yield from run
            yield from map("".join, pairwise(run))
            before = ""


def point(plain: str) -> Point | None:
    """The point of a text; None if no feature of it is known."""
    table = _table()
    known = (table[one] for one in dict.fromkeys(features(plain)) if one in table)
    rows = [row for row, _ in zip(known, range(_READ), strict=False)]
    if not rows:
        return None
    at = tuple(map(sum, zip(*rows, strict=True)))
    length = sqrt(sum(map(mul, at, at)))
    signs = int("".join("1" if one > 0 else "0" for one in at), 2)
    return Point(at, length, signs) if length else None


class Points:
    """The points of many texts, found without measuring them all."""

    def __init__(self, texts: Sequence[str]) -> None:
        found = [(number, point(text)) for number, text in enumerate(texts)]
        self._points = [(number, one) for number, one in found if one is not None]
        self._signs = [one.signs for _, one in self._points]

    def nearest(self, asked: Point) -> list[tuple[float, int]]:
        """The texts nearest to a point with their nearness, the nearest first.

        Those are measured that differ in the fewest signs.
        """
        apart = bytes(map(int.bit_count, map(asked.signs.__xor__, self._signs)))
        near = compress(self._points, map(_limit(apart).__ge__, apart))
        measured = [(asked.nearness(one), -number) for number, one in near]
        return [(nearness, -number) for nearness, number in sorted(measured, reverse=True)]


def _limit(apart: bytes) -> int:
    """Up to which of some distances there are enough to be measured."""
    found = 0
    for distance in range(DIMENSIONS):
        found += apart.count(distance)
        if found >= _NEAR:
            return distance
    return DIMENSIONS


@cache
def _table() -> Mapping[str, memoryview]:
    """The row of each feature: 64 whole numbers from -127 to 127."""
    names, _, numbers = (files("knowledge") / "data" / "senses.bin").read_bytes().partition(b"\n\n")
    rows = memoryview(numbers).cast("b")
    return {
        name: rows[place * DIMENSIONS : (place + 1) * DIMENSIONS]
        for place, name in enumerate(names.decode().split("\n"))
    }
