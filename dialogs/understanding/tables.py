"""The files of the lexicon as tables, and what is wrong with them, each with its line."""

import re
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from typing import Any, Final

from knowledge.errors import BrokenContent, Problem
from knowledge.toml_file import TomlFile, read_toml

_PART: Final = re.compile(r"<(\w+)>")


def table_of(name: str) -> Mapping[str, Any]:
    """One file of the lexicon. Raises BrokenContent with the line where it is no TOML."""
    return _file(name).data


def patterns_of(name: str) -> Mapping[str, re.Pattern[str]]:
    """The patterns under ``like`` of each entry of a file, in which <part> stands for a part.

    Upper and lower case count as one. Raises BrokenContent as ``table_of`` does, KeyError for a
    part that the file lacks and re.error for what is no regular expression.
    """
    table = table_of(name)
    parts: dict[str, str] = {}
    for part, pattern in table["parts"].items():  # each rests on those before it
        parts[part] = _filled(pattern, parts)
    return {
        entry: re.compile(
            "|".join(f"(?:{_filled(one, parts)})" for one in found["like"]), re.IGNORECASE
        )
        for entry, found in table.items()
        if entry != "parts"
    }


def problems_of(name: str, load: Callable[[], object]) -> tuple[Problem, ...]:
    """What keeps ``load`` from making something of the lexicon's file ``name``."""
    try:
        load()
    except BrokenContent as error:
        return error.problems
    except re.error:
        return tuple(_broken_patterns(_file(name)))
    except KeyError as error:
        cure = "put it back; compare with the file as it was shipped"
        return (Problem(_shown(name), 0, f"the entry {error} is missing", cure),)
    except (TypeError, ValueError) as error:
        cure = "compare with the entries beside it"
        return (Problem(_shown(name), 0, f"cannot be used: {error}", cure),)
    return ()


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    return _PART.sub(lambda found: parts[found[1]], pattern)


def _file(name: str) -> TomlFile:
    return read_toml(files("dialogs.understanding") / "lexicon" / f"{name}.toml", _shown(name))


def _shown(name: str) -> str:
    return f"lexicon/{name}.toml"


def _broken_patterns(file: TomlFile) -> Iterator[Problem]:
    for text in _texts(file.data):
        try:
            re.compile(text)
        except re.error as error:
            lines = enumerate(file.text.splitlines(), start=1)
            line = next((number for number, written in lines if text in written), 0)
            wrong = f"{text!r} is no regular expression: {error}"
            yield Problem(file.name, line, wrong, "correct it as Python's `re` reads it")


def _texts(node: object) -> Iterator[str]:
    match node:
        case str():
            yield node
        case list():
            for one in node:
                yield from _texts(one)
        case dict():
            for one in node.values():
                yield from _texts(one)
