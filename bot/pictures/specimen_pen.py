"""A pen for papers: print, photographs of nobody, seals, signatures and numbered marks."""

from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

from bot.pictures.canvas import Canvas, width

INK: Final = "#2b2f2d"
FAINT: Final = "#c9d1cd"
RED: Final = "#c0392b"
BLUE: Final = "#23418c"  # of a pen that writes a name
PAPER: Final = "#ffffff"


@dataclass(slots=True)
class Pen:
    """Draws on a canvas, measured from a paper's top left corner in units."""

    canvas: Canvas
    left: float
    top: float
    mark: str  # colour of the numbered marks
    on_mark: str
    shadow: str  # of a sheet on the table

    def sheet(self, x: float, y: float, wide: float, high: float, fill: str = PAPER) -> None:
        """A sheet or card with its shadow."""
        left, top = self.left + x, self.top + y
        self.canvas.box(
            left + 2, top + 3, left + wide + 2, top + high + 3, fill=self.shadow, radius=5
        )
        self.canvas.box(left, top, left + wide, top + high, fill=fill, radius=5)

    def frame(self, x: float, y: float, wide: float, high: float, colour: str) -> None:
        """A printed border."""
        corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y)]
        self.line(corners, colour, 1.5)

    def bar(self, x: float, y: float, wide: float, high: float = 5, colour: str = FAINT) -> None:
        """A line of print too small to read."""
        left, top = self.left + x, self.top + y - high / 2
        self.canvas.box(left, top, left + wide, top + high, fill=colour, radius=high / 2)

    def line(self, points: list[tuple[float, float]], colour: str, thick: float) -> None:
        """A line through points of the paper."""
        moved = [(self.left + x, self.top + y) for x, y in points]
        self.canvas.line(moved, colour, thick)

    def text(self, x: float, y: float, text: str, size: int, colour: str = INK) -> None:
        """Print; ``y`` is its middle."""
        self.canvas.text(self.left + x, self.top + y, text, size, colour)

    def centred(self, x: float, y: float, room: float, text: str, size: int, colour: str) -> None:
        """Print in the middle of ``room``, smaller where it would not fit."""
        while width(text, size) > room and size > 8:
            size -= 1
        self.text(x + (room - width(text, size)) / 2, y, text, size, colour)

    def face(self, x: float, y: float, wide: float, high: float) -> None:
        """A photograph of nobody."""
        left, top = self.left + x, self.top + y
        self.canvas.box(left, top, left + wide, top + high, fill="#dfe7e3", radius=3)
        middle = left + wide / 2
        self.canvas.dot(middle, top + high * 0.38, wide * 0.2, fill="#a9b8b1")
        self.canvas.box(
            middle - wide * 0.34, top + high * 0.64, middle + wide * 0.34, top + high,
            fill="#a9b8b1", radius=wide * 0.2,
        )  # fmt: skip

    def seal(self, x: float, y: float, radius: float = 26) -> None:
        """A round red seal with a star, about a point."""
        ring = [
            (x + radius * cos(step * pi / 36), y + radius * sin(step * pi / 36))
            for step in range(73)
        ]
        self.line(ring, RED, 2.5)
        inner = radius * 0.36
        star = [
            (
                x + (inner if step % 2 == 0 else inner * 0.4) * sin(step * pi / 5),
                y - (inner if step % 2 == 0 else inner * 0.4) * cos(step * pi / 5),
            )
            for step in range(11)
        ]
        self.line(star, RED, 2)
        for step in range(9):
            angle = pi * (0.75 + step * 0.1875)
            self.line(
                [
                    (x + radius * 0.62 * cos(angle), y + radius * 0.62 * sin(angle)),
                    (x + radius * 0.84 * cos(angle), y + radius * 0.84 * sin(angle)),
                ],
                RED,
                2,
            )

    def signature(self, x: float, y: float) -> None:
        """A name written by hand."""
        strokes = [
            [(0, 4), (8, -9), (6, 6), (15, -6), (13, 8)],
            [(20, -8), (31, -7), (22, 7), (34, 3)],
            [(38, -9), (37, 9), (46, -3), (50, 6), (60, -2)],
        ]
        for stroke in strokes:
            self.line([(x + dx, y + dy) for dx, dy in stroke], BLUE, 2)

    def squares(self, x: float, y: float, side: float) -> None:
        """A QR code that says nothing."""
        cells = 21
        unit = side / cells
        for row in range(cells):
            for column in range(cells):
                if _is_dark(row, column, cells):
                    self.bar(x + column * unit, y + (row + 0.5) * unit, unit + 0.2, unit + 0.2, INK)

    def number(self, x: float, y: float, number: int) -> None:
        """A numbered mark at a point of the canvas."""
        self.canvas.dot(x, y, 10, fill=self.mark)
        wide = width(str(number), 14)
        self.canvas.text(x - wide / 2, y, str(number), 14, self.on_mark)

    def point(self, x: float, y: float, number: int, of: int) -> None:
        """A numbered mark at a point of the paper, where there is one of that number."""
        if number <= of:
            self.number(self.left + x, self.top + y, number)


def _is_dark(row: int, column: int, cells: int) -> bool:
    """The three corner squares, and a pattern that no reader can make sense of."""
    for top, left in ((0, 0), (0, cells - 7), (cells - 7, 0)):
        if top - 1 <= row <= top + 7 and left - 1 <= column <= left + 7:
            y, x = row - top, column - left
            if not (0 <= y < 7 and 0 <= x < 7):
                return False
            return y in (0, 6) or x in (0, 6) or (2 <= y <= 4 and 2 <= x <= 4)
    return (row * row + 3 * column + row * column) % 5 < 2
