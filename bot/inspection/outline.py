"""Where the paper lies in a picture: four corners, sought by what tells it from its ground.

The middle of a photo shows paper, its rim mostly ground. From the colours of both each pixel is
judged, the judgement smoothed and repeated with the colours of what was found. What then hangs
together is simplified to four edges.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bot.inspection.arrays import (
    Floats,
    Mask,
    averaged,
    grown,
    largest_part,
    shrunk,
    smoothed,
    without_holes,
)
from filing.materials.material import Box

SIDES: Final = ("top", "right", "bottom", "left")
_ROUNDS: Final = 4
_RIM: Final = 0.04  # of the shorter side
_NEAR: Final = 2.5  # pixels of the coarse copy within which an edge lies on the picture's own

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """A paper in a picture. Corners from the top left, clockwise, as shares of the picture.

    They may lie outside it where the paper does. ``cut`` are the picture's sides at which the
    paper runs out of it, with the share of that side it takes up. ``share`` is of the area.
    """

    corners: tuple[Point, Point, Point, Point]
    cut: dict[str, float]
    share: float
    contrast: float  # of the fainter edges to the ground, 0–255
    fit: float  # how much of what looks like paper and of the four-sided shape is both, 0–1
    busy_outside: float  # share of all fine print that lies outside it
    wide: float  # length of the edges, in pixels of the coarse copy
    high: float
    angle: float  # degrees the paper is turned by, clockwise, -45–45
    lean: float  # how much the longer of two opposite edges is longer, 0 for none

    @property
    def box(self) -> Box:
        """The rectangle around it, as far as it lies in the picture."""
        xs, ys = zip(*self.corners, strict=True)
        return Box(max(0.0, min(xs)), max(0.0, min(ys)), min(1.0, max(xs)), min(1.0, max(ys)))


def find_paper(coarse: Floats) -> Outline | None:
    """The paper in a coarse copy; None where no ground is told from it, as in most scans."""
    mask = _told_apart(coarse)
    if mask is None:
        return None
    share = float(mask.mean())
    if not 0.02 < share < 0.985:
        return None
    corners = _four_corners(mask)
    if corners is None:
        return None
    return _outline(corners, mask, coarse, share)


def _told_apart(coarse: Floats) -> Mask | None:
    bins, count = _colours(coarse)
    high, wide = bins.shape
    rim = max(2, round(_RIM * min(high, wide)))
    ground = np.ones((high, wide), bool)
    ground[rim:-rim, rim:-rim] = False
    y, x = np.mgrid[0:high, 0:wide]
    paper = ((x / wide - 0.5) / 0.32) ** 2 + ((y / high - 0.5) / 0.32) ** 2 < 1
    mask = paper
    for _ in range(_ROUNDS):
        odds = _log_odds(bins, count, paper, ground)
        mask = smoothed(odds, 1) > 0
        mask = without_holes(largest_part(mask))
        if not 0.01 < mask.mean() < 0.99:
            return None
        paper = shrunk(mask, 2)
        ground = ~grown(mask, 3)
        if not paper.any() or not ground.any():
            return None
    opened = grown(shrunk(mask, 2), 2) & mask
    return largest_part(opened) if opened.any() else None


def _colours(coarse: Floats) -> tuple[NDArray[np.intp], int]:
    """Each pixel's place in a table of colours: brightness in 20 steps, two tints in 24 each."""
    red, green, blue = (smoothed(coarse[..., place], 1) for place in range(3))
    light = (red + 2 * green + blue) / 4
    first, second = red - green, blue - green
    steps = (
        np.clip(light / 12.8, 0, 19).astype(np.intp),
        np.clip((first + 72) / 6, 0, 23).astype(np.intp),
        np.clip((second + 72) / 6, 0, 23).astype(np.intp),
    )
    return (steps[0] * 24 + steps[1]) * 24 + steps[2], 20 * 24 * 24


def _log_odds(bins: NDArray[np.intp], count: int, paper: Mask, ground: Mask) -> Floats:
    tables = []
    for where in (paper, ground):
        table = np.bincount(bins[where], minlength=count).reshape(20, 24, 24).astype(np.float32)
        for axis in range(3):
            lower, upper = np.roll(table, 1, axis), np.roll(table, -1, axis)
            table = 0.5 * table + 0.25 * (lower + upper)
        tables.append(table.ravel() / max(1.0, table.sum()))
    odds = np.log((tables[0] + 2e-5) / (tables[1] + 2e-5))
    return np.asarray(np.clip(odds[bins], -4, 4), np.float32)


def _four_corners(mask: Mask) -> list[Point] | None:
    hull = _hull(mask)
    while len(hull) > 4:
        made = _without_an_edge(hull)
        if made is None:
            return None
        hull = made
    return hull if len(hull) == 4 else None


def _hull(mask: Mask) -> list[Point]:
    """The convex hull, clockwise on the screen."""
    points: list[Point] = []
    for y in np.flatnonzero(mask.any(1)):
        row = np.flatnonzero(mask[y])
        left, right = float(row[0]), float(row[-1] + 1)
        points += [(left, float(y)), (right, float(y)), (left, y + 1.0), (right, y + 1.0)]
    points = sorted(set(points))

    def half(ordered: list[Point]) -> list[Point]:
        chain: list[Point] = []
        for point in ordered:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        return chain[:-1]

    return half(points) + half(points[::-1])


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _without_an_edge(hull: list[Point]) -> list[Point] | None:
    """The hull with that edge left out which adds least when its neighbours are drawn on."""
    best: tuple[float, int, Point] | None = None
    count = len(hull)
    for place in range(count):
        before, start = hull[place - 1], hull[place]
        end, after = hull[(place + 1) % count], hull[(place + 2) % count]
        meeting = _crossing(before, start, after, end)
        if meeting is None:
            continue
        added = abs(_turn(start, end, meeting))
        if best is None or added < best[0]:
            best = (added, place, meeting)
    if best is None:
        return None
    _, place, meeting = best
    kept = [point for at, point in enumerate(hull) if at not in (place, (place + 1) % count)]
    kept.insert(place if place + 1 < count else 0, meeting)
    return kept


def _crossing(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    """Where the lines through a, b and c, d meet beyond b and d; None where they do not."""
    (x1, y1), (x2, y2) = a, b
    (x3, y3), (x4, y4) = c, d
    below = (x1 - x2) * (y3 - y4) - (y1 - y2) * (x3 - x4)
    if abs(below) < 1e-9:
        return None
    along = ((x1 - x3) * (y3 - y4) - (y1 - y3) * (x3 - x4)) / below
    other = ((x1 - x3) * (y1 - y2) - (y1 - y3) * (x1 - x2)) / below
    if along < 1 - 1e-9 or other < 1 - 1e-9:
        return None
    return (x1 + along * (x2 - x1), y1 + along * (y2 - y1))


def _outline(corners: list[Point], mask: Mask, coarse: Floats, share: float) -> Outline:
    high, wide = mask.shape
    first = min(range(4), key=lambda place: corners[place][0] / wide + corners[place][1] / high)
    ordered = corners[first:] + corners[:first]
    if _turn(ordered[0], ordered[1], ordered[2]) < 0:
        ordered = [ordered[0], *ordered[:0:-1]]
    edges = [math.dist(ordered[place], ordered[(place + 1) % 4]) for place in range(4)]
    lean = max(
        max(edges[place], edges[place + 2]) / max(1.0, min(edges[place], edges[place + 2])) - 1
        for place in (0, 1)
    )
    drawn = Image.new("1", (wide, high))
    ImageDraw.Draw(drawn).polygon(ordered, fill=1)
    shape = np.asarray(drawn)
    return Outline(
        corners=tuple((x / wide, y / high) for x, y in ordered),  # type: ignore[arg-type]
        cut=_cut(mask),
        share=share,
        contrast=_contrast(ordered, coarse),
        fit=float((shape & mask).sum() / max(1, (shape | mask).sum())),
        busy_outside=_busy_outside(coarse, grown(shape | mask, 3)),
        wide=(edges[0] + edges[2]) / 2,
        high=(edges[1] + edges[3]) / 2,
        angle=_angle(ordered),
        lean=lean,
    )


def _busy_outside(coarse: Floats, paper: Mask) -> float:
    light = coarse.mean(axis=2)
    busy = np.abs(light - averaged(light, 3)) > 14
    return float((busy & ~paper).sum() / max(1, busy.sum()))


def _angle(corners: list[Point]) -> float:
    """How far the long edges are turned, in degrees."""
    angles, weights = [], []
    for place in range(4):
        (x1, y1), (x2, y2) = corners[place], corners[(place + 1) % 4]
        angle = math.degrees(math.atan2(y2 - y1, x2 - x1)) - 90 * place
        angles.append((angle + 45) % 90 - 45)
        weights.append(math.dist((x1, y1), (x2, y2)))
    return float(np.average(angles, weights=weights))


def _cut(mask: Mask) -> dict[str, float]:
    """Which of the picture's sides the paper lies on, and how much of each."""
    rims = {"top": mask[0], "right": mask[:, -1], "bottom": mask[-1], "left": mask[:, 0]}
    return {side: float(rim.mean()) for side, rim in rims.items() if rim.mean() > 0.02}


def _contrast(corners: list[Point], coarse: Floats) -> float:
    """How much the colour differs across the fainter half of the edges within the picture."""
    high, wide = coarse.shape[:2]
    middle = np.mean(np.array(corners), axis=0)
    found: list[float] = []
    for place in range(4):
        start, end = np.array(corners[place]), np.array(corners[(place + 1) % 4])
        for along in np.linspace(0.1, 0.9, 15):
            spot = start + (end - start) * along
            away = spot - middle
            away = away / max(1e-6, float(np.linalg.norm(away)))
            outer, inner = spot + away * 5, spot - away * 5
            inside = all(
                0 <= one[0] < wide - 1 and 0 <= one[1] < high - 1 for one in (outer, inner)
            )
            if inside:
                out = coarse[int(outer[1]), int(outer[0])]
                within = coarse[int(inner[1]), int(inner[0])]
                found.append(float(np.abs(out - within).mean()))
    return float(np.percentile(found, 30)) if found else 0.0
