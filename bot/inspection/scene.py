"""A picture with the paper found in it, and that paper laid flat."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from PIL import Image

from bot.inspection.arrays import Bytes, Floats
from bot.inspection.outline import Outline, Point, find_paper
from bot.inspection.view import View, brightness
from filing.materials.material import Box

FLAT: Final = 1400
"""Longer side, in pixels, of the paper laid flat; a smaller one keeps its own size."""

_WHOLE: Final = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


@dataclass(frozen=True)
class Scene:
    """What the checks look at. Without ``outline`` the whole picture is taken for the paper.

    ``is_filled`` says that it is, as in a scan; where neither is known (white paper on a white
    table), what rests on the paper's ground or edges is a doubt at most.
    """

    view: View
    outline: Outline | None
    is_filled: bool = False

    @cached_property
    def paper_pixels(self) -> float:
        """Length of the paper's longer side in pixels of the picture."""
        if self.outline is None:
            return float(max(self.view.width, self.view.height))
        scale = max(self.view.width, self.view.height) / max(self.view.coarse.shape[:2])
        return float(max(self.outline.wide, self.outline.high) * scale)

    @cached_property
    def flat(self) -> Bytes:
        """The paper alone, straightened, as red, green and blue."""
        scale = min(1.0, FLAT / self.paper_pixels)
        view = self.view
        size = (max(8, round(view.width * scale)), max(8, round(view.height * scale)))
        small = view.image
        if scale < 1:
            small = small.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
        if self.outline is None:
            return np.asarray(small)
        # A little within the edges: neither ground nor the shadow beside the paper.
        spots = [(x * size[0], y * size[1]) for x, y in _inset(self.outline.corners, 0.008)]
        wide = max(16, round((math.dist(spots[0], spots[1]) + math.dist(spots[3], spots[2])) / 2))
        high = max(16, round((math.dist(spots[0], spots[3]) + math.dist(spots[1], spots[2])) / 2))
        target = [(0.0, 0.0), (float(wide), 0.0), (float(wide), float(high)), (0.0, float(high))]
        numbers = homography(target, spots)
        laid = small.transform(
            (wide, high), Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC
        )
        return np.asarray(laid)

    @cached_property
    def flat_grey(self) -> Floats:
        """Brightness of the paper laid flat, 0–255."""
        return brightness(self.flat)

    @cached_property
    def flat_small(self) -> Floats:
        """The paper laid flat with a longer side of at most 480, for slow changes."""
        small = Image.fromarray(self.flat)
        small.thumbnail((480, 480), Image.Resampling.BOX)
        return np.asarray(small, np.float32)

    def place(self, box: Box) -> Box:
        """Where a part of the flat paper lies in the picture."""
        corners = _WHOLE if self.outline is None else self.outline.corners
        numbers = homography(list(_WHOLE), list(corners))
        spots = [
            _sent(numbers, spot)
            for spot in (
                (box.left, box.top),
                (box.right, box.top),
                (box.right, box.bottom),
                (box.left, box.bottom),
            )
        ]
        xs, ys = zip(*spots, strict=True)
        return Box(max(0.0, min(xs)), max(0.0, min(ys)), min(1.0, max(xs)), min(1.0, max(ys)))


def see(
    view: View,
    *,
    least_fit: float,
    least_contrast: float,
    most_outside: float,
    most_lean: float,
) -> Scene:
    """The picture with its paper, where an outline is sure enough to be believed."""
    found = find_paper(view.coarse)
    believed = (
        found is not None
        and found.fit >= least_fit
        and found.contrast >= least_contrast
        and found.busy_outside <= most_outside
        and found.lean <= most_lean
    )
    filled = found is None or found.busy_outside > most_outside
    return Scene(view, found if believed else None, is_filled=filled and not believed)


def homography(source: list[Point], target: list[Point]) -> list[float]:
    """The eight numbers that send four points to four others, in Pillow's order."""
    rows: list[list[float]] = []
    wanted: list[float] = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return [float(one) for one in np.linalg.solve(np.array(rows), np.array(wanted))]


def _sent(numbers: list[float], spot: Point) -> Point:
    a, b, c, d, e, f, g, h = numbers
    x, y = spot
    below = g * x + h * y + 1
    return (a * x + b * y + c) / below, (d * x + e * y + f) / below


def _inset(corners: tuple[Point, ...], share: float) -> list[Point]:
    numbers = homography(list(_WHOLE), list(corners))
    low, high = share, 1 - share
    return [_sent(numbers, spot) for spot in ((low, low), (high, low), (high, high), (low, high))]
