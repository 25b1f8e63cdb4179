"""The program that makes clean pictures of one file and ends.

Standard input: a line of JSON (``media_type``, ``max_bytes``, ``seconds``), then the file.
Standard output: a line of JSON (``pictures``: bytes, width and height of each; or what is
``wrong``), then the pictures one after another.
"""

import json
import math
import os
import sys
from contextlib import suppress
from typing import Final

from bot.materials import sniffing
from bot.materials.decoding import Picture, clean_picture, warm_up
from filing.invalid import Invalid, invalid

_MEMORY: Final = 3 * 2**29
"""Bytes of address space: four copies of the largest picture, and code."""

_LEAST: Final = 2**28
_A_PIXEL: Final = 32
"""What a picture may take of them, at least and beyond: a PNG with transparency takes 25 each."""

_LEAST_SECONDS: Final = 2
_PIXELS_A_SECOND: Final = 3_000_000  # a fifth of what an old core manages

_NICENESS: Final = 10


def main() -> None:
    """Read one file from standard input and write clean pictures to standard output."""
    given = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    media_type, max_bytes = given["media_type"], given["max_bytes"]
    with suppress(OSError, AttributeError):
        os.nice(_NICENESS)  # whoever chats meanwhile comes first
    try:
        pictures = _pictures(content, media_type, max_bytes, given["seconds"])
    except MemoryError:
        pictures = invalid("file.too_hard")
    out = sys.stdout.buffer
    if isinstance(pictures, Invalid):
        told = {"wrong": {"code": pictures.code, "params": dict(pictures.params)}}
        out.write(json.dumps(told).encode() + b"\n")
        return
    sizes = [(len(one.content), one.width, one.height) for one in pictures]
    out.write(json.dumps({"pictures": sizes}).encode() + b"\n")
    for one in pictures:
        out.write(one.content)


def _pictures(
    content: bytes, media_type: str, max_bytes: int, seconds: int
) -> tuple[Picture, ...] | Invalid:
    if media_type == sniffing.PDF:
        from bot.materials.pages import clean_pages

        _limit(seconds, files=16)  # fonts are read while a page is drawn
        return clean_pages(content, max_bytes)
    warm_up(media_type)
    _limit(seconds, files=3)
    # libheif's threads reserve memory that they never use: photos of iPhones keep the first limit.
    hold_to = _no_closer if media_type == sniffing.HEIC else _hold_to
    picture = clean_picture(content, media_type, max_bytes, hold_to)
    return picture if isinstance(picture, Invalid) else (picture,)


def _limit(seconds: int, files: int) -> None:
    """Little time and memory, nothing written, and no file opened beyond so many."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's patience remains
        return
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, files),
    ):
        resource.setrlimit(what, (most, most))


def _hold_to(pixels: int) -> None:
    """No more memory and time than so many pixels can need, below what ``_limit`` left."""
    try:
        import resource
    except ImportError:
        return
    memory = max(_LEAST, _LEAST // 2 + _A_PIXEL * pixels)
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = math.ceil(used.ru_utime + used.ru_stime)
    seconds = spent + _LEAST_SECONDS + pixels // _PIXELS_A_SECOND
    for what, wanted in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
        most = min(wanted, resource.getrlimit(what)[1])
        resource.setrlimit(what, (most, most))


def _no_closer(pixels: int) -> None:
    """Leave the limits as they are."""


if __name__ == "__main__":
    main()
