"""The province a mobile number was given out in, from a table made by tools/mobile_areas.py."""

import re
from bisect import bisect_right
from functools import cache
from importlib.resources import files
from string import ascii_letters

from filing.provinces import PROVINCES

UNKNOWN = "-"
LETTERS = "".join(sorted(ascii_letters))[: len(PROVINCES)]
"""One letter for each province, in the order of their codes."""

_NAMES = {letter: province.name for letter, province in zip(LETTERS, PROVINCES, strict=True)}
_RUN = re.compile(rf"([{LETTERS}{UNKNOWN}])(\d*)")


def province_of_mobile(mobile: str) -> str | None:
    """Short name of the province of an eleven-digit number, None where the table is silent.

    A number keeps its area when it is carried over to another operator.
    """
    starts, letters = _runs(mobile[:3])
    if not starts:
        return None
    return _NAMES.get(letters[bisect_right(starts, int(mobile[3:7])) - 1])


@cache
def _lines() -> dict[str, str]:
    text = (files("filing") / "data" / "mobile_areas.txt").read_text(encoding="utf-8")
    lines = (line.partition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {head: runs for head, _, runs in lines}


@cache
def _runs(head: str) -> tuple[list[int], list[str]]:
    """Where each run of one area starts (0-9999), and its letter."""
    starts: list[int] = []
    letters: list[str] = []
    position = 0
    for letter, length in _RUN.findall(_lines().get(head, "")):
        starts.append(position)
        letters.append(letter)
        position += int(length or 1)
    return starts, letters
