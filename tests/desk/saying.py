"""The desk's texts for tests of what needs no page."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from desk.statistics.figure import Say


def speaker(locale: str) -> Say:
    """Says the texts of the figures in a language."""
    file = files("desk") / "texts" / locale / "numbers.toml"
    texts = dict(_flat("numbers.", tomllib.loads(file.read_text(encoding="utf-8"))))

    def say(key: str, **params: object) -> str:
        return texts[key].format_map(params)

    return say


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, str):
            yield f"{prefix}{name}", value
        else:
            yield from _flat(f"{prefix}{name}.", value)
