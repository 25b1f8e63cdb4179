"""How Chinese characters sound, for words typed with the wrong ones or in Latin letters."""

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

_LONGEST: Final = 6  # letters of a syllable: zhuang, shuang
_ALIKE: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_ALIKE_ENDINGS: Final = (("ang", "an"), ("eng", "en"), ("ing", "in"))


def sound(word: str) -> tuple[str, ...]:
    """The syllables of a Chinese word, those that are often mixed up made one.

    A character that is in no table sounds like itself and nothing else.
    """
    return tuple(_blurred(_syllables().get(sign, sign)) for sign in word)


def sound_of_letters(letters: str) -> tuple[str, ...]:
    """The syllables Latin letters spell (``beian``: bei, an); empty if they spell none."""
    return _split(letters.replace("'", "").replace("ü", "v"))


@lru_cache(maxsize=4096)
def _split(letters: str) -> tuple[str, ...]:
    """The fewest syllables the letters divide into, all of them used."""
    if not letters:
        return ()
    best: tuple[str, ...] = ()
    for length in range(min(_LONGEST, len(letters)), 0, -1):
        begin, rest = letters[:length], letters[length:]
        if begin not in _known():
            continue
        behind = _split(rest)
        if rest and not behind:
            continue
        found = (_blurred(begin), *behind)
        if not best or len(found) < len(best):
            best = found
    return best


def _blurred(syllable: str) -> str:
    for one, other in _ALIKE:
        if syllable.startswith(one):
            syllable = other + syllable[len(one) :]
    for one, other in _ALIKE_ENDINGS:
        if syllable.endswith(one):
            syllable = syllable[: -len(one)] + other
    return syllable


def _lines() -> Iterator[tuple[str, str]]:
    text = (files("knowledge") / "data" / "pinyin.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            syllable, _, signs = line.partition(" ")
            yield syllable, signs


@cache
def _syllables() -> dict[str, str]:
    return {sign: syllable for syllable, signs in _lines() for sign in signs}


@cache
def _known() -> frozenset[str]:
    return frozenset(syllable for syllable, _ in _lines())
