"""From where on a measure is a fault: read from a file with what each figure was measured on."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

from filing.finding import Level
from filing.materials.picture_code import PictureCode
from knowledge.errors import BrokenContent, Problem

NAME: Final = "inspection.toml"
"""An operator's own file in the content folder; its figures replace ours."""

_OUTLINE: Final = ("least_fit", "least_contrast", "most_outside", "most_lean")
_C = PictureCode
MEASURED: Final = (
    _C.TOO_FEW_PIXELS,
    _C.TOO_SMALL_IN_PICTURE,
    _C.GREYSCALE,
    _C.PHOTOCOPY,
    _C.BLURRED,
    _C.DARK,
    _C.GLARE,
    _C.TILTED,
    _C.CORNERS_CUT,
    _C.SCREEN,
    _C.WATERMARK,
)
"""The faults that are judged by a number."""


@dataclass(frozen=True, slots=True)
class Limit:
    """From where on a measure warns and refuses; None where it never does."""

    worse: Literal["higher", "lower"]
    warn: float | None
    refuse: float | None

    def level(self, value: float) -> Level | None:
        """What a value comes to, None for a good one."""
        for level, edge in ((Level.REFUSE, self.refuse), (Level.WARN, self.warn)):
            if edge is not None and (value >= edge if self.worse == "higher" else value <= edge):
                return level
        return None


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits: of each measured fault, and when an outline of the paper is believed."""

    of: Mapping[PictureCode, Limit]
    least_fit: float
    least_contrast: float
    most_outside: float
    most_lean: float


def load_limits(extra: Path | None = None) -> Limits:
    """Our limits with an operator's own figures over them. Raises BrokenContent."""
    own = files("bot.inspection") / "limits.toml"
    name, source = "bot/inspection/limits.toml", own.read_text(encoding="utf-8")
    tables = _read(name, source)
    if extra is not None and (extra / NAME).is_file():
        name, source = str(extra / NAME), (extra / NAME).read_text(encoding="utf-8")
        for key, table in _read(name, source).items():
            tables[key] = {**tables.get(key, {}), **table} if isinstance(table, dict) else table
    problems = tuple(_problems(name, source, tables))
    if problems:
        raise BrokenContent(problems)
    outline = tables["outline"]
    return Limits(
        {code: _limit(tables[code]) for code in MEASURED},
        *(float(outline[key]) for key in _OUTLINE),
    )


def _read(name: str, source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise BrokenContent(
            [Problem(name, 0, f"not TOML: {error}", "mend the syntax there")]
        ) from None


def _limit(table: Mapping[str, Any]) -> Limit:
    warn, refuse = table.get("warn"), table.get("refuse")
    return Limit(
        table["worse"],
        None if warn is None else float(warn),
        None if refuse is None else float(refuse),
    )


def _problems(name: str, source: str, tables: Mapping[str, Any]) -> Iterator[Problem]:
    known = {*MEASURED, "outline"}
    for key in tables:
        if key not in known:
            cure = f"use one of {', '.join(sorted(known))}"
            yield Problem(name, _line(source, key), f"[{key}]: no check is called so", cure)
    for key in _OUTLINE:
        if not _is_number(tables["outline"].get(key)):
            message = f"[outline]: {key} is no number"
            yield Problem(name, _line(source, "outline"), message, "write one, e.g. 0.9")
    for code in MEASURED:
        yield from _judge(name, source, code, tables[code])


def _judge(name: str, source: str, code: PictureCode, table: object) -> Iterator[Problem]:
    line = _line(source, code)
    if not isinstance(table, dict) or table.get("worse") not in ("higher", "lower"):
        yield Problem(name, line, f"[{code}]: worse is missing", 'write "higher" or "lower"')
        return
    edges = [table[key] for key in ("warn", "refuse") if key in table]
    if not edges or not all(_is_number(edge) for edge in edges):
        message = f"[{code}]: needs numbers as warn or refuse"
        yield Problem(name, line, message, "write e.g. warn = 4.5")
    elif len(edges) == 2 and (edges[1] < edges[0]) == (table["worse"] == "higher"):
        message = f"[{code}]: refuses before it warns"
        yield Problem(name, line, message, "let refuse be the worse of the two")
    if not isinstance(table.get("measured"), str):
        message = f"[{code}]: nothing says what the figures come from"
        yield Problem(name, line, message, 'write measured = "…"')


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _line(source: str, key: str) -> int:
    lines = enumerate(source.splitlines(), 1)
    return next((number for number, line in lines if line.strip() == f"[{key}]"), 0)
