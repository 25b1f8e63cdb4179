"""How shares change from week to week: columns of equal height, parted alike, named at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from markupsafe import Markup

from desk.charts.scale import Scale
from desk.charts.svg import SMALL, WIDE, Sheet, words_width

_TOP, _BOTTOM, _PLOT = 12, 40, 220
_LINE: Final = 15
_PATTERNS: Final = (None, "dots", "stripes", "cross")
_LARGE_ENOUGH: Final = 0.07  # of the height, to hold its own figure


@dataclass(frozen=True, slots=True)
class Column:
    """One week: how many of each part."""

    label: str
    counts: Sequence[int]

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Shares:
    """Columns from the oldest to the newest; ``parts`` (four at most) name them from below."""

    title: str
    summary: str
    parts: Sequence[str]
    columns: Sequence[Column]


def draw_shares(shares: Shares, name: str, width: float = WIDE) -> Markup:
    """The columns, each part in its shade and pattern, the newest one labelled."""
    wide = width >= WIDE
    naming = max((words_width(part, SMALL) for part in shares.parts), default=0.0) + 58
    left, right = 40.0, width - naming
    bottom = float(_TOP + _PLOT)
    up = Scale(0, 1, bottom, _TOP)
    sheet = Sheet(name, width, bottom + _BOTTOM)
    for tick in (0.0, 0.5, 1.0):
        sheet.line(left, up(tick), right, up(tick), "c-grid")
        sheet.words(left - 6, up(tick) + 4, f"{tick:.0%}", "c-soft", anchor="end", size=SMALL)
    step = (right - left) / max(len(shares.columns), 1)
    every = max(1, int(words_width("12-31", SMALL) * 1.25 / step + 1))
    for number, column in enumerate(shares.columns):
        x, thick = left + number * step + step * 0.1, step * 0.8
        for part, (low, high) in enumerate(_spans(column)):
            kind = f"c-part-{part}"
            sheet.rect(x, up(high), thick, up(low) - up(high), kind)
            pattern = _PATTERNS[part]
            if pattern is not None:
                sheet.hatched(x, up(high), thick, up(low) - up(high), pattern)
            if wide and part == 0 and high - low >= _LARGE_ENOUGH and thick > 26:
                y = (up(low) + up(high)) / 2 + 4
                told = f"{high - low:.0%}"
                sheet.words(x + thick / 2, y, told, "c-on-dark", anchor="middle", size=SMALL)
        if (len(shares.columns) - 1 - number) % every == 0:
            middle = x + thick / 2
            sheet.words(middle, bottom + 16, column.label, "c-soft", anchor="middle", size=SMALL)
            count = f"{column.total:,}"
            sheet.words(middle, bottom + 31, count, "c-soft", anchor="middle", size=SMALL)
    sheet.words(left - 6, bottom + 31, "n", "c-soft", anchor="end", size=SMALL)
    _names(sheet, shares, up, right + 8)
    return sheet.finish(shares.title, shares.summary)


def _names(sheet: Sheet, shares: Shares, up: Scale, x: float) -> None:
    """The parts' names and newest shares, moved apart where they would overlap."""
    newest = next((one for one in reversed(shares.columns) if one.total), None)
    if newest is None:
        return
    spans = _spans(newest)
    places = [(up(low) + up(high)) / 2 + 4 for low, high in spans]
    for number in range(len(places) - 2, -1, -1):  # from above: the lower one gives way
        places[number] = max(places[number], places[number + 1] + _LINE)
    over = places[0] - (up(0) + 4) if places else 0.0
    if over > 0:
        places = [min(place, up(0) + 4 - number * _LINE) for number, place in enumerate(places)]
    for part, ((low, high), y) in enumerate(zip(spans, places, strict=True)):
        sheet.rect(x, y - 9, 11, 11, f"c-part-{part}")
        pattern = _PATTERNS[part]
        if pattern is not None:
            sheet.hatched(x, y - 9, 11, 11, pattern)
        told = f"{shares.parts[part]} {high - low:.0%}"
        sheet.words(x + 16, y, told, "c-ink", size=SMALL)


def _spans(column: Column) -> Sequence[tuple[float, float]]:
    total = column.total
    if not total:
        return [(0.0, 0.0) for _ in column.counts]
    ends = list(accumulate(column.counts))
    return [((end - n) / total, end / total) for end, n in zip(ends, column.counts, strict=True)]
