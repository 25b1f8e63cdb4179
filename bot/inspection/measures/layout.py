"""Where a paper shows a red emblem and where a person's picture, by which kinds are told apart."""

from dataclasses import dataclass

import numpy as np

from bot.inspection.arrays import Floats, Mask, grown, largest_part, shrunk
from bot.inspection.scene import Scene


@dataclass(frozen=True, slots=True)
class Patch:
    """A part of the paper: its middle and size as shares of the paper's width and height."""

    x: float
    y: float
    area: float
    fill: float  # how much of the rectangle around it it fills: 0.79 for a disc


@dataclass(frozen=True, slots=True)
class Layout:
    """``ratio`` is width by height of the paper, 0 where its edges are not known."""

    ratio: float
    emblem: Patch | None
    face: Patch | None


def layout(scene: Scene) -> Layout:
    """What stands where on the paper."""
    outline = scene.outline
    ratio = scene.view.width / scene.view.height if scene.is_filled else 0.0
    if outline is not None:
        ratio = outline.wide / max(1.0, outline.high)
    hue = _balanced(scene.flat_small)
    return Layout(ratio, _patch(_red(hue)), _patch(_skin(hue)))


def _balanced(pixels: Floats) -> Floats:
    """Colours as in white light: the paper's ground is taken for neutral."""
    light = pixels.mean(axis=2)
    ground = pixels[light >= np.percentile(light, 40)].mean(axis=0)
    return np.asarray(pixels / np.maximum(ground, 1.0), np.float32)


def _red(hue: Floats) -> Mask:
    red, green, blue = hue[..., 0], hue[..., 1], hue[..., 2]
    return (red - green > 0.3) & (red - blue > 0.25) & (red > 0.3)


def _skin(hue: Floats) -> Mask:
    red, green, blue = hue[..., 0], hue[..., 1], hue[..., 2]
    warm = (red - green > 0.06) & (red - green < 0.4) & (green - blue > 0.0)
    return warm & (red > 0.45) & (red - blue > 0.12) & (green > 0.35)


def _patch(mask: Mask) -> Patch | None:
    solid = grown(shrunk(mask, 2), 2) & mask
    if not solid.any():
        return None
    part = largest_part(solid)
    rows, columns = np.flatnonzero(part.any(1)), np.flatnonzero(part.any(0))
    high, wide = part.shape
    spanned = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
    return Patch(
        float(columns[0] + columns[-1] + 1) / 2 / wide,
        float(rows[0] + rows[-1] + 1) / 2 / high,
        float(part.mean()),
        float(part.sum() / spanned),
    )
