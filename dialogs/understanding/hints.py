"""Which options of a closed question a sentence points at, without naming any of them."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

LONGEST = 40
"""A longer clause tells a story; hints are not picked out of it."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Part of a clause, ``clause[start:end]``, that points at an option."""

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
    unless: re.Pattern[str]  # what takes all force from a message


@dataclass(frozen=True, slots=True)
class _Book:
    """All hints, and how a clause turns them round."""

    steps: Mapping[str, Hints]
    denial: re.Pattern[str]  # what follows is denied ...
    relief: re.Pattern[str]  # ... until one of these
    reach: int  # ... or so many characters later


def pointed_at(step: str, clauses: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """The options of a step that clauses point at and do not deny, each once.

    ``clauses`` are in simplified half-width lower case; ``known`` are the options offered.
    Where some options win over others (``first``), only the strongest one is returned.
    """
    hints = _book().steps.get(step)
    if hints is None:
        return ()
    said = tuple(clause for clause in clauses if len(clause) <= LONGEST)
    if any(hints.unless.search(clause) for clause in said):
        return ()
    offered = frozenset(known)
    found = dict.fromkeys(
        pointer.option
        for clause in said
        for pointer in _pointers(clause, hints)
        if pointer.option in offered
    )
    winner = next((option for option in hints.first if option in found), None)
    return tuple(found) if winner is None else (winner,)


def has_hints(step: str) -> bool:
    """Whether there are hints for a step."""
    return step in _book().steps


def _pointers(clause: str, hints: Hints) -> Iterator[Pointer]:
    """The pointers of a clause that count: of overlapping ones the longest, none denied."""
    found = [
        Pointer(option, match.start(), match.end())
        for option, pattern in hints.patterns
        for match in pattern.finditer(clause)
        if match.end() > match.start()
    ]
    found.sort(key=_longest_first)
    kept: list[Pointer] = []
    for pointer in found:
        if not any(pointer.overlaps(other) for other in kept):
            kept.append(pointer)
    return (one for one in sorted(kept, key=_place) if not _is_denied(clause, one))


def _is_denied(clause: str, pointer: Pointer) -> bool:
    """Whether a word of denial before a pointer reaches it: 不涉及新闻, 没有房产证."""
    book = _book()
    for denial in book.denial.finditer(clause, 0, pointer.start):
        near = pointer.start - denial.end() <= book.reach
        if near and book.relief.search(clause, denial.end(), pointer.start) is None:
            return True
    return False


def _longest_first(pointer: Pointer) -> tuple[int, int]:
    return (pointer.start - pointer.end, pointer.start)


def _place(pointer: Pointer) -> int:
    return pointer.start


@cache
def _book() -> _Book:
    source = files("dialogs.understanding") / "lexicon" / "hints.toml"
    table: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
    denial = table["denial"]
    steps = {name: _hints(entry) for name, entry in table["steps"].items()}
    steps |= {alias: steps[name] for alias, name in table["same_as"].items()}
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
        re.compile(_either(entry.get("unless", ["(?!)"]))),
    )


def _either(patterns: Iterable[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)
