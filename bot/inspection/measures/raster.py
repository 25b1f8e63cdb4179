"""Whether the picture has the fine regular raster that a screen leaves in a photo."""

from typing import Final

import numpy as np
from PIL import Image

from bot.inspection.arrays import Floats
from bot.inspection.scene import Scene
from bot.inspection.view import brightness

_TILE: Final = 256
_TILES: Final = 6  # to each side
_INNER: Final = 26  # cycles in a tile below which print and paper have their own patterns


def raster_strength(scene: Scene) -> float:
    """How far the strongest regular wave stands out of what lies around it, in powers of e.

    Measured in the calmest tiles of the paper at the picture's own size: text has no single
    frequency, and curved lines printed against copying have many; a raster has one all over.
    """
    grey = brightness(np.asarray(_paper_alone(scene)))
    tiles = _tiles(grey)
    if not tiles:
        return 0.0
    calm = sorted(tiles, key=lambda tile: float(np.percentile(np.abs(tile), 99)))
    chosen = calm[: max(4, len(calm) // 3)]
    window = np.outer(np.hanning(_TILE), np.hanning(_TILE))
    powers = [np.log(np.abs(np.fft.rfft2(tile * window)) + 1e-3) for tile in chosen]
    return _peak(np.mean(powers, axis=0))


def _paper_alone(scene: Scene) -> Image.Image:
    """The part of the picture that is paper in each of its rows and columns, nearly."""
    image = scene.view.image
    if scene.outline is None:
        return image
    xs = sorted(x for x, _ in scene.outline.corners)
    ys = sorted(y for _, y in scene.outline.corners)
    left, top = round(max(0.0, xs[1]) * image.width), round(max(0.0, ys[1]) * image.height)
    right, bottom = round(min(1.0, xs[2]) * image.width), round(min(1.0, ys[2]) * image.height)
    return image.crop((left, top, max(left, right), max(top, bottom)))


def _tiles(grey: Floats) -> list[Floats]:
    high, wide = grey.shape
    if min(high, wide) < _TILE:
        return []
    rows = np.linspace(0, high - _TILE, min(_TILES, max(1, high // _TILE))).astype(int)
    columns = np.linspace(0, wide - _TILE, min(_TILES, max(1, wide // _TILE))).astype(int)
    found = []
    for y in rows:
        for x in columns:
            tile = grey[y : y + _TILE, x : x + _TILE]
            if tile.mean() > 25:
                found.append(tile - tile.mean())
    return found


def _peak(power: Floats) -> float:
    """The highest point above the median of its ring of frequencies, low ones left out."""
    y = np.fft.fftfreq(_TILE)[:, None] * _TILE
    x = np.arange(power.shape[1])[None, :]
    radius = np.sqrt(y**2 + x**2)
    best = 0.0
    for inner in range(_INNER, _TILE // 2, 8):
        # The axes hold the edges of JPEG's blocks and of lines of text.
        ring = (radius >= inner) & (radius < inner + 8) & (np.abs(y) > 2) & (x > 2)
        values = power[ring]
        best = max(best, float(values.max() - np.median(values)))
    return best
