"""How long something takes in each group: most between two ends, half before the dot."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from desk.charts.scale import Scale, nice_ticks
from desk.charts.svg import SIZE, SMALL, WIDE, Sheet, fitted, words_width

_ROW = 22
_TOP = 46


@dataclass(frozen=True, slots=True)
class Range:
    """One group: a tenth took at most ``p10``, half ``p50``, nine tenths ``p90``.

    ``allowed`` is what the law or the provider says for this group, from and to; None where
    nobody says anything.
    """

    label: str
    p10: float
    p50: float
    p90: float
    count: int
    allowed: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Ranges:
    """Groups in the order to be drawn, and the words around them."""

    title: str
    summary: str
    groups: Sequence[Range]
    unit: str  # of the axis: working days
    allowed: str  # what the band is
    most: str  # what the line is: nine in ten lie between its ends
    middle: str  # what the dot is


def draw_ranges(ranges: Ranges, name: str, width: float = WIDE) -> Markup:
    """A row for each group, the allowed time behind it as a band."""
    label_room = max([words_width(one.label) for one in ranges.groups] or [0.0])
    label_room = min(label_room, width * 0.3)
    left, right = label_room + 10, width - (112 if width >= WIDE else 74)
    ends = [one.p90 for one in ranges.groups]
    ends += [one.allowed[1] for one in ranges.groups if one.allowed is not None]
    ticks = nice_ticks(max(ends, default=1.0), 8 if width >= WIDE else 4)
    scale = Scale(0, ticks[-1], left, right)
    bottom = _TOP + len(ranges.groups) * _ROW
    sheet = Sheet(name, width, bottom + 34)
    _legend(sheet, ranges)
    bands = _bands(ranges.groups)
    for first, last, (low, high) in bands:
        top = _TOP + first * _ROW
        sheet.rect(scale(low), top, scale(high) - scale(low), (last - first) * _ROW, "c-band")
    for tick in ticks:
        sheet.line(scale(tick), _TOP, scale(tick), bottom + 4, "c-grid")
        sheet.words(scale(tick), bottom + 17, f"{tick:g}", "c-soft", anchor="middle", size=SMALL)
    sheet.words(right, bottom + 31, ranges.unit, "c-soft", anchor="end", size=SMALL)
    for first, last, (_, high) in bands:
        sheet.line(scale(high), _TOP + first * _ROW, scale(high), _TOP + last * _ROW, "c-limit")
    for number, one in enumerate(ranges.groups):
        y = _TOP + (number + 0.5) * _ROW
        late = one.allowed is not None and one.p90 > one.allowed[1]
        label = fitted(one.label, label_room)
        sheet.words(label_room, y + SIZE * 0.36, label, anchor="end", whole=one.label)
        sheet.line(scale(one.p10), y, scale(one.p90), y, "c-range")
        for end in (one.p10, one.p90):
            sheet.line(scale(end), y - 4, scale(end), y + 4, "c-range")
        sheet.dot(scale(one.p50), y, 5, "c-dot")
        told = f"{one.p50:g} ({one.p10:g}–{one.p90:g})" if width >= WIDE else f"{one.p50:g}"
        kind = "c-alarm" if late else "c-ink"
        sheet.words(right + 10, y + SMALL * 0.36, told, kind, size=SMALL)
        sheet.words(width, y + SMALL * 0.36, f"{one.count:,}", "c-soft", anchor="end", size=SMALL)
    return sheet.finish(ranges.title, ranges.summary)


def _bands(groups: Sequence[Range]) -> Sequence[tuple[int, int, tuple[float, float]]]:
    """Rows (first, and the one after the last) that are allowed the same, with what that is."""
    found: list[tuple[int, int, tuple[float, float]]] = []
    for number, one in enumerate(groups):
        if one.allowed is None:
            continue
        if found and found[-1][1:] == (number, one.allowed):
            found[-1] = (found[-1][0], number + 1, one.allowed)
        else:
            found.append((number, number + 1, one.allowed))
    return found


def _legend(sheet: Sheet, ranges: Ranges) -> None:
    x, y = 0.0, 10.0
    for kind, words in (
        ("c-dot", ranges.middle),
        ("c-range", ranges.most),
        ("c-band", ranges.allowed),
    ):
        if kind == "c-band" and all(one.allowed is None for one in ranges.groups):
            continue
        if x + 30 + words_width(words, SMALL) > sheet.width - 30:
            x, y = 0.0, y + 17
        if kind == "c-dot":
            sheet.dot(x + 8, y, 5, kind)
        elif kind == "c-range":
            sheet.line(x, y, x + 18, y, kind)
            sheet.line(x, y - 4, x, y + 4, kind)
            sheet.line(x + 18, y - 4, x + 18, y + 4, kind)
        else:
            sheet.rect(x, y - 6, 18, 12, kind)
            sheet.line(x + 18, y - 6, x + 18, y + 6, "c-limit")
        sheet.words(x + 24, y + 4, words, "c-soft", size=SMALL)
        x += 24 + words_width(words, SMALL) + 16
    sheet.words(sheet.width, _TOP - 5, "n", "c-soft", anchor="end", size=SMALL)
