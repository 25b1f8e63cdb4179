"""Whether writing is laid over a paper at a slant."""

from typing import Final

import numpy as np
from PIL import Image

from bot.inspection.arrays import averaged, grown, smoothed
from bot.inspection.scene import Scene

_SLANTS: Final = tuple(range(-75, 76, 3))  # degrees
_STRAIGHT: Final = 12  # degrees from the edges within which print itself lies
_SIDE: Final = 460  # longer side of the copy in which slanting writing is sought


def slanting_writing(scene: Scene) -> float:
    """How much the faint marks between the print line up at a slant, against other slants.

    A watermark repeats words in rows turned against the paper's edges. Ink is taken out first,
    and slow changes of light; what is faint and lines up in bands remains.
    """
    small = Image.fromarray(scene.flat).convert("L")
    small.thumbnail((_SIDE * 2, _SIDE * 2), Image.Resampling.BOX)
    grey = np.asarray(small, np.float32)
    ground = smoothed(grey, 14)
    darker = (ground - grey) / np.maximum(ground, 20)
    ink = grown(darker > 0.3, 5)
    faint = np.clip(averaged(darker.astype(np.float32), 1), -0.1, 0.3)
    faint[ink] = 0
    tile = Image.fromarray(faint).resize(
        (max(8, small.width // 2), max(8, small.height // 2)), Image.Resampling.BOX
    )
    spread = {slant: _banded(tile, slant) for slant in _SLANTS}
    slanted = [value for slant, value in spread.items() if _STRAIGHT < abs(slant) < 90 - _STRAIGHT]
    return float(np.log((max(slanted) + 1e-9) / (np.median(slanted) + 1e-9)))


def _banded(tile: Image.Image, slant: int) -> float:
    """Variance of the mean darkness of rows once the picture is turned by ``slant``."""
    turned = np.asarray(tile.rotate(slant, Image.Resampling.BILINEAR, expand=True), np.float32)
    there = np.asarray(
        Image.new("L", tile.size, 255).rotate(slant, Image.Resampling.NEAREST, expand=True)
    )
    count = (there > 0).sum(axis=1)
    enough = count > 0.25 * min(tile.size)
    if enough.sum() < 8:
        return 0.0
    means = turned.sum(axis=1)[enough] / count[enough]
    slow = np.convolve(means, np.ones(31) / 31, mode="same")
    return float(np.var((means - slow) * np.sqrt(count[enough])))
