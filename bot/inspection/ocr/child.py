"""The program that reads papers in pictures, one after another, for as long as it is asked."""

import io
import os
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import Any, Final

import zxingcpp
from PIL import Image, ImageOps

from bot.inspection.ocr.engine import LONGER_SIDE, Engine
from bot.inspection.ocr.lines import Line, legibility, sideways
from bot.inspection.ocr.reading import read_paper
from bot.inspection.serving import serve

_MEMORY: Final = 4 * 2**30  # bytes of address space; about 0.8 GB of it is ever in use
_MOST_PIXELS: Final = 40_000_000
_LEGIBLE: Final = 0.85
"""Measured: papers the right way up are at 0.98 or above, on their heads at 0.73 or below."""

_QR: Final = zxingcpp.BarcodeFormat.QRCode


@dataclass(frozen=True, slots=True)
class Seen:
    """Lines of text in a picture, and what its QR codes hold."""

    lines: tuple[Line, ...]
    symbols: tuple[str, ...] = ()


def main() -> None:
    """Read pictures until nobody asks any more."""
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    serve(_answer, memory=_MEMORY)


def _answer(given: dict[str, Any], content: bytes) -> dict[str, Any]:
    seen = look(_engine(), content)
    return asdict(read_paper(seen.lines, date.fromisoformat(given["today"]), seen.symbols))


@cache
def _engine() -> Engine:
    return Engine(threads=max(1, (os.cpu_count() or 1) // 2))


def look(engine: Engine, content: bytes) -> Seen:
    """What can be read in a picture. Raises OSError or ValueError for what is none."""
    with Image.open(io.BytesIO(content)) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    symbols = _symbols(picture)
    picture.thumbnail((LONGER_SIDE, LONGER_SIDE), Image.Resampling.LANCZOS)
    return Seen(_upright(engine, picture), symbols)


def _upright(engine: Engine, picture: Image.Image) -> tuple[Line, ...]:
    """The lines of the picture, turned where they run up or down, or stand on their heads."""
    lines = engine.lines(picture)
    if sideways(lines):
        picture = picture.transpose(Image.Transpose.ROTATE_90)
        lines = engine.lines(picture)
    if legibility(lines) >= _LEGIBLE:
        return lines
    over = engine.lines(picture.transpose(Image.Transpose.ROTATE_180))
    return max(lines, over, key=legibility)


def _symbols(picture: Image.Image) -> tuple[str, ...]:
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats([_QR]))
    return tuple(one.text for one in found)


if __name__ == "__main__":
    main()
