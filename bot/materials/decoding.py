"""Makes a clean picture of what somebody sent. Runs in a child process only: it reads strangers'
bytes.

Nothing of the file survives but its pixels, turned upright, in sRGB, small enough for the
provider: no metadata, no second picture, no trailing bytes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from math import sqrt
from typing import Final

from PIL import Image, ImageCms, ImageOps

from bot.materials import sniffing
from bot.materials.limits import LEAST_SIDE, LONGEST_SIDE, MAX_PIXELS
from filing.invalid import Invalid, invalid

_QUALITIES: Final = (92, 86, 80)
_LAST_QUALITY: Final = 70
_SMALLER: Final = 0.85
_FORMATS: Final = {sniffing.JPEG: "JPEG", sniffing.PNG: "PNG", sniffing.WEBP: "WEBP"}
_TRUE_16_BIT: Final = ("I;16", "I;16B", "I;16L", "I;16N", "I")

Image.MAX_IMAGE_PIXELS = None  # looked at below, with an answer instead of a warning


@dataclass(frozen=True, slots=True)
class Picture:
    """A clean picture: JPEG without metadata."""

    content: bytes
    width: int
    height: int


def clean_picture(
    content: bytes,
    media_type: str,
    max_bytes: int,
    hold_to: Callable[[int], None] = lambda pixels: None,
) -> Picture | Invalid:
    """The picture that ``content`` shows, re-encoded; or why there is none to be had.

    ``hold_to`` is told how many pixels the header names before any of them is decoded.
    """
    if media_type == sniffing.HEIC:
        _know_heic()
    try:
        if media_type == sniffing.WEBP:  # Pillow makes room for it as soon as it opens it
            width, height = sniffing.webp_size(content)
            if width * height > MAX_PIXELS:
                return too_many_pixels(width, height)
            hold_to(width * height)
        with Image.open(BytesIO(content), formats=[_FORMATS.get(media_type, "HEIF")]) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                return too_many_pixels(width, height)
            hold_to(width * height)
            if media_type in (sniffing.PNG, sniffing.WEBP) and getattr(image, "n_frames", 1) > 1:
                return invalid("file.animated")
            if media_type == sniffing.JPEG:  # a quarter of the work where it is far too large
                image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
            image.load()
            return encode(_upright(image), max_bytes)
    except Image.DecompressionBombError:
        return invalid("file.too_hard")
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError):
        # Pillow raises any of these for broken files, as its own docs admit.
        return invalid("file.broken")


def warm_up(media_type: str) -> None:
    """Load all that is loaded when first used, while files may still be opened."""
    if media_type == sniffing.HEIC:
        _know_heic()
        media_type = sniffing.PNG
    small = BytesIO()
    Image.new("RGB", (1, 1)).save(small, _FORMATS[media_type])
    clean_picture(small.getvalue(), media_type, 10**6)


def too_many_pixels(width: int, height: int) -> Invalid:
    """The refusal of a picture by what its header says."""
    megapixels = -(-width * height // 1_000_000)
    return invalid("file.too_many_pixels", megapixels=megapixels, max=MAX_PIXELS // 1_000_000)


def encode(image: Image.Image, max_bytes: int) -> Picture:
    """A picture as JPEG of at most ``max_bytes``, as large and as good as that allows.

    Chroma is not subsampled at the best quality: red seals on white lose their edges first.
    """
    image = _plain(image)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    image.info.clear()  # Pillow would carry a comment over
    while True:
        for quality in _QUALITIES:
            if content := _within(image, quality, max_bytes):
                return Picture(content, *image.size)
        if max(image.size) * _SMALLER < LEAST_SIDE:
            break
        smaller = (round(image.width * _SMALLER) or 1, round(image.height * _SMALLER) or 1)
        image = image.resize(smaller, Image.Resampling.LANCZOS)
    while not (content := _within(image, _LAST_QUALITY, max_bytes)):
        image = image.resize(
            (max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)), Image.Resampling.LANCZOS
        )
    return Picture(content, *image.size)


def _within(image: Image.Image, quality: int, max_bytes: int) -> bytes | None:
    out = BytesIO()
    sampling = 0 if quality == _QUALITIES[0] else 2
    image.save(out, "JPEG", quality=quality, subsampling=sampling)
    return out.getvalue() if out.tell() <= max_bytes else None


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera was held."""
    try:
        return ImageOps.exif_transpose(image)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, ZeroDivisionError):
        return image  # broken metadata do not spoil a picture


def _plain(image: Image.Image) -> Image.Image:
    """In 8-bit sRGB on white."""
    if image.mode in _TRUE_16_BIT:
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode == "F":
        image = image.convert("L")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        seen = image.convert("RGBA")
        ground = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(ground, seen).convert("RGB")
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        with _own_colours(image):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
            if converted is not None:
                return converted
    return image.convert("RGB") if image.mode != "RGB" else image.copy()


@contextmanager
def _own_colours(image: Image.Image) -> Iterator[None]:
    """Lets a broken colour profile pass: the colours are then a little off."""
    try:
        yield
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        image.info.pop("icc_profile", None)


def _know_heic() -> None:
    import pi_heif

    pi_heif.register_heif_opener(thumbnails=False, decode_threads=1)


def scale_for(width: float, height: float, dots_per_inch: int) -> float:
    """How much a page of so many points is enlarged, within the limits of a picture."""
    longest = LONGEST_SIDE / max(width, height, 1)
    area = sqrt(MAX_PIXELS / max(width * height, 1))
    return min(dots_per_inch / 72, longest, area)
