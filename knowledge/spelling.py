"""Slips of the hand in a question, put right by the words that articles are written in."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from knowledge.common_words import common_words
from knowledge.sounds import sound, sound_of_letters

_LONGEST: Final = 6  # characters of a Chinese word
_HAN_OR_LETTERS: Final = re.compile(r"[\u3400-\u9fff]+|[a-z']+(?: +[a-z']+)*")
_MOST_LETTERS: Final = 120  # of Latin letters in a row that are read as pinyin
_FEWEST_LETTERS: Final = 5  # of a Latin word that may be misspelt
_FEWEST_KNOWN: Final = 4  # of the word that is meant
_MOSTLY: Final = 0.4  # the share of syllables that must make words for letters to be pinyin


class Speller:
    """Puts right what sounds like, or is nearly spelt like, a word that is known here.

    ``words`` are those of the subject; ``texts`` are written correctly and show which pairs
    of characters, and which Latin words, are no slips.
    """

    def __init__(self, words: Iterable[str], texts: Iterable[str]) -> None:
        self._words: set[str] = set()
        self._by_sound: dict[tuple[str, ...], str] = {}
        for word in words:
            if len(word) > 1 and all("\u3400" <= sign <= "\u9fff" for sign in word):
                self._words.add(word)
                if len(word) <= _LONGEST:
                    self._by_sound.setdefault(sound(word), word)
        pairs: Counter[str] = Counter()
        latin: Counter[str] = Counter()
        for text in texts:
            for run in re.findall(r"[\u3400-\u9fff]+|[a-z]+", text):
                if run[0].isascii():
                    latin[run] += 1
                else:
                    pairs.update(run[place : place + 2] for place in range(len(run) - 1))
        # What stands once alone may itself be a slip, written down as people make them.
        self._pairs = {pair for pair, times in pairs.items() if times > 1}
        self._latin = {word for word, times in latin.items() if times > 1}
        self._shortened: dict[str, str] = {}
        for word in sorted(self._latin):
            if len(word) >= _FEWEST_KNOWN:
                for short in _shortened(word):
                    self._shortened.setdefault(short, word)

    def right(self, plain: str) -> str:
        """``plain`` (simplified, lower case) with its slips put right."""
        return _HAN_OR_LETTERS.sub(lambda run: self._run(run.group()), plain)

    def is_pinyin(self, plain: str) -> bool:
        """Whether Latin letters are Chinese words spelt out."""
        return any(self._from_pinyin(run) for run in re.findall(r"[a-z' ]+", plain))

    def _run(self, run: str) -> str:
        if not run[0].isascii():
            return "".join(self._han(run))
        if all(word in self._latin for word in run.split()):
            return run
        return self._from_pinyin(run) or " ".join(map(self._latin_word, run.split()))

    def _han(self, run: str) -> Iterator[str]:
        place = 0
        while place < len(run):
            piece = self._known_at(run, place)
            meant = self._meant_at(run, place, longer_than=max(1, len(piece)))
            yield meant or piece or run[place]
            place += len(meant) or len(piece) or 1

    def _known_at(self, run: str, place: int) -> str:
        for length in range(min(_LONGEST, len(run) - place), 1, -1):
            if run[place : place + length] in self._words:
                return run[place : place + length]
        return ""

    def _meant_at(self, run: str, place: int, longer_than: int) -> str:
        """The word meant by the characters from a place on, where they make none."""
        for length in range(min(_LONGEST, len(run) - place), longer_than, -1):
            typed = run[place : place + length]
            meant = self._by_sound.get(sound(typed))
            around = run[max(0, place - 1) : place], run[place + length : place + length + 1]
            if meant is not None and self._is_slip(typed, meant, around):
                return meant
        return ""

    def _is_slip(self, typed: str, meant: str, around: tuple[str, str]) -> bool:
        """Whether ``typed`` is no word, nor parts of two, and so stands for ``meant``."""
        pairs = [typed[at : at + 2] for at in range(len(typed) - 1)]
        if all(pair in self._pairs for pair in pairs):
            return False
        if len(typed) > 2:
            return any(one == other for one, other in zip(typed, meant, strict=True))
        crossing = {around[0] + typed[0], typed[1] + around[1]}
        return typed not in common_words() and crossing.isdisjoint(common_words())

    def _from_pinyin(self, run: str) -> str:
        """Chinese words for letters that spell mostly such; empty for anything else."""
        syllables: list[str] = []
        strange = 0
        for word in run[:_MOST_LETTERS].split():
            if word in self._latin and not sound_of_letters(word):
                strange += 1
                continue
            split = sound_of_letters(word)
            strange += not split
            syllables += split
        found, place, taken = [], 0, 0
        while place < len(syllables):
            for length in range(min(_LONGEST, len(syllables) - place), 1, -1):
                meant = self._by_sound.get(tuple(syllables[place : place + length]))
                if meant is not None:
                    found.append(meant)
                    taken += length
                    place += length
                    break
            else:
                place += 1
        enough = taken >= _MOSTLY * (len(syllables) + strange) and taken > 1
        return "".join(found) if enough else ""

    def _latin_word(self, word: str) -> str:
        """The known word a letter away from one that is not known."""
        if word in self._latin or len(word) < _FEWEST_LETTERS:
            return word
        for short in _shortened(word):
            meant = self._shortened.get(short, "")
            if meant and meant[0] == word[0] and abs(len(meant) - len(word)) < 2:
                return meant
        return word


def _shortened(word: str) -> Iterator[str]:
    """A word, and the word with each of its letters left out."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
