"""Text broken into lines as Chinese is set: between letters, not before a comma."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from bot.letters.blocks import Words

NO_LINE_START: Final = "，。、；：！？）》】”’…—·,.;:!?)]}%℃"
NO_LINE_END: Final = "（《【“‘([{"

Measure = Callable[[str, float], float]
"""How wide a text of a size is, in points."""


def broken(
    words: tuple[Words, ...], room: float, first: float, measure: Measure
) -> list[tuple[Words, ...]]:
    """The words in lines no wider than ``room``, the first one ``first`` narrower.

    A closing mark that no longer fits hangs beyond the edge, as is usual in print. What fits on
    no line is broken anywhere.
    """
    lines: list[tuple[Words, ...]] = []
    line: list[Words] = []
    used, left = 0.0, room - first
    for piece in _pieces(words):
        if piece.text == "\n":
            lines.append(_joined(line))
            line, used, left = [], 0.0, room
            continue
        wide = measure(piece.text, piece.size)
        hangs = len(piece.text) == 1 and piece.text in NO_LINE_START and used <= left
        if used + wide > left + 0.01 and line and not hangs:
            carried = [line.pop()] if line[-1].text[-1] in NO_LINE_END and len(line) > 1 else []
            lines.append(_joined(line))
            line, left = carried, room
            used = sum(measure(one.text, one.size) for one in line)
            if piece.text == " ":
                continue
        while used + wide > left and len(piece.text) > 1:  # longer than a whole line
            cut = _fitting(piece, left - used, measure)
            lines.append(_joined([*line, replace(piece, text=piece.text[:cut])]))
            piece = replace(piece, text=piece.text[cut:])
            line, used, left = [], 0.0, room
            wide = measure(piece.text, piece.size)
        line.append(piece)
        used += wide
    lines.append(_joined(line))
    return lines


def _fitting(piece: Words, room: float, measure: Measure) -> int:
    """How many letters of a piece fit, at least one."""
    used = 0.0
    for number, letter in enumerate(piece.text):
        used += measure(letter, piece.size)
        if used > room:
            return max(number, 1)
    return len(piece.text)


def _pieces(words: tuple[Words, ...]) -> Iterator[Words]:
    """What stays together: one Chinese letter, or a word or number in Latin ones."""
    for one in words:
        word = ""
        for letter in one.text:
            if (letter.isascii() and letter not in " \n") or "\u00c0" <= letter <= "\u02ff":
                word += letter
                continue
            if word:
                yield replace(one, text=word)
                word = ""
            yield replace(one, text=letter)
        if word:
            yield replace(one, text=word)


def _joined(line: list[Words]) -> tuple[Words, ...]:
    joined: list[Words] = []
    for one in line:
        if joined and replace(joined[-1], text="") == replace(one, text=""):
            joined[-1] = replace(one, text=joined[-1].text + one.text)
        else:
            joined.append(one)
    return tuple(joined)
