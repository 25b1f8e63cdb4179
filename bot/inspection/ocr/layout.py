"""Which words on a form stand beside which label: 名称 …, 法定代表人 …, 住所 … over two lines."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from bot.inspection.ocr.lines import Piece
from filing.identifiers.normalise import half_width

# Distances in letters: how high the line is that they are measured from.
_SAME_ROW: Final = 0.6
_SAME_COLUMN: Final = 1.3
_WITHIN_VALUE: Final = 2.0  # between two boxes of one value
_TO_VALUE: Final = 9.0  # from a label to its value
_WITHIN_LABEL: Final = 5.0  # between 名 and 称
_NEXT_LINE: Final = 1.6  # from the middle of a line to that of the next one of the same value

_WATERMARK: Final = re.compile(
    r"仅供|仅限|仅用于|备案使[用型]?|备案专用|案使用|(?:复印|他用|再次复印)无效|与原件一致|使用$"
)
_SHORT: Final = 2
_BRACKETS: Final = str.maketrans("()", "（）")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_BLANK_BY_CHINESE: Final = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")


@dataclass(frozen=True, slots=True)
class Value:
    """What stands beside a label, and how sure the reader is of its least sure line."""

    text: str
    sure: float


@dataclass(frozen=True, slots=True)
class _Label:
    name: str  # as the form calls it
    box: Piece  # of the label alone, or of the line that holds both
    rest: str | None  # the value's words in the same box; None where the label stands alone
    taken: tuple[Piece, ...]  # the pieces it is made of

    @property
    def value_left(self) -> float:
        """Where a value in the same box begins, judged by the number of letters."""
        last = self.taken[-1]
        whole = len(_plain(last.text))
        share = 1 - len(self.rest or "") / whole if whole else 1
        return last.left + share * (last.right - last.left)


def tidied(text: str) -> str:
    """Text in half-width, with the full-width brackets that Chinese papers print."""
    plain = _BLANK_BY_CHINESE.sub("", half_width(text))
    return plain.translate(_BRACKETS) if _CHINESE.search(plain) else plain


def values(
    pieces: Sequence[Piece], labels: Iterable[str], over_lines: Iterable[str] = ()
) -> Mapping[str, Value]:
    """The value beside each label found once, as read; a label that stands twice is left out.

    Only those in ``over_lines`` go on in the lines below. A label also ends what stands before
    it, so ``labels`` should name all of a form.
    """
    pieces = [piece for piece in pieces if not is_watermark(piece.text)]
    found = _labels(pieces, sorted(labels, key=len, reverse=True))
    several = frozenset(over_lines)
    read: dict[str, Value | None] = {}
    for label in found:
        value = _value(label, pieces, found, goes_on=label.name in several)
        if value is not None:
            read[label.name] = None if label.name in read else value
    return {name: value for name, value in read.items() if value is not None}


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _labels(pieces: Sequence[Piece], names: Sequence[str]) -> tuple[_Label, ...]:
    found: list[_Label] = []
    used: set[int] = set()
    for place, piece in enumerate(pieces):
        if place in used:
            continue
        label = _label_at(piece, pieces, names)
        if label is not None:
            found.append(label)
            used |= {at for at, one in enumerate(pieces) if one in label.taken}
    alone = [label for label in found if label.rest is None]
    doubtful = [label for label in found if label.rest is not None]
    columns = [label.box for label in alone]
    for one, two in combinations(doubtful, 2):
        if one.name != two.name and _same_column(one.box, two.box):
            columns += [one.box, two.box]
    # A line of some value may begin with a word that is a label elsewhere.
    sound = [label for label in doubtful if any(_same_column(label.box, box) for box in columns)]
    return (*alone, *sound, *_tails(pieces, names, (*alone, *sound)))


def _tails(
    pieces: Sequence[Piece], names: Sequence[str], known: Sequence[_Label]
) -> Iterator[_Label]:
    """Labels of two letters whose first was overlooked: 称 where the other labels end."""
    taken = {id(piece) for label in known for piece in label.taken}
    found = {label.name for label in known}
    for piece in pieces:
        if id(piece) in taken or len(_plain(piece.text)) != 1:
            continue
        meant = [name for name in names if len(name) == 2 and name[1] == _plain(piece.text)]
        at_edge = any(
            label.rest is None and abs(label.box.right - piece.right) < 0.7 * piece.height
            for label in known
        )
        if len(meant) == 1 and meant[0] not in found and at_edge:
            yield _Label(meant[0], piece, None, (piece,))


def _label_at(piece: Piece, pieces: Sequence[Piece], names: Sequence[str]) -> _Label | None:
    text = _plain(piece.text)
    for name in names:
        if text.rstrip(":") == name:
            return _Label(name, piece, None, (piece,))
    for name in names:
        if text.startswith(name):
            return _Label(name, piece, text.removeprefix(name).lstrip(":"), (piece,))
    if len(text) > _SHORT or not any(name.startswith(text) for name in names):
        return None
    return _spread_label(piece, pieces, names)


def _spread_label(first: Piece, pieces: Sequence[Piece], names: Sequence[str]) -> _Label | None:
    """A label whose letters stand so far apart that each was found on its own."""
    text, taken = _plain(first.text), [first]
    for following in _to_the_right(first, pieces):
        if following.left - taken[-1].right > _WITHIN_LABEL * first.height:
            return None
        text += _plain(following.text)
        taken.append(following)
        box = replace(following, left=first.left)
        for name in names:
            if text == name:
                return _Label(name, box, None, tuple(taken))
            if text.startswith(name):
                rest = text.removeprefix(name).lstrip(":")
                return _Label(name, box, rest, tuple(taken))
        if not any(name.startswith(text) for name in names):
            return None
    return None


def _value(
    label: _Label, pieces: Sequence[Piece], labels: Sequence[_Label], *, goes_on: bool
) -> Value | None:
    others = {id(piece) for other in labels for piece in other.taken}
    free = [piece for piece in pieces if id(piece) not in others]
    row = _run(label.box, free, labels, label)
    if label.rest:
        texts, parts = [label.rest], [label.box]
        left = label.value_left
        row = tuple(one for one in row if one.left - label.box.right < _WITHIN_VALUE * one.height)
    elif row:
        texts, parts, left = [], [], row[0].left
    else:
        return None
    texts += [piece.text for piece in row]
    parts += row
    if goes_on:
        below = _below(label, parts[0], left, pieces, labels)
        if below is None:
            return None
        texts += [piece.text for piece in below]
        parts += below
    text = "".join(tidied(one) if _CHINESE.search(one) else one for one in texts)
    return Value(text, min(piece.sure for piece in parts)) if text else None


def is_watermark(text: str) -> bool:
    """Whether words say what a picture may be used for, as people write across their papers."""
    return _WATERMARK.search(text) is not None


def _run(
    start: Piece, free: Sequence[Piece], labels: Sequence[_Label], own: _Label
) -> tuple[Piece, ...]:
    """The boxes right of a label, up to the next label or a wide gap."""
    ends = [
        one.box.left
        for one in labels
        if one is not own and one.box.left > start.left and _same_row(start, one.box)
    ]
    end = min(ends, default=float("inf"))
    run: list[Piece] = []
    gap, at = _TO_VALUE, start.right
    for piece in _to_the_right(start, free):
        if piece.left >= end or piece.left - at > gap * piece.height:
            break
        run.append(piece)
        gap, at = _WITHIN_VALUE, piece.right
    return tuple(run)


def _below(
    label: _Label, first: Piece, left: float, pieces: Sequence[Piece], labels: Sequence[_Label]
) -> list[Piece] | None:
    """The further lines of a value: they begin where it begins, and nothing stands left of them.

    None where something does, but is no label: it cannot be told what the line belongs to.
    """
    lines: list[Piece] = []
    last = first
    while True:
        following = [
            piece
            for piece in pieces
            if piece.middle > last.middle + _SAME_ROW * last.height
            and piece.middle - last.middle < _NEXT_LINE * max(last.height, piece.height)
            and abs(piece.left - left) < _SAME_COLUMN * piece.height
        ]
        if not following:
            return lines
        last = min(following, key=lambda piece: piece.middle)
        edge = label.box.left - _SAME_COLUMN * last.height
        beside = [
            one
            for one in pieces
            if edge < one.left < last.left - last.height and _same_row(one, last)
        ]
        if beside:
            known = {id(piece) for other in labels for piece in other.taken}
            return lines if any(id(one) in known for one in beside) else None
        lines.append(last)
        at = last.right
        for piece in _to_the_right(last, pieces):
            if piece.left - at > _WITHIN_VALUE * piece.height:
                break
            lines.append(piece)
            at = piece.right


def _to_the_right(start: Piece, pieces: Iterable[Piece]) -> list[Piece]:
    beside = [
        piece
        for piece in pieces
        if piece is not start
        and _same_row(start, piece)
        and piece.left >= max(start.right - start.height, start.left + 0.5 * start.height)
    ]
    return sorted(beside, key=lambda piece: piece.left)


def _same_row(one: Piece, other: Piece) -> bool:
    return abs(one.middle - other.middle) < _SAME_ROW * max(one.height, other.height)


def _same_column(one: Piece, other: Piece) -> bool:
    return abs(one.left - other.left) < _SAME_COLUMN * max(one.height, other.height)
