"""What the value of each rule may look like, as declared in rules/keys.toml."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, TypeAlias

from filing.provinces import province_named
from filing.rulebook import RuleValue
from knowledge.errors import Problem
from knowledge.toml_file import TomlFile

Check: TypeAlias = Callable[[Any], str | None]
"""Says what is wrong with a value, or None."""


@dataclass(frozen=True, slots=True)
class KeySpec:
    """One key: its meaning, the unit of its number and what its value may be."""

    key: str
    description: str
    unit: str | None
    words: frozenset[str]  # every word and field name the value may use
    check: Check


def freeze(value: Any) -> RuleValue:
    """Make a value read from TOML immutable: lists become tuples, tables read-only."""
    if isinstance(value, Mapping):
        return MappingProxyType({str(name): freeze(item) for name, item in value.items()})
    if isinstance(value, list):
        return tuple(freeze(item) for item in value)
    if isinstance(value, (bool, int, str)):
        return value
    raise TypeError(f"a rule cannot hold a {type(value).__name__}")


def did_you_mean(word: str, known: Iterator[str] | Mapping[str, Any] | frozenset[str]) -> str:
    """A cure for an unknown word: the nearest known one, or the list of all."""
    options = sorted(known)
    near = get_close_matches(word, options, n=1)
    return f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(options)}"


def read_keys(file: TomlFile, problems: list[Problem]) -> dict[str, KeySpec]:
    """Read a keys file; a key that cannot be understood is reported and left out."""
    specs: dict[str, KeySpec] = {}
    for key, table in file.data.items():
        try:
            specs[key] = _read_key(key, table, file.data)
        except (TypeError, ValueError, KeyError) as error:
            problems.append(
                Problem(
                    file.name,
                    file.line_of(key),
                    f"[{key}] does not describe a value: {error}",
                    "give 'description' and 'value' as explained at the top of keys.toml",
                )
            )
    return specs


def _read_key(key: str, table: Mapping[str, Any], all_keys: Mapping[str, Any]) -> KeySpec:
    unknown = table.keys() - {"description", "unit", "value", "like"}
    if unknown:
        raise ValueError(f"unknown entry {sorted(unknown)[0]!r}")
    spec = all_keys[table["like"]]["value"] if "like" in table else table["value"]
    words: set[str] = set()
    check = _read_type(spec, words)
    description = table["description"]
    if not isinstance(description, str) or not description:
        raise ValueError("'description' must be a text")
    return KeySpec(key, description, table.get("unit"), frozenset(words), check)


def _read_type(spec: Any, words: set[str]) -> Check:
    if isinstance(spec, str):
        return _PLAIN[spec]
    match spec:
        case {"one_of": list(options), **rest} if not rest:
            words.update(options)
            return _one_of(frozenset(options))
        case {"some_of": list(options), **rest} if not rest:
            words.update(options)
            return _list_of(_one_of(frozenset(options)))
        case {"fields": dict(fields), **rest} if not rest:
            words.update(fields)
            return _table({name: _read_type(inner, words) for name, inner in fields.items()})
        case {"each": list(names), "is": inner, **rest} if not rest:
            words.update(names)
            check = _read_type(inner, words)
            return _table(dict.fromkeys(names, check))
        case {"either": [first, second], **rest} if not rest:
            return _either(_read_type(first, words), _read_type(second, words))
    raise ValueError(f"no such type of value: {spec!r}")


def _bool(value: Any) -> str | None:
    return None if isinstance(value, bool) else f"must be true or false, not {value!r}"


def _int(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return None
    return f"must be a whole number from 0 up, not {value!r}"


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and value else f"must be a text, not {value!r}"


def _province(value: Any) -> str | None:
    known = isinstance(value, str) and province_named(value) is not None
    return None if known else f"must be the short name of a province, not {value!r}"


def _one_of(options: frozenset[str]) -> Check:
    def check(value: Any) -> str | None:
        if isinstance(value, str) and value in options:
            return None
        return f"must be one of {', '.join(sorted(options))}, not {value!r}"

    return check


def _list_of(item: Check) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, list):
            return f"must be a list, not {value!r}"
        if len(set(map(repr, value))) != len(value):
            return "holds an item twice"
        return next((wrong for one in value if (wrong := item(one))), None)

    return check


def _table(fields: Mapping[str, Check]) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, Mapping):
            return f"must be a table, not {value!r}"
        if not value:
            return "must state at least one field"
        for name, item in value.items():
            if name not in fields:
                return f"has no field {name!r}; {did_you_mean(name, fields)}"
            wrong = fields[name](item)
            if wrong:
                return f"field {name!r} {wrong}"
        return None

    return check


def _either(first: Check, second: Check) -> Check:
    def check(value: Any) -> str | None:
        one = first(value)
        other = second(value) if one else None
        return f"{one}; or {other}" if one and other else None

    return check


_PLAIN: Mapping[str, Check] = {
    "bool": _bool,
    "int": _int,
    "text": _text,
    "texts": _list_of(_text),
    "provinces": _list_of(_province),
}
