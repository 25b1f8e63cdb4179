"""How wide the edges of what is printed are: a sharp picture goes from ink to paper at once."""

from typing import Final

import numpy as np

from bot.inspection.arrays import Floats
from bot.inspection.scene import Scene

_REACH: Final = 6
"""Pixels to each side in which an edge must be over."""

_ENOUGH: Final = 150
"""Edges in one direction below which it says nothing."""

UNKNOWN: Final = -1.0


def edge_width(scene: Scene) -> float:
    """Pixels from ink to paper, on a paper 1400 pixels long, in the worst of four directions.

    A photo out of focus is wide in all of them, a moved one across its movement. UNKNOWN where
    there are hardly any edges, as on an empty sheet.
    """
    grey = scene.flat_grey
    if min(grey.shape) < 4 * _REACH:
        return UNKNOWN
    level = max(20.0, float(np.percentile(grey, 80)))
    grey = np.asarray(grey * (200 / level), np.float32)
    widths = [width for step in ((0, 1), (1, 0), (1, 1), (1, -1)) if (width := _width(grey, step))]
    return max(widths) if widths else UNKNOWN


def _width(grey: Floats, step: tuple[int, int]) -> float | None:
    """The width of the sharper edges along one direction, None where there are too few."""
    down, across = step
    length = float(np.hypot(down, across))
    # Averaged along the edge, so that noise makes no edge look sharper than it is.
    beside = _moved(grey, across, -down) + _moved(grey, -across, down)
    side = np.asarray((grey + beside) / 3, np.float32)
    change = _moved(side, down, across) - _moved(side, -down, -across)
    slope = np.asarray(np.abs(change) / (2 * length), np.float32)
    high = low = side
    for far in range(1, _REACH + 1):
        for sign in (1, -1):
            there = _moved(side, sign * far * down, sign * far * across)
            high, low = np.maximum(high, there), np.minimum(low, there)
    rise = high - low
    steepest = (slope >= _moved(slope, down, across)) & (slope >= _moved(slope, -down, -across))
    rim = slice(_REACH, -_REACH)
    strong = max(36.0, 0.5 * float(np.percentile(rise[rim, rim], 99)))
    found = steepest & (rise > strong)
    rise, slope = rise[rim, rim][found[rim, rim]], slope[rim, rim][found[rim, rim]]
    if rise.size < _ENOUGH:
        return None
    return float(np.percentile(rise / np.maximum(slope, 1e-3), 25))


def _moved(values: Floats, down: int, across: int) -> Floats:
    return np.roll(values, (down, across), (0, 1))
