"""Provinces, cities and districts (GB/T 2260): find one by code, or in the front of an address.

The tables are ``filing/data/divisions.tsv`` (in force) and ``divisions_former.tsv`` (since 1980);
their heads name sources and dates. They are read on first use.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from filing.simplified import simplify

MUNICIPALITIES = ("11", "12", "31", "50")
"""Code prefixes of 北京, 天津, 上海 and 重庆, whose districts stand right under the province."""

_PROVINCE_ENDINGS = (
    "壮族自治区",
    "回族自治区",
    "维吾尔自治区",
    "特别行政区",
    "自治区",
    "省",
    "市",
)
_PEOPLES = (
    "哈萨克族",
    "土家族",
    "藏族",
    "彝族",
    "苗族",
    "侗族",
    "布依族",
    "壮族",
    "傣族",
    "景颇族",
    "傈僳族",
    "白族",
    "哈尼族",
    "羌族",
    "回族",
    "蒙古族",
    "朝鲜族",
    "蒙古",
    "哈萨克",
    "柯尔克孜",
)
_SHORT_ALIASES = {
    "内蒙古自治区": ("内蒙",),
    "新疆维吾尔自治区": ("新疆自治区",),
    "宁夏回族自治区": ("宁夏自治区",),
    "广西壮族自治区": ("广西自治区",),
    "伊犁哈萨克自治州": ("伊犁州",),
    "西双版纳傣族自治州": ("西双版纳州",),
}


@dataclass(frozen=True, slots=True)
class Division:
    """One administrative division.

    ``code`` has six digits, or nine for a town of a city without districts. ``until`` is the
    last year of a division that no longer stands under this name and code, else None.
    """

    code: str
    name: str
    until: int | None = None

    @property
    def level(self) -> int:
        """1 province, 2 city or prefecture, 3 county or district (or a town right under a city)."""
        if self.code.endswith("0000") and len(self.code) == 6:
            return 1
        return 2 if self.code.endswith("00") and len(self.code) == 6 else 3


@dataclass(frozen=True, slots=True)
class Match:
    """A division recognised at the front of a text, and how many characters name it."""

    division: Division
    length: int


@cache
def _current() -> dict[str, Division]:
    return {code: Division(code, name) for code, name in _rows("divisions.tsv")}


@cache
def _former() -> dict[str, tuple[Division, ...]]:
    found: dict[str, list[Division]] = {}
    for code, name, year in _rows("divisions_former.tsv"):
        found.setdefault(code, []).append(Division(code, name, int(year)))
    return {code: tuple(sorted(all_, key=_last_year)) for code, all_ in found.items()}


def _last_year(one: Division) -> int:
    return -(one.until or 0)


def _rows(name: str) -> Iterator[list[str]]:
    text = (files("filing") / "data" / name).read_text(encoding="utf-8")
    yield from (line.split("\t") for line in text.splitlines() if not line.startswith("#"))


def division(code: str) -> Division | None:
    """The division with a code: the one in force, else the latest that once had it."""
    found = _current().get(code)
    if found is None:
        former = _former().get(code)
        found = former[0] if former else None
    return found


def province_of(code: str) -> Division | None:
    """The province a division's (or ID card's, or credit code's) code lies in."""
    return _current().get(code[:2] + "0000")


def city_of(code: str) -> Division | None:
    """The city or prefecture a county's code lies in; None right under a province."""
    return division(code[:4] + "00") if code[2:4] != "90" else None


def short_name(one: Division) -> str:
    """A division's name without its ending: 江苏, 内蒙古, 南京, 恩施, 海淀."""
    name = one.name
    if one.level == 3:
        return name[:-1] if name[-1] in "区县市" and len(name) > 2 else name
    if one.level == 1:
        for ending in _PROVINCE_ENDINGS:
            if name.endswith(ending):
                return name.removesuffix(ending)
        return name
    for ending in ("自治州", "地区", "盟", "市"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            name = name.removesuffix(ending)
            break
    else:
        return name
    stripped = True
    while stripped:
        stripped = False
        for people in _PEOPLES:
            if name.endswith(people) and len(name) > len(people) + 1:
                name, stripped = name.removesuffix(people), True
    return name


@cache
def _index(level: int) -> dict[str, tuple[Division, ...]]:
    """Every name a division of a level goes by, with who bears it; those in force first."""
    found: dict[str, list[Division]] = {}
    for one in _current().values():
        if one.level == level:
            for name in _names(one):
                found.setdefault(name, []).append(one)
    for former in _former().values():
        for one in former:
            if one.level == level and (one.until or 0) >= 2000:
                found.setdefault(one.name, []).append(one)
    return {name: tuple(all_) for name, all_ in found.items()}


def _names(one: Division) -> set[str]:
    names = {one.name, *_SHORT_ALIASES.get(one.name, ())}
    if one.level < 3 or (one.name[-1] in "区县市" and len(one.name) > 2):
        names.add(short_name(one))
    return names


@cache
def _longest(level: int) -> int:
    return max(map(len, _index(level)))


def bearers(name: str, level: int, within: str = "") -> tuple[Division, ...]:
    """Divisions of a level that bear ``name``, in force first; ``within`` is a code prefix."""
    return tuple(
        one for one in _index(level).get(simplify(name), ()) if one.code.startswith(within)
    )


def has_districts(city: Division) -> bool:
    """Whether a city is divided into districts or counties; 东莞 and three others are not."""
    return city.code[:4] in _with_districts()


@cache
def _with_districts() -> frozenset[str]:
    return frozenset(one.code[:4] for one in _current().values() if _is_county(one))


def _is_county(one: Division) -> bool:
    return one.level == 3 and len(one.code) == 6


def front(text: str, level: int, within: str = "") -> tuple[Match, ...]:
    """Divisions of a level named at the front of ``text``, the longest name first.

    ``text`` must be free of blanks; traditional characters are understood. A short name
    (南京) counts where no longer one fits. Empty if none is named.
    """
    plain = simplify(text[: _longest(level)])
    names = _index(level)
    matches: list[Match] = []
    for length in range(len(plain), 1, -1):
        for one in names.get(plain[:length], ()):
            if one.code.startswith(within):
                matches.append(Match(one, length))
    return tuple(matches)


def counties(prefix: str) -> tuple[Division, ...]:
    """The counties and districts in force whose code starts with ``prefix``."""
    return tuple(
        one for one in _current().values() if one.code.startswith(prefix) and _is_county(one)
    )


def cities_in(prefix: str) -> tuple[Division, ...]:
    """The cities and prefectures in force whose code starts with ``prefix``."""
    return tuple(
        one for one in _current().values() if one.code.startswith(prefix) and _is_city(one)
    )


def _is_city(one: Division) -> bool:
    return one.level == 2 and one.name.endswith(("市", "自治州", "地区", "盟"))


@cache
def capital_district(province_code: str) -> str:
    """The first district of a province's capital, spelt out: 浙江省杭州市上城区; or ``""``."""
    prefix = province_code[:2]
    districts = counties(prefix + "01")
    if not districts:
        return ""
    parts = [division(prefix + "0000"), districts[0]]
    if prefix not in MUNICIPALITIES:
        parts.insert(1, division(prefix + "0100"))
    return "".join(part.name for part in parts if part is not None)
