"""What the desk says, by key and language."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

LOCALES: Final = ("zh-CN", "en")


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of the desk; placeholders are written ``{name}``."""

    by_locale: Mapping[str, Mapping[str, str]]

    def say(self, key: str, locale: str, /, **params: object) -> str:
        """The text ``key`` (``"queue.title"``) with its placeholders filled in."""
        text = self.by_locale[locale][key]
        return text.format_map(params) if params else text

    def part(self, name: str, locale: str) -> dict[str, str]:
        """All texts of one part (``"queue.script"``), by their key within it."""
        prefix = f"{name}."
        return {
            key.removeprefix(prefix): text
            for key, text in self.by_locale[locale].items()
            if key.startswith(prefix)
        }


@cache
def load_texts() -> Texts:
    """Read the texts of every language: ``texts/<locale>/<part>.toml``, keys ``<part>.<key>``.

    They are part of the program: read once.
    """
    folder = files("desk") / "texts"
    return Texts({locale: dict(_of_locale(folder / locale)) for locale in LOCALES})


def _of_locale(folder: Any) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.iterdir(), key=lambda one: str(one.name)):
        if file.name.endswith(".toml"):
            table = tomllib.loads(file.read_text(encoding="utf-8"))
            yield from _flat(f"{file.name.removesuffix('.toml')}.", table)


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, str):
            yield f"{prefix}{name}", value.strip("\n")
        else:
            yield from _flat(f"{prefix}{name}.", value)
