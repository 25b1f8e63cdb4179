"""A question reduced to what it is about: synonyms made one, fillers dropped, terms weighed."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from filing.identifiers.normalise import half_width
from filing.simplified import simplify

MAX_LENGTH = 300
"""Characters that are read; what is longer is no question."""

_TERMS = re.compile(r"[a-z0-9][a-z0-9.+#]*|[\u3400-\u9fff]+")
_SHORT_FOR_FILING = re.compile(r"(?<![准设储筹兼完齐])备(?![案注份用货考战忘])")
_SINGLE = 0.35  # a lone character says less than a pair
_WORD = 1.5  # a word of the table more, and not once for every pair in it


@dataclass(frozen=True, slots=True)
class Reader:
    """How a language is read: every form of a word, and the words that say nothing."""

    same: Mapping[str, str]  # every form -> the word that stands for it; "" for a filler
    lengths: Mapping[str, tuple[int, ...]]  # first character -> lengths of its forms, longest first

    def terms(self, text: str) -> dict[str, float]:
        """The terms of a text with their weights; empty if it says nothing.

        A word of the table is one term, however long; what lies between is read as single
        characters, pairs of them and Latin words.
        """
        plain = simplify(half_width(text[:MAX_LENGTH])).lower()
        plain = _SHORT_FOR_FILING.sub("备案", plain)
        found: dict[str, float] = {}
        begin = place = 0
        while place < len(plain):
            form = self._form_at(plain, place)
            if not form:
                place += 1
                continue
            _weigh(plain[begin:place], found)
            word = self.same[form]
            if word:
                found[word] = _WORD
            begin = place = place + len(form)
        _weigh(plain[begin:], found)
        return found

    def whole(self, text: str) -> dict[str, float]:
        """The terms of a longer text, such as an answer, read to its end."""
        found: dict[str, float] = {}
        for line in text.splitlines():
            found |= self.terms(line)
        return found

    def _form_at(self, plain: str, place: int) -> str:
        """The longest form that begins at a place, Latin ones only as whole words."""
        for length in self.lengths.get(plain[place], ()):
            form = plain[place : place + length]
            if form in self.same and (not form[0].isascii() or _stands_alone(plain, place, length)):
                return form
        return ""


def _stands_alone(plain: str, place: int, length: int) -> bool:
    around = plain[place - 1 : place], plain[place + length : place + length + 1]
    return not any(sign.isascii() and sign.isalnum() for sign in around)


def _weigh(plain: str, found: dict[str, float]) -> None:
    for run in _TERMS.findall(plain):
        if run[0].isascii():
            found[run[:-1] if len(run) > 3 and run.endswith("s") else run] = 1.0
            continue
        for sign in run:
            found.setdefault(sign, _SINGLE)
        for place in range(len(run) - 1):
            found[run[place : place + 2]] = 1.0


@cache
def reader(locale: str) -> Reader:
    """How questions of a locale are read."""
    text = (files("knowledge") / "synonyms.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)[locale]
    same = dict.fromkeys(table["fillers"], "")
    same |= {form: word for word, forms in table["same"].items() for form in (word, *forms)}
    lengths: dict[str, set[int]] = {}
    for form in same:
        lengths.setdefault(form[0], set()).add(len(form))
    return Reader(same, {sign: tuple(sorted(some)[::-1]) for sign, some in lengths.items()})
