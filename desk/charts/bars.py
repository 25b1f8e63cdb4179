"""How often each of a few values came: a bar for each with its count and share."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from desk.charts.svg import SIZE, SMALL, WIDE, Sheet, words_width

_ROW = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """One value."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Bars:
    """Values in the order to be drawn."""

    title: str
    summary: str
    bars: Sequence[Bar]


def draw_bars(bars: Bars, name: str, width: float = WIDE) -> Markup:
    """A bar for each value."""
    total = sum(one.count for one in bars.bars)
    most = max((one.count for one in bars.bars), default=0) or 1
    left = max([words_width(one.label) for one in bars.bars] or [0.0]) + 10
    room = width - left - 92
    sheet = Sheet(name, width, len(bars.bars) * _ROW + 4)
    for number, one in enumerate(bars.bars):
        y = number * _ROW
        middle = y + _ROW / 2 + SIZE * 0.36
        length = room * one.count / most
        sheet.words(left - 10, middle, one.label, anchor="end")
        sheet.rect(left, y + 4, length, _ROW - 8, "c-1")
        share = f" · {one.count / total:.0%}" if total else ""
        sheet.words(left + length + 7, middle, f"{one.count:,}{share}", "c-soft", size=SMALL)
    return sheet.finish(bars.title, bars.summary)
