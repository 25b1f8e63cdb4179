"""Long text in pieces that a platform takes, cut where one would pause."""

from collections.abc import Callable
from typing import Final

_MARKS: Final = ("\n\n", "\n", "。", "；", ". ", "，", " ")


def cut(text: str, limit: int, size: Callable[[str], int]) -> tuple[str, ...]:
    """Pieces of at most ``limit``, as ``size`` measures them, cut after a line or sentence.

    ``size`` of a text is the sum of those of its characters. Blank edges of a piece are dropped;
    nothing else is lost.
    """
    pieces: list[str] = []
    rest = text.strip()
    while size(rest) > limit:
        at = _place(rest, limit, size)
        pieces.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return (*pieces, rest) if rest else tuple(pieces)


def _place(text: str, limit: int, size: Callable[[str], int]) -> int:
    """Where to cut: after the last paragraph, line, sentence or word that fits."""
    taken, fits = 0, 0
    while (taken := taken + size(text[fits])) <= limit:
        fits += 1
    fits = max(fits, 1)
    window = text[:fits]
    for mark in _MARKS:
        at = window.rfind(mark, fits // 3)
        if at > 0:
            return at + len(mark)
    return fits
