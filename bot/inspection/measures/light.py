"""How bright the paper is, and where a reflection covers it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.inspection.arrays import Floats, Mask, averaged, grown, largest_part, shrunk
from bot.inspection.scene import Scene
from filing.materials.material import Box

_WHITE: Final = 244
"""From here on a camera shows white and nothing else."""


def paper_level(scene: Scene) -> float:
    """Brightness of the paper's ground, 0–255: four fifths of it are no brighter."""
    return float(np.percentile(scene.flat_grey, 80))


@dataclass(frozen=True, slots=True)
class Reflection:
    """A white patch that fades outwards. ``share`` is of the paper's area, in percent."""

    share: float
    box: Box | None


def reflection(scene: Scene) -> Reflection:
    """The largest reflection on the paper.

    It is white in every channel, clearly brighter than the paper's ground in at least one, and
    fades: what is white in itself (the back of a QR code, the sheet under a card) has a sharp
    edge.
    """
    pixels = scene.flat_small
    over = _over_the_ground(pixels)
    white = (pixels.min(axis=2) >= _WHITE) & (over > 0.055)
    core = grown(shrunk(white, 2), 2) & white
    if not core.any():
        return Reflection(0.0, None)
    patch = largest_part(core)
    if not _fades(patch, over):
        return Reflection(0.0, None)
    rows, columns = np.flatnonzero(patch.any(1)), np.flatnonzero(patch.any(0))
    high, wide = patch.shape
    box = Box(columns[0] / wide, rows[0] / high, (columns[-1] + 1) / wide, (rows[-1] + 1) / high)
    return Reflection(100 * float(patch.mean()), scene.place(box))


def _over_the_ground(pixels: Floats) -> Floats:
    """How much brighter than the ground a pixel is, as a share, in its most telling channel.

    The ground is a plane through what is neither ink nor reflection: light falls off slowly.
    """
    high, wide = pixels.shape[:2]
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    terms = np.stack((np.ones_like(x), x / wide, y / high), axis=-1)
    light = pixels.mean(axis=2)
    lower, upper = np.percentile(light, (35, 75))
    ground = (light >= lower) & (light <= upper)
    over = np.full((high, wide), -1.0, np.float32)
    for channel in range(3):
        values = pixels[..., channel]
        numbers, *_ = np.linalg.lstsq(terms[ground], values[ground], rcond=None)
        plane = np.clip(terms @ numbers.astype(np.float32), 20, 255)
        over = np.maximum(over, values / plane - 1)
    return over


def _fades(patch: Mask, over: Floats) -> bool:
    """Whether just around the patch it is still brighter than the ground."""
    reach = max(2, round(0.012 * max(patch.shape)))
    ring = grown(patch, reach + 1) & ~grown(patch, 2)
    if not ring.any():
        return False
    near = averaged(over, 1)[ring]
    return bool(np.median(near) > 0.02 and np.mean(near > 0.01) > 0.55)
