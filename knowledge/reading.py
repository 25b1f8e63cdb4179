"""A question reduced to what it is about: synonyms made one, fillers dropped, terms weighed."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from filing.identifiers.normalise import half_width
from filing.simplified import simplify
from knowledge.common_words import common_words

MAX_LENGTH = 4000
"""Characters that are read; what stands behind them is not looked at."""

WORD, PAIR, CROSSING, SINGLE = 1.5, 1.0, 0.65, 0.35
"""What a word of the table, a pair of characters (or Latin word), a lone character weighs.

A word of the table weighs once for all its pairs; a lone character says less than a pair. A
pair that is no common word mostly holds the end of one word and the beginning of the next.
"""

_TERMS = re.compile(r"[a-z0-9][a-z0-9.+#]*|[\u3400-\u9fff]+")
_BLANKS = re.compile(r"\s+")
_REPEATED = re.compile(r"(.{1,8}?)\1{3,}")
_SHORT_FOR_FILING = re.compile(r"(?<![准设储筹兼完齐具配])备(?![案注份用货考战忘])")
_ENDINGS = re.compile(r"(?:ations?|ings?|ed|es|s|(?<=.{5})ly|ment)$")
_FEWEST_LETTERS = 3  # of a stem


def plain(text: str) -> str:
    """A text made comparable: simplified, half width, lower case, nothing unseen in it."""
    folded = _BLANKS.sub(" ", simplify(half_width(text[:MAX_LENGTH])).lower())
    return _REPEATED.sub(r"\1", folded).strip()


def runs(plain: str) -> list[str]:
    """The words in Latin letters and the unbroken Chinese of a text, in their order."""
    return _TERMS.findall(plain)


@dataclass(frozen=True, slots=True)
class Reader:
    """How a language is read: every form of a word, and the words that say nothing."""

    same: Mapping[str, str]  # every form -> the word that stands for it; "" for a filler
    lengths: Mapping[str, tuple[int, ...]]  # first character -> lengths of its forms, longest first
    words: frozenset[str]  # the words that stand for others
    lexicon: tuple[str, ...]  # words of the subject, for putting slips right
    ours: frozenset[str]  # words that only questions about filing hold

    def terms(self, text: str) -> dict[str, float]:
        """The terms of a text with their weights; empty if it says nothing.

        A word of the table is one term, however long; what lies between is read as single
        characters, pairs of them and Latin words.
        """
        return self.terms_of_plain(plain(text))

    def terms_of_plain(self, text: str) -> dict[str, float]:
        """The same of a text that ``plain`` has made comparable."""
        text = _SHORT_FOR_FILING.sub("备案", text)
        found: dict[str, float] = {}
        begin = end = 0
        for place, sign in enumerate(text):
            if sign not in self.lengths or place < end:
                continue
            form = self._form_at(text, place)
            if not form:
                continue
            _weigh(text[begin:place], found)
            word = self.same[form]
            if word:
                found[word] = WORD
            begin = end = place + len(form)
        _weigh(text[begin:], found)
        return found

    def whole(self, text: str) -> dict[str, float]:
        """The terms of a longer text, such as an answer, read to its end."""
        found: dict[str, float] = {}
        for line in text.splitlines():
            found |= self.terms(line)
        return found

    def _form_at(self, plain: str, place: int) -> str:
        """The longest form that begins at a place, Latin ones only as whole words."""
        for length in self.lengths[plain[place]]:
            form = plain[place : place + length]
            if form in self.same and (not form[0].isascii() or _stands_alone(plain, place, length)):
                return form
        return ""


def _stands_alone(plain: str, place: int, length: int) -> bool:
    around = plain[max(0, place - 1) : place], plain[place + length : place + length + 1]
    return not any(sign.isascii() and sign.isalnum() for sign in around)


def _weigh(plain: str, found: dict[str, float]) -> None:
    common = common_words()
    for run in runs(plain):
        if run[0].isascii():
            found[stem(run)] = PAIR
            continue
        for sign in run:
            found.setdefault(sign, SINGLE)
        for pair in map("".join, pairwise(run)):
            found[pair] = PAIR if pair in common else CROSSING


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """An English word without its ending; anything else as it is."""
    word = word.rstrip(".")
    if not word.isalpha():
        return word
    short = _ENDINGS.sub("", word)
    if len(short) < _FEWEST_LETTERS:
        return word
    if short.endswith("i"):
        short = short[:-1] + "y"
    if len(short) > _FEWEST_LETTERS and short[-1] == short[-2] and short[-1] in "bdgmnprt":
        short = short[:-1]
    return short.removesuffix("e") if len(short) > _FEWEST_LETTERS else short


@cache
def reader(locale: str) -> Reader:
    """How questions of a locale are read."""
    table = _table(locale)
    same = dict.fromkeys(table["fillers"], "")
    same |= {form: word for word, forms in table["same"].items() for form in (word, *forms)}
    lengths: dict[str, set[int]] = {}
    for form in same:
        lengths.setdefault(form[0], set()).add(len(form))
    ordered = {sign: tuple(sorted(some)[::-1]) for sign, some in lengths.items()}
    lexicon = (*table["words"], *(form for form, word in same.items() if word))
    ours = frozenset(stem(word) for word in table["ours"])
    return Reader(same, ordered, frozenset(table["same"]), lexicon, ours)


def _table(locale: str) -> dict[str, Any]:
    text = (files("knowledge") / "synonyms.toml").read_text(encoding="utf-8")
    found: dict[str, Any] = tomllib.loads(text)[locale]
    return found


def subject_kinds_named(question: str) -> tuple[tuple[str, ...], str]:
    """The kinds of subject a question speaks of (个人备案: individual), and what else it says."""
    text = plain(question)
    found: dict[str, None] = {}
    for pattern, kind in _kinds_named():
        if pattern.search(text):
            found[kind] = None
            text = pattern.sub(" ", text)
    return tuple(found), text.strip()


@cache
def _kinds_named() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = (files("knowledge") / "synonyms.toml").read_text(encoding="utf-8")
    kinds: dict[str, str] = tomllib.loads(text)["subject_kinds"]
    return tuple((re.compile(pattern), kind) for kind, pattern in kinds.items())
