"""The provinces a question speaks of, named themselves or by their cities."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from filing.provinces import PROVINCES, Province, find_provinces, province_named
from filing.regions import cities_in, short_name
from knowledge.toml_file import read_toml
from knowledge.toml_reader import LOCALES

PROVINCES_FILE: Final = "knowledge/articles/provinces.toml"


@cache
def province_data() -> Mapping[str, Any]:
    """What provinces.toml says: the topics of the articles on provinces, and names of cities."""
    return read_toml(files("knowledge") / "articles" / "provinces.toml", PROVINCES_FILE).data


def cities_of(province: Province, locale: str) -> tuple[str, ...]:
    """The names of a province's cities in a language; in English only the well-known."""
    more: Mapping[str, list[str]] = province_data()["cities"][locale]
    found = list(more.get(province.name, ()))
    if locale == LOCALES[0]:
        passed_over = set(province_data()["not_cities"][locale])
        here = [short_name(city) for city in cities_in(province.adcode[:2])]
        found = [city for city in here if city not in passed_over] + found
    return tuple(found)


def provinces_spoken_of(question: str) -> frozenset[str]:
    """The short names of the provinces in a question: 广东 for 深圳备案."""
    named = {province.name for province in find_provinces(question)}
    return frozenset(named | {_by_city()[city.lower()] for city in _cities().findall(question)})


def with_provinces_named(question: str) -> str:
    """The question with the name of its province in the place of each city."""

    def province(city: re.Match[str]) -> str:
        name = _by_city()[city[0].lower()]
        found = province_named(name)
        return name if found is None or not city[0].isascii() else found.english

    return _cities().sub(province, question)


@cache
def _by_city() -> Mapping[str, str]:
    return {
        city.lower(): province.name
        for province in PROVINCES
        for locale in LOCALES
        for city in cities_of(province, locale)
    }


@cache
def _cities() -> re.Pattern[str]:
    """Chinese names anywhere with their 市, Latin ones as whole words; the longest first."""
    names = sorted(_by_city(), key=len, reverse=True)
    latin = "|".join(re.escape(name) for name in names if name.isascii())
    han = "|".join(name for name in names if not name.isascii())
    return re.compile(rf"(?<![a-z0-9])(?:{latin})(?![a-z0-9])|(?:{han})", re.IGNORECASE)
