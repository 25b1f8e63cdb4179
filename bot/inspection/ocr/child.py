"""The program that reads pictures one after another: each a line of JSON and its bytes in.

Out comes one line of JSON for each picture: what was read, or null.
"""

import io
import json
import os
import sys
from dataclasses import asdict, dataclass
from datetime import date
from typing import BinaryIO, Final

import zxingcpp
from PIL import Image, ImageOps

from bot.inspection.ocr.engine import LONGER_SIDE, Engine
from bot.inspection.ocr.lines import Line, legibility, sideways
from bot.inspection.ocr.reading import Reading, read_paper

_MEMORY: Final = 4 * 2**30  # bytes of address space; about 0.8 GB of it is ever in use
_MOST_PIXELS: Final = 40_000_000
_LEGIBLE: Final = 0.85
"""Measured: papers the right way up are at 0.98 or above, on their heads at 0.73 or below."""

_QR: Final = zxingcpp.BarcodeFormat.QRCode
_POLITE: Final = 5
"""How far the chat goes before: the reader takes what the processor has left."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Lines of text in a picture, and what its QR codes hold."""

    lines: tuple[Line, ...]
    symbols: tuple[str, ...] = ()


def main() -> None:
    """Read pictures until there are no more."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is no answer
    _limit()
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    engine = Engine(threads=max(1, (os.cpu_count() or 1) // 2))
    for line in iter(sys.stdin.buffer.readline, b""):
        asked = json.loads(line)
        content = _exactly(sys.stdin.buffer, asked["size"])
        reading = _read(engine, content, date.fromisoformat(asked["today"]))
        json.dump(None if reading is None else asdict(reading), answers)
        answers.write("\n")
        answers.flush()


def _read(engine: Engine, content: bytes, today: date) -> Reading | None:
    try:
        seen = look(engine, content)
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    return read_paper(seen.lines, today, seen.symbols)


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


def _exactly(source: BinaryIO, size: int) -> bytes:
    content = source.read(size)
    if len(content) != size:
        raise SystemExit(1)  # whoever asked is gone
    return content


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's patience remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_POLITE)


if __name__ == "__main__":
    main()
