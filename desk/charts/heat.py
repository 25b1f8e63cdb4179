"""When most happens: weekdays by hours, the darker the more, with the figure in each field."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from desk.charts.svg import SMALL, WIDE, Sheet

HOURS = 24
_SHADES = 6
_GAP = 1.5


@dataclass(frozen=True, slots=True)
class Heat:
    """``values[day][hour]``: how much on average; ``days`` name the rows, Monday first.

    ``open_hours[day][hour]`` says whether somebody is there then: those fields are framed.
    """

    title: str
    summary: str
    days: Sequence[str]
    values: Sequence[Sequence[float]]
    open_hours: Sequence[Sequence[bool]] = ()
    framed: str = ""  # what the frame says


def draw_heat(heat: Heat, name: str, width: float = WIDE) -> Markup:
    """Hours across on a wide sheet, down on a narrow one: the figures stay readable."""
    flat = width < WIDE
    columns, rows = (len(heat.days), HOURS) if flat else (HOURS, len(heat.days))
    left, top = 42.0, 24.0
    cell = (width - left) / columns
    high = 17.0 if flat else 27.0
    most = max((value for row in heat.values for value in row), default=0.0) or 1.0
    sheet = Sheet(name, width, top + rows * high + (26 if heat.open_hours else 4))
    for column in range(columns):
        words = heat.days[column] if flat else str(column)
        x = left + (column + 0.5) * cell
        sheet.words(x, top - 8, words, "c-soft", anchor="middle", size=SMALL)
    for row in range(rows):
        words = f"{row}:00" if flat else heat.days[row]
        y = top + (row + 0.5) * high + 4
        sheet.words(left - 7, y, words, "c-soft", anchor="end", size=SMALL)
        for column in range(columns):
            day, hour = (column, row) if flat else (row, column)
            value = heat.values[day][hour]
            x, y = left + column * cell, top + row * high
            shade = _shade(value, most)
            box = (x + _GAP / 2, y + _GAP / 2, cell - _GAP, high - _GAP)
            sheet.rect(*box, f"c-heat-{shade}")
            if heat.open_hours and heat.open_hours[day][hour]:
                sheet.rect(*box, "c-frame")
            if value >= 0.5:
                kind = "c-on-dark" if shade >= 4 else "c-ink"
                sheet.words(
                    x + cell / 2, y + high / 2 + 3.6, _short(value), kind, anchor="middle", size=10
                )
    if heat.open_hours:
        y = top + rows * high + 10
        sheet.rect(left + 1, y, 18, 12, "c-frame")
        sheet.words(left + 26, y + 10, heat.framed, "c-soft", size=SMALL)
    return sheet.finish(heat.title, heat.summary)


def _shade(value: float, most: float) -> int:
    """0 for nothing, then even steps up to the most there is."""
    return 0 if value <= 0 else min(_SHADES - 1, 1 + int(value / most * (_SHADES - 1) * 0.9999))


def _short(value: float) -> str:
    return f"{value:.0f}" if value < 1000 else f"{value / 1000:.0f}k"
