"""Which conversations may hold some words: small fingerprints of what people wrote.

Chinese is cut into pairs of characters and other words into triples of letters, so that any part
of a sentence is found without knowing where its words end; words of one or two letters are found
only as they stand. A fingerprint can say yes wrongly,
never no: whoever is named is read before being shown. Fingerprints are kept encrypted like the
words themselves (``docs/adr/0019-searching-sealed-transcripts.md``).
"""

import re
import sys
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

MOST: Final = 20_000
"""Parts kept of one conversation; one with more is read whenever somebody searches."""

_CODE: Final = "I"  # 32 bits each
_HAN: Final = r"\u3400-\u9fff\U00020000-\U0003134f"
_RUN: Final = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_CHINESE: Final = re.compile(rf"[{_HAN}]")
_SHORT: Final = 3


def normalised(text: str) -> str:
    """A text as it is compared: half-width, lower case, blanks alike."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split())


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for: every word must be there. ``parts`` are what fingerprints show."""

    words: tuple[str, ...]
    parts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Query":
        """A query as it was typed. Without parts it is too short to look for."""
        words = tuple(normalised(text).split())
        parts = {number for word in words for number in map(_number, _sought(word))}
        return cls(words, tuple(sorted(parts)))

    def found_in(self, text: str) -> int:
        """Where the first word stands in a text that has them all; -1 if it has not."""
        plain = normalised(text)
        places = [plain.find(word) for word in self.words]
        return min(places) if places and min(places) >= 0 else -1


class Terms:
    """The fingerprint of one conversation."""

    __slots__ = ("_numbers",)

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self._numbers = array(_CODE, sorted(set(numbers)))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Terms":
        """A stored one."""
        terms = cls()
        terms._numbers.frombytes(data)
        if sys.byteorder == "big":
            terms._numbers.byteswap()
        return terms

    def to_bytes(self) -> bytes:
        """To store, four bytes a part."""
        if sys.byteorder == "little":
            return self._numbers.tobytes()
        swapped = array(_CODE, self._numbers)
        swapped.byteswap()
        return swapped.tobytes()

    def with_texts(self, texts: Iterable[str]) -> "Terms":
        """The fingerprint once these texts are written too; itself if they add nothing."""
        if self.is_full:
            return self
        new = {_number(part) for text in texts for part in _parts(normalised(text))}
        new.difference_update(self._numbers)
        if not new:
            return self
        return Terms([*self._numbers, *new][: MOST + 1])

    @property
    def is_full(self) -> bool:
        """Whether there were more parts than are kept."""
        return len(self._numbers) > MOST

    def may_have(self, query: Query) -> bool:
        """Whether all of a query's parts are in it."""
        return self.is_full or all(self._has(number) for number in query.parts)

    def _has(self, number: int) -> bool:
        at = bisect_left(self._numbers, number)
        return at < len(self._numbers) and self._numbers[at] == number

    def __len__(self) -> int:
        return len(self._numbers)


def _parts(text: str) -> Iterator[str]:
    """The parts under which a text is found."""
    for run in _RUN.findall(text):
        if _CHINESE.match(run):
            yield from run  # one character alone can be looked for too
            yield from _pieces(run, 2)
        else:
            yield from _pieces(run, _SHORT) if len(run) >= _SHORT else (run,)


def _sought(word: str) -> Iterator[str]:
    """The parts that every text holding this word has; a short one in letters is a whole word."""
    for run in _RUN.findall(word):
        size = 2 if _CHINESE.match(run) else _SHORT
        yield from _pieces(run, size) if len(run) >= size else (run,)


def _pieces(run: str, size: int) -> Iterator[str]:
    return (run[at : at + size] for at in range(len(run) - size + 1))


def _number(part: str) -> int:
    digest = blake2b(part.encode("utf-8", "replace"), digest_size=4).digest()
    return int.from_bytes(digest, "little")
