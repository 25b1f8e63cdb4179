"""A picture opened for measuring: its pixels at the sizes that the checks look at."""

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from bot.inspection.arrays import Bytes, Floats

WORKING = 1600
"""Longer side, in pixels, of the copy that most checks look at; smaller pictures stay."""

COARSE = 256
"""Longer side of the copy in which the paper is sought."""

MAX_PIXELS = 50_000_000


class Unreadable(Exception):
    """The bytes are no picture, or one of more pixels than we open."""


@dataclass(frozen=True)
class View:
    """A picture as it is looked at, its width and height in its own pixels."""

    image: Image.Image
    format: str  # "JPEG", "PNG" …

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.image.width

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.image.height

    @cached_property
    def working(self) -> Bytes:
        """Red, green and blue of the working copy."""
        return np.asarray(self._at_most(WORKING))

    @cached_property
    def grey(self) -> Floats:
        """Brightness of the working copy, 0–255."""
        return brightness(self.working)

    @cached_property
    def coarse(self) -> Floats:
        """Red, green and blue of the coarse copy."""
        return np.asarray(self._at_most(COARSE), np.float32)

    def _at_most(self, side: int) -> Image.Image:
        if max(self.width, self.height) <= side:
            return self.image
        scale = side / max(self.width, self.height)
        size = (max(1, round(self.width * scale)), max(1, round(self.height * scale)))
        return self.image.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def open_view(content: bytes) -> View:
    """Open a picture, upright as its camera noted. Raises Unreadable."""
    try:
        with Image.open(BytesIO(content)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Unreadable("more pixels than are opened")
            told = image.format or ""
            return View(ImageOps.exif_transpose(image).convert("RGB"), told)
    except Unreadable:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError) as fault:
        raise Unreadable(type(fault).__name__) from None
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError) as fault:
        # Pillow raises any of these for broken files, as its own docs admit.
        raise Unreadable(type(fault).__name__) from None


def brightness(pixels: Bytes | Floats) -> Floats:
    """Brightness of red, green and blue, as television weighs them."""
    weights = np.array((0.299, 0.587, 0.114), np.float32)
    return np.asarray(pixels.astype(np.float32) @ weights, np.float32)
