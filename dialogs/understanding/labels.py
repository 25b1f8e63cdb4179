"""Where a message names a step (域名) or a role (网站负责人), and where the value begins."""

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from dialogs.understanding.lexicon import lexicon
from dialogs.understanding.reading import Message
from dialogs.understanding.words import Lexicon, Word

_SIGN = re.compile(r"\s*(?:[:=]|->)")
_OF = re.compile(r"\s*的?\s*")
_MOST_LABELS = 80
_LOOK_BACK = 16
_NEAR = 6
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Label:
    """``word`` at ``[start:end]``; its value, if it has one, begins at ``value_start``.

    ``signed``: a colon stands behind it; ``firm``: that or a copula, so that even open text
    after it is meant. ``at_edge``: it begins a clause.
    """

    word: Word
    start: int
    end: int
    value_start: int
    signed: bool
    firm: bool
    at_edge: bool


def find(message: Message, shaped: Callable[[str], bool]) -> tuple[Label, ...]:
    """The labels of a message, in order; of words within words, the longest.

    ``shaped`` tells of a step whether its value has a shape of its own.
    """
    words = lexicon()
    plain = message.plain
    starts = {shape.start for shape in message.shapes}
    found: list[Label] = []
    inside = _inside(message)
    at = 0
    while at < len(plain) and len(found) < _MOST_LABELS:
        known = plain[at] in words.words and at not in inside
        word = word_at(plain, at, words) if known else None
        if word is None:
            at += 1
            continue
        label = _label(plain, word, at, words)
        if found and found[-1].word.role and _OF.fullmatch(plain, found[-1].end, at):
            label = replace(label, at_edge=True)
        if _counts(label, starts if shaped(word.step or "") else _NONE):
            found.append(label)
        at = label.end
    return tuple(found)


def mentioned(message: Message, *, weak: bool = True) -> tuple[tuple[str, str], ...]:
    """(step, word) of every step a message names, whatever stands around the word.

    Without ``weak`` words that are common in other uses too, as 公司, do not count.
    """
    words = lexicon()
    found: dict[str, str] = {}
    at = 0
    while at < len(message.plain):
        known = message.plain[at] in words.words
        word = word_at(message.plain, at, words) if known else None
        if word is None:
            at += 1
            continue
        if word.step and (weak or not word.weak):
            found.setdefault(word.step, word.text)
        at += len(word.text)
    return tuple(found.items())


def names_a_step(text: str) -> bool:
    """Whether a text is nothing but the word of a step: 公司名."""
    words = lexicon()
    word = word_at(text, 0, words) if text else None
    return word is not None and len(word.text) == len(text)


def _inside(message: Message) -> frozenset[int]:
    return frozenset(place for shape in message.shapes for place in range(shape.start, shape.end))


def word_at(plain: str, at: int, words: Lexicon) -> Word | None:
    """The longest word of a step or role that begins at a place."""
    for word in words.words.get(plain[at], ()):
        if plain.startswith(word.text, at) and (
            not word.text.isascii() or _stands_alone(plain, at, at + len(word.text))
        ):
            return word
    return None


def _stands_alone(plain: str, start: int, end: int) -> bool:
    before, after = plain[start - 1 : start], plain[end : end + 1]
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalpha())


def _label(plain: str, word: Word, at: int, words: Lexicon) -> Label:
    end = at + len(word.text)
    signed = _SIGN.match(plain, end) is not None
    linked = words.copula.match(plain, end) is not None or word.text.endswith(("叫", " is"))
    connector = words.connector.match(plain, end)
    value_start = connector.end() if connector else end
    edge = words.edge.search(plain[max(0, at - _LOOK_BACK) : at]) is not None
    return Label(word, at, end, value_start, signed, signed or linked, edge)


def _counts(label: Label, starts: AbstractSet[int]) -> bool:
    """Whether a word is used as a label here, rather than inside a name or a sentence."""
    if label.word.names_a_person and (label.word.role is not None or label.at_edge):
        return True
    if label.value_start in starts or label.end in starts:
        return True
    if label.firm:
        return not label.word.weak or label.at_edge
    near = any(label.end <= start <= label.end + _NEAR for start in starts)
    return label.at_edge and (near or not label.word.weak)
