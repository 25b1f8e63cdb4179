"""How soon most is done: the share that was done within each time, from seconds to days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from markupsafe import Markup

from desk.charts.scale import Scale
from desk.charts.svg import SMALL, WIDE, Anchor, Sheet, words_width

_LEFT, _TOP, _BOTTOM = 40, 30, 36
_PLOT = 210
_POINTS = 160  # more than a curve this wide can show


@dataclass(frozen=True, slots=True)
class Mark:
    """A time worth pointing at, in words: where nine in ten were done, or what was promised."""

    at: timedelta
    words: str


@dataclass(frozen=True, slots=True)
class Cumulative:
    """Times in any order; ``marks`` lie on the curve, ``limit`` is a line across it."""

    title: str
    summary: str
    times: Sequence[timedelta]
    ticks: Sequence[Mark]  # of the axis, in order
    marks: Sequence[Mark] = ()
    limit: Mark | None = None


def draw_cumulative(series: Cumulative, name: str, width: float = WIDE) -> Markup:
    """The curve over a logarithmic axis of time."""
    seconds = sorted(one.total_seconds() for one in series.times)
    ticks = [(one.at.total_seconds(), one.words) for one in series.ticks]
    right, bottom = width - 14, _TOP + _PLOT
    across = Scale(ticks[0][0], ticks[-1][0], _LEFT, right, logarithmic=True)
    up = Scale(0, 1, bottom, _TOP)
    sheet = Sheet(name, width, bottom + _BOTTOM)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        sheet.line(_LEFT, up(share), right, up(share), "c-grid")
        sheet.words(_LEFT - 6, up(share) + 4, f"{share:.0%}", "c-soft", anchor="end", size=SMALL)
    end = 0.0
    for at, words in ticks:
        sheet.line(across(at), bottom, across(at), bottom + 4, "c-axis")
        half = words_width(words, SMALL) / 2
        x = min(across(at), width - half)
        if x - half > end:  # a label that would run into the one before is left out
            sheet.words(x, bottom + 17, words, "c-soft", anchor="middle", size=SMALL)
            end = x + half + 4
    sheet.line(_LEFT, bottom, right, bottom, "c-axis")
    if series.limit is not None:
        x = across(series.limit.at.total_seconds())
        sheet.line(x, _TOP, x, bottom, "c-limit")
        _beside(sheet, x, _TOP - 8, series.limit.words, "c-soft", right)
    if seconds:
        sheet.path(_curve(seconds, across, up), "c-curve")
    last = float(bottom)
    for mark in series.marks:
        at = mark.at.total_seconds()
        share = sum(1 for one in seconds if one <= at) / len(seconds) if seconds else 0.0
        sheet.dot(across(at), up(share), 4.5, "c-dot")
        y = up(share) + 18 if up(share) + 18 < last - 14 or last == bottom else last - 16
        _beside(sheet, across(at) + 6, y, mark.words, "c-ink c-halo", right)
        last = y
    return sheet.finish(series.title, series.summary)


def _curve(seconds: Sequence[float], across: Scale, up: Scale) -> str:
    """Steps from one time to the next, thinned to what can be seen."""
    count = len(seconds)
    places = {round(number * (count - 1) / _POINTS) for number in range(_POINTS + 1)}
    points = [(across(seconds[place]), up((place + 1) / count)) for place in sorted(places)]
    d = [f"M{across(across.low):.1f} {up(0):.1f}L{points[0][0]:.1f} {up(0):.1f}"]
    d.append(f"V{points[0][1]:.1f}")
    d += [f"H{x:.1f}V{y:.1f}" for (_, _), (x, y) in pairwise(points)]
    d.append(f"H{across(across.high):.1f}")
    return "".join(d)


def _beside(sheet: Sheet, x: float, y: float, words: str, kind: str, right: float) -> None:
    """Words beginning at ``x``, or ending there if they would run out of the picture."""
    anchor: Anchor = "end" if x + words_width(words, SMALL) > right else "start"
    sheet.words(x - 12 if anchor == "end" else x, y, words, kind, anchor=anchor, size=SMALL)
