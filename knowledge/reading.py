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


@dataclass(frozen=True, slots=True)
class Reader:
    """How a language is read: patterns made from ``synonyms.toml`` once."""

    same: Mapping[str, str]  # every form -> the one that stands for it
    forms: re.Pattern[str]
    fillers: re.Pattern[str]

    def terms(self, text: str) -> dict[str, float]:
        """The terms of a text with their weights; empty if it says nothing."""
        plain = simplify(half_width(text[:MAX_LENGTH])).lower()
        plain = _SHORT_FOR_FILING.sub("备案", plain)
        found: dict[str, float] = {}
        end = 0
        for form in self.forms.finditer(plain):
            self._collect(plain[end : form.start()], found)
            _weigh(self.same[form[0]], found)
            end = form.end()
        self._collect(plain[end:], found)
        return found

    def whole(self, text: str) -> dict[str, float]:
        """The terms of a longer text, such as an answer, read to its end."""
        found: dict[str, float] = {}
        for line in text.splitlines():
            found |= self.terms(line)
        return found

    def _collect(self, plain: str, found: dict[str, float]) -> None:
        _weigh(self.fillers.sub(" ", plain), found)


def _weigh(plain: str, found: dict[str, float]) -> None:
    for run in _TERMS.findall(plain):
        if run[0].isascii():
            found[run[:-1] if len(run) > 3 and run.endswith("s") else run] = 1.0
            continue
        for sign in run:
            found[sign] = _SINGLE
        for place in range(len(run) - 1):
            found[run[place : place + 2]] = 1.0


@cache
def reader(locale: str) -> Reader:
    """How questions of a locale are read."""
    text = (files("knowledge") / "synonyms.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)[locale]
    same = {form: one for one, forms in table["same"].items() for form in (one, *forms)}
    return Reader(same, _any_of(same, locale), _any_of(table["fillers"], locale))


def _any_of(words: Mapping[str, str] | list[str], locale: str) -> re.Pattern[str]:
    """Any of the words, longer ones first; English ones only as whole words."""
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    any_of = "|".join(longest_first)
    return re.compile(any_of if locale == "zh-CN" else rf"\b(?:{any_of})\b")
