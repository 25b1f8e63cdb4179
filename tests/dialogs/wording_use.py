"""What the source says it will say: refusal codes and wording keys, read from the code itself."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

from filing.event import FIELDS

ROOT = Path(__file__).parents[2]
_SAYING = {"say": 0, "text": 0, "notice": 0, "button": 1}
_Passed: TypeAlias = dict[str, list[list[ast.expr]]]
"""The arguments of all calls, by the name of what is called."""

_NOT_FOR_THE_TEXT = frozenset({"buttons"})


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence the code says: its key, the variables it gives, and where."""

    key: str
    variables: frozenset[str]
    open_ended: bool  # passes a mapping on, so that more variables may be there
    place: str


def modules(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    """The parsed sources of some packages."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def refusals(*folders: str) -> Mapping[str, frozenset[str]]:
    """Every code of an Invalid with the parameters that all its uses give.

    A code built as ``f"{kind}.checksum"`` stands for one code per constant that is passed
    for ``kind`` anywhere in these folders.
    """
    calls = [
        (path, *one)
        for path, tree in modules(*folders)
        if path != Path("filing/invalid.py")
        for one in _calls(tree)
    ]
    passed: _Passed = defaultdict(list)
    for _, _, call in calls:
        passed[_name(call.func)].append(call.args)
    found: dict[str, list[frozenset[str]]] = defaultdict(list)
    for path, function, call in calls:
        if _name(call.func) in ("invalid", "Invalid") and call.args:
            given = frozenset(word.arg for word in call.keywords if word.arg)
            for code in _codes(call.args[0], function, passed, str(path)):
                found[code].append(given)
    return {code: frozenset.intersection(*uses) for code, uses in found.items()}


def _codes(
    node: ast.expr,
    function: ast.FunctionDef | None,
    passed: _Passed,
    place: str,
) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=body, orelse=orelse):
            yield from _codes(body, function, passed, place)
            yield from _codes(orelse, function, passed, place)
        case ast.JoinedStr(
            values=[ast.FormattedValue(value=ast.Name(id=name)), ast.Constant(value=str(tail))]
        ) if function is not None:
            for kind in _constants(function, name, passed):
                yield kind + tail
        case ast.JoinedStr(values=[ast.Constant(value="event."), ast.FormattedValue()]):
            yield from (f"event.{name}" for name in sorted(frozenset().union(*FIELDS.values())))
        case ast.Name(id=name) if function is not None:
            yield from _constants(function, name, passed)
        case _:
            raise AssertionError(f"{place}:{node.lineno}: write the code out, or as f'{{x}}.code'")


def _constants(function: ast.FunctionDef, parameter: str, passed: _Passed) -> Iterator[str]:
    """The constants passed for a parameter of a function."""
    place = [argument.arg for argument in function.args.args].index(parameter)
    for arguments in passed[function.name]:
        if len(arguments) > place:
            argument = arguments[place]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def sentences(*folders: str) -> Iterator[Said]:
    """Every sentence said with a key that is written out (``button`` labels as ``button.…``)."""
    for path, tree in modules(*folders):
        for _, call in _calls(tree):
            name = _name(call.func)
            if name not in _SAYING:
                continue
            for argument in call.args[_SAYING[name] : _SAYING[name] + 2]:
                for key in _keys(argument, name):
                    yield Said(
                        key,
                        frozenset(word.arg for word in call.keywords if word.arg)
                        - _NOT_FOR_THE_TEXT,
                        any(word.arg is None for word in call.keywords),
                        f"{path}:{call.lineno}",
                    )


@cache
def written_out(*folders: str) -> frozenset[str]:
    """Every string in the source, and what strings put together begin with, ending in ``*``."""
    found: set[str] = set()
    for _, tree in modules(*folders):
        for node in ast.walk(tree):
            match node:
                case ast.Constant(value=str(text)):
                    found.add(text)
                case ast.JoinedStr(values=[ast.Constant(value=str(beginning)), *_]):
                    found.add(f"{beginning}*")
    return frozenset(found)


def _keys(node: ast.expr, name: str) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(key)) if name == "button":
            yield f"button.{key}"
        case ast.Constant(value=str(key)) if "." in key:
            yield key
        case ast.IfExp(body=body, orelse=orelse):
            yield from _keys(body, name)
            yield from _keys(orelse, name)


def _calls(tree: ast.AST) -> Iterator[tuple[ast.FunctionDef | None, ast.Call]]:
    """Every call with the function it stands in."""
    pending: list[tuple[ast.FunctionDef | None, ast.AST]] = [(None, tree)]
    while pending:
        function, node = pending.pop()
        if isinstance(node, ast.Call):
            yield function, node
        inside = node if isinstance(node, ast.FunctionDef) else function
        pending += [(inside, child) for child in ast.iter_child_nodes(node)]


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
