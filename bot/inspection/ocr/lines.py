"""Lines of text found in a picture: the words, where they stand, and how sure the reader is."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, TypeAlias

_ACROSS: Final = math.radians(7)
"""Perspective turns a row of the page by less against the others."""

_FEW: Final = 3
"""Fewer letters hardly tell in which direction they run."""

_HIGHER: Final = 1.5
"""A line so many times higher than wide runs up or down."""

Point: TypeAlias = tuple[float, float]
"""Pixels from the left and from the top."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as a text reader gives it; ``corners`` begin at the top left of the words."""

    text: str
    corners: tuple[Point, Point, Point, Point]
    sure: float  # 0 to 1

    @property
    def angle(self) -> float:
        """How much the line falls to the right, in radians."""
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = self.corners
        return math.atan2((y1 - y0) + (y2 - y3), (x1 - x0) + (x2 - x3))

    @property
    def wide(self) -> float:
        """Of the upright box around it, in pixels."""
        across = [x for x, _ in self.corners]
        return max(across) - min(across)

    @property
    def tall(self) -> float:
        """Of the upright box around it, in pixels."""
        down = [y for _, y in self.corners]
        return max(down) - min(down)

    @property
    def height(self) -> float:
        """Of its letters, in pixels."""
        return math.dist(self.corners[0], self.corners[3])


@dataclass(frozen=True, slots=True)
class Piece:
    """A line on the page held straight: a box with its text, in the page's own directions."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    sure: float

    @property
    def height(self) -> float:
        """Of the box; about the size of its letters."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Where its row runs."""
        return (self.top + self.bottom) / 2


def held_straight(lines: Iterable[Line]) -> tuple[Piece, ...]:
    """The lines as boxes of a page turned so that its rows run level, from top to bottom.

    What runs across the rows, as watermarks do, is left out.
    """
    found = tuple(line for line in lines if line.text.strip())
    if not found:
        return ()
    turned = -_slope(found)
    found = tuple(
        line for line in found if len(line.text) < _FEW or abs(line.angle + turned) < _ACROSS
    )
    cos, sin = math.cos(turned), math.sin(turned)
    pieces = []
    for line in found:
        points = [(x * cos - y * sin, x * sin + y * cos) for x, y in line.corners]
        middle = sum(y for _, y in points) / 4
        half = line.height / 2
        across = [x for x, _ in points]
        pieces.append(
            Piece(line.text, min(across), middle - half, max(across), middle + half, line.sure)
        )
    return tuple(sorted(pieces, key=lambda piece: (piece.top, piece.left)))


def sideways(lines: Iterable[Line]) -> bool:
    """Whether most of the text runs up or down the picture."""
    high = sum(len(line.text) for line in lines if _HIGHER * line.wide < line.tall)
    wide = sum(len(line.text) for line in lines if _HIGHER * line.tall < line.wide)
    return high > wide


def legibility(lines: Iterable[Line]) -> float:
    """How sure the reader is of the average letter; 0 for no letters."""
    sure = [line.sure for line in lines for _ in line.text]
    return sum(sure) / len(sure) if sure else 0.0


def _slope(lines: Sequence[Line]) -> float:
    """The slope of most of the text; long lines tell more than short ones."""
    angles = [line.angle for line in lines for _ in line.text]
    return median(angles)
