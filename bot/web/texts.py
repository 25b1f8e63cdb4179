"""What the pages and the API say, by key and language."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from starlette.requests import Request

LOCALES = ("zh-CN", "en")
LANGUAGE_COOKIE = "beian_lang"
_WISH = re.compile(r"\s*([A-Za-z]{1,8})[^;,]*(?:;\s*q=([0-9.]+))?")


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of the web channel; placeholders are written ``{name}``."""

    by_locale: Mapping[str, Mapping[str, str]]

    def say(self, key: str, locale: str, **params: str | int) -> str:
        """The text ``key`` (``"problem.too_fast"``) with its placeholders filled in."""
        text = self.by_locale[locale][key]
        return text.format_map(params) if params else text

    def part(self, name: str, locale: str) -> dict[str, str]:
        """All texts of one part (``"page"``), by their key within it."""
        prefix = f"{name}."
        return {
            key.removeprefix(prefix): text
            for key, text in self.by_locale[locale].items()
            if key.startswith(prefix)
        }

    def locale_of(self, request: Request) -> str:
        """The reader's language: chosen on the page, else the browser's first that we speak."""
        for chosen in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
            if chosen in LOCALES:
                return chosen
        return _preferred(request.headers.get("accept-language", ""))


def load_texts() -> Texts:
    """Read the texts of every language."""
    folder = files("bot.web") / "texts"
    return Texts(
        {
            locale: dict(
                _flat("", tomllib.loads((folder / f"{locale}.toml").read_text(encoding="utf-8")))
            )
            for locale in LOCALES
        }
    )


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, str):
            yield f"{prefix}{name}", value.strip("\n")
        else:
            yield from _flat(f"{prefix}{name}.", value)


def _preferred(wishes: str) -> str:
    ranked: list[tuple[float, str]] = []
    for wish in wishes[:500].split(","):
        read = _WISH.match(wish)
        if read is None:
            continue
        language, weight = read[1].lower(), read[2]
        try:
            ranked.append((-float(weight or 1), language))
        except ValueError:
            continue
    for weight, language in sorted(ranked, key=lambda one: one[0]):
        if weight < 0 and language == "zh":
            return "zh-CN"
        if weight < 0 and language == "en":
            return "en"
    return LOCALES[0]
