"""The program that makes clean pictures of one file and ends.

Standard input: a line of JSON (``media_type``, ``max_bytes``, ``seconds``), then the file.
Standard output: a line of JSON (``pictures``: bytes, width and height of each; or what is
``wrong``), then the pictures one after another.
"""

import json
import os
import sys
from contextlib import suppress
from typing import Final

from bot.materials import sniffing
from bot.materials.decoding import Picture, clean_picture, warm_up
from filing.invalid import Invalid, invalid

_MEMORY: Final = 3 * 2**29  # bytes of address space: four copies of the largest picture, and code
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
    picture = clean_picture(content, media_type, max_bytes)
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


if __name__ == "__main__":
    main()
