"""Which options of a closed question a sentence points at, without naming any of them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from dialogs.understanding.tables import table_of

LONGEST = 40
"""A longer clause tells a story; hints are not picked out of it."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Part of a text, ``text[start:end]``, that points at an option."""

    option: str
    start: int
    end: int

    def overlaps(self, other: "Pointer") -> bool:
        """Whether two parts share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Hints:
    """The hints of one step."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]  # option, what points at it
    first: tuple[str, ...]  # options that win over the others, the strongest first
    unless: Mapping[str, re.Pattern[str]]  # what takes all force from words for an option


@dataclass(frozen=True, slots=True)
class _Book:
    """All hints, and how a clause turns them round."""

    steps: Mapping[str, Hints]
    denial: re.Pattern[str]  # what follows is denied ...
    relief: re.Pattern[str]  # ... until one of these
    reach: int  # ... or so many characters later


def pointers(step: str, plain: str, start: int, end: int) -> tuple[Pointer, ...]:
    """What in the clause ``plain[start:end]`` points at options of a step and is not denied.

    ``plain`` is in simplified half-width lower case. None where the step has no hints, or
    where the clause is a long one.
    """
    hints = hint_book().steps.get(step)
    if hints is None or end - start > LONGEST:
        return ()
    kept: list[Pointer] = []
    for pointer in sorted(_hits(hints, plain, start, end), key=_longest_first):
        if not any(pointer.overlaps(other) for other in kept):
            kept.append(pointer)
    return tuple(one for one in kept if not is_denied(plain, start, one.start))


def weighed(step: str, options: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """The options meant of those pointed at, in the order of ``known``.

    Where some win over others (``first``), the strongest one alone.
    """
    pointed = frozenset(options)
    found = tuple(option for option in known if option in pointed)
    hints = hint_book().steps.get(step)
    winner = next((one for one in hints.first if one in found), None) if hints else None
    return found if winner is None else (winner,)


def is_qualified(step: str, option: str, plain: str) -> bool:
    """Whether a message makes an option depend on something: 看完再同意, 如果…就同意."""
    hints = hint_book().steps.get(step)
    unless = hints.unless.get(option) if hints is not None else None
    return unless is not None and unless.search(plain) is not None


def steps() -> tuple[str, ...]:
    """The steps that have hints."""
    return tuple(hint_book().steps)


def hinted_options(step: str) -> frozenset[str]:
    """All options the hints of a step name, in patterns or in ``first``."""
    hints = hint_book().steps[step]
    return frozenset((*(option for option, _ in hints.patterns), *hints.first, *hints.unless))


def is_denied(plain: str, start: int, place: int) -> bool:
    """Whether a word of denial behind ``start`` reaches ``place``: 不涉及新闻, 没有房产证."""
    book = hint_book()
    for denial in book.denial.finditer(plain, start, place):
        near = place - denial.end() <= book.reach
        if near and book.relief.search(plain, denial.end(), place) is None:
            return True
    return False


def _hits(hints: Hints, plain: str, start: int, end: int) -> Iterator[Pointer]:
    said = plain[start:end].lstrip()  # cut out, so that ^ in a pattern is where it begins
    begin = end - len(said)
    for option, pattern in hints.patterns:
        for match in pattern.finditer(said.rstrip()):
            if match.end() > match.start():
                yield Pointer(option, begin + match.start(), begin + match.end())


def _longest_first(pointer: Pointer) -> tuple[int, int]:
    return (pointer.start - pointer.end, pointer.start)


@cache
def hint_book() -> _Book:
    """The file of hints; read once."""
    book = table_of("hints")
    denial = book["denial"]
    steps = {name: _hints(entry) for name, entry in book["steps"].items()}
    steps |= {alias: steps[name] for alias, name in book["same_as"].items()}
    return _Book(
        MappingProxyType(steps),
        re.compile(_either(denial["before"])),
        re.compile(_either(denial["until"])),
        denial["reach"],
    )


def _hints(entry: Mapping[str, Any]) -> Hints:
    return Hints(
        tuple((option, re.compile(_either(said))) for option, said in entry["options"].items()),
        tuple(entry.get("first", ())),
        {option: re.compile(_either(said)) for option, said in entry.get("unless", {}).items()},
    )


def _either(patterns: Iterable[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)
