"""The provinces a question speaks of, named themselves or by their cities."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from filing.provinces import PROVINCES, Province, find_provinces, province_named
from filing.regions import cities_in, short_name
from knowledge.toml_file import read_toml
from knowledge.toml_reader import LOCALES

PROVINCES_FILE: Final = "knowledge/articles/provinces.toml"


_BEHIND: Final = r"(?:省|市|自治区)?(?:这边|这里|那边|那里|地区|本地|当地)?(?: province| city)?"


@dataclass(frozen=True, slots=True)
class SetApart:
    """A text without the places it names, and the provinces these lie in."""

    text: str
    provinces: frozenset[str]


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


def set_apart(plain: str) -> SetApart:
    """Take the places out of a text (simplified, lower case): whose rules it asks for."""
    if not any(sign in _first_signs() for sign in plain):
        return SetApart(plain, frozenset())
    found: set[str] = set()

    def take(place: re.Match[str]) -> str:
        found.add(_names()[place["name"]])
        return " "

    return SetApart(_places().sub(take, plain), frozenset(found))


@cache
def _names() -> Mapping[str, str]:
    """Every name of a province or city, in lower case, with the province's short name."""
    names = dict(_by_city())
    for province in PROVINCES:
        for name in (province.name, province.full_name, province.english.lower()):
            names[name] = province.name
    return names


@cache
def _first_signs() -> frozenset[str]:
    return frozenset(name[0] for name in _names())


@cache
def _places() -> re.Pattern[str]:
    """Provinces and cities, with what may follow their names; the longest first."""
    by_first: dict[str, list[str]] = {}
    for name in sorted(_names(), key=lambda name: (-len(name), name)):
        by_first.setdefault(name[0], []).append(re.escape(name))
    branches = [
        rf"(?<![a-z0-9])(?:{'|'.join(names)})(?![a-z0-9])" if first.isascii() else "|".join(names)
        for first, names in by_first.items()
    ]
    any_of_them = "|".join(f"(?:{one})" for one in branches)
    return re.compile(rf"(?=[{''.join(sorted(by_first))}])(?P<name>{any_of_them}){_BEHIND}")


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
