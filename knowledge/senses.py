"""What a text is about, as a point: near for texts that say alike in other words.

A text's point is the sum of those of its characters, pairs of characters and English words. These
were fitted once, by ``tools/fit_senses.py``, so that sums lie as a language model lays the texts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import compress, islice, pairwise, repeat
from math import sqrt
from operator import mul, sub
from struct import Struct
from typing import Final

from knowledge.reading import runs, stem

DIMENSIONS: Final = 64
_READ: Final = 400  # features of a text that are added up
_NEAR: Final = 150  # points that are measured, once their signs have told them near

# The coordinates of a feature are added up all at once: they stand in one great number, each in
# 32 bits of its own and made positive, so that nothing is carried from one to the next.
_LANES: Final = Struct(f"<{DIMENSIONS}I")
_LIFT: Final = 128
_LIFTED: Final = bytes((one + _LIFT) % 256 for one in range(256))
_ONES: Final = sum(1 << (32 * lane) for lane in range(DIMENSIONS))
_HALF: Final = 1 << 31
_SIGN: Final = bytes(ord("1" if one > 127 else "0") for one in range(256))  # of a lane's last byte


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
    known = filter(None, map(_rows().__getitem__, dict.fromkeys(features(plain))))
    rows = list(islice(known, _READ))
    if not rows:
        return None
    total, lift = sum(rows), _LIFT * len(rows)
    at = tuple(map(sub, _LANES.unpack(total.to_bytes(_LANES.size, "little")), repeat(lift)))
    length = sqrt(sum(map(mul, at, at)))
    tipped = total + (_HALF - 1 - lift) * _ONES  # the highest bit of a lane says it is above zero
    signs = int(tipped.to_bytes(_LANES.size, "little")[3::4].translate(_SIGN), 2)
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


class _Rows(dict[str, int]):
    """The row of each feature as such a number, made when first asked for; 0 for any other."""

    def __init__(self, names: Sequence[str], numbers: bytes) -> None:
        super().__init__()
        self._places = {name: place for place, name in enumerate(names)}
        self._numbers = numbers.translate(_LIFTED)

    def __missing__(self, name: str) -> int:
        place = self._places.get(name)
        if place is None:
            return 0  # not kept: people write without end
        spread = bytearray(_LANES.size)
        spread[::4] = self._numbers[place * DIMENSIONS : (place + 1) * DIMENSIONS]
        row = self[name] = int.from_bytes(spread, "little")
        return row


@cache
def _rows() -> _Rows:
    """What was fitted: for each feature 64 whole numbers from -127 to 127."""
    names, _, numbers = (files("knowledge") / "data" / "senses.bin").read_bytes().partition(b"\n\n")
    return _Rows(names.decode().split("\n"), numbers)
