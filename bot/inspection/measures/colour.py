"""How much colour there is: in the picture at all, and in the paper beyond the light's own."""

import numpy as np
from PIL import Image

from bot.inspection.arrays import Floats
from bot.inspection.scene import Scene


def colour_of_picture(scene: Scene) -> float:
    """The largest difference between the channels that at least a thousandth of it shows."""
    pixels = scene.view.coarse
    return float(np.percentile(pixels.max(axis=2) - pixels.min(axis=2), 99.9))


def colour_of_paper(scene: Scene) -> float:
    """How far the most coloured hundredth of the paper is from the hue of the rest, in percent.

    The light's colour is taken out by comparing with the paper's ground around each spot, so
    that a grey copy in warm light has next to none. Noise is averaged away first.
    """
    small = Image.fromarray(scene.flat)
    small.thumbnail((160, 160), Image.Resampling.BOX)
    return float(np.percentile(_hue_apart(np.asarray(small, np.float32)), 99))


def _hue_apart(pixels: Floats) -> Floats:
    light = pixels.mean(axis=2)
    ground = pixels[light >= np.percentile(light, 40)].mean(axis=0)
    level = np.maximum(light / max(1.0, float(ground.mean())), 0.2)[..., None]
    apart = pixels / np.maximum(ground, 1.0) - level
    spread = apart.max(axis=2) - apart.min(axis=2)
    return np.asarray(100 * spread, np.float32)
