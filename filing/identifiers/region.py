"""The province, city and district an address begins with, in whatever form they are written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from filing import regions
from filing.regions import Division, Match

_GLUE = re.compile(r"[ \-/,，、|>·]*")
_NO_SHORT_NAME_BEFORE = re.compile(
    r"[省市区县旗州盟镇乡村]"
    r"|[东西南北中上下内外前后新老一二三四五六七八九十\d]{0,2}"
    r"(?:路|街|道|大道|大街|巷|弄|里|桥|广场|大厦)"
)
_EMPTY_LEVEL = re.compile(
    r"市辖区|(?:省|自治区)?直辖县级行政(?:区划|单位)|县(?=[\u4e00-\u9fff]{1,6}县)"
)
_AREA = re.compile(
    r"(?:(?![路街道巷号村镇乡])[\u4e00-\u9fff]){0,10}?"
    r"(?:新区|开发区|高新区|经开区|园区|工业区|保税区|示范区|管理区|度假区|试验区|合作区)(?=.)"
)


@dataclass(frozen=True, slots=True)
class Region:
    """What was recognised, completed upwards, and how many characters of the text it took.

    ``area`` is an economic zone named in place of a district; ``written`` tells how many of
    the three levels stand in the text itself.
    """

    province: Division | None = None
    city: Division | None = None
    district: Division | None = None
    area: str | None = None
    length: int = 0
    written: int = 0

    @property
    def code(self) -> str:
        """The code of the narrowest division recognised, empty if none was."""
        narrowest = self.district or self.city or self.province
        return "" if narrowest is None else narrowest.code


@dataclass(frozen=True, slots=True)
class _Path:
    """Divisions named one after the other; ``full`` counts those written with their ending."""

    steps: tuple[Division, ...] = ()
    end: int = 0
    full: int = 0
    short_last: bool = False

    def along(self, match: Match, start: int) -> "_Path":
        is_full = match.length == len(match.division.name)
        return _Path(
            (*self.steps, match.division), start + match.length, self.full + is_full, not is_full
        )

    @property
    def within(self) -> str:
        """The code prefix shared by everything inside the last division."""
        if not self.steps:
            return ""
        last = self.steps[-1]
        return last.code[:2] if last.level == 1 else last.code[:4]

    @property
    def worth(self) -> tuple[int, int, bool, int]:
        last_stands = not self.steps or self.steps[-1].until is None
        return len(self.steps), self.full, last_stands, self.end


def read_region(text: str, province: str | None = None) -> Region:
    """Read the front of ``text`` (half-width, without blanks).

    ``province`` (short name) settles what the text leaves open: names borne by several
    districts, or a missing province. A name that another province bears too, with nothing to
    tell them apart, is not recognised.
    """
    home = regions.bearers(province, 1)[0] if province and regions.bearers(province, 1) else None
    best = max(_paths(text, home), key=_worth)
    if not best.steps and home is not None:
        best = max(_paths(text, None), key=_worth)
    return _completed(best, text, home)


def _worth(path: _Path) -> tuple[int, int, bool, int]:
    return path.worth


def _paths(text: str, home: Division | None) -> Iterator[_Path]:
    """Every way to read divisions off the front, the empty one included."""
    yield _Path()
    for match in regions.front(text, 1):
        path = _Path().along(match, 0)
        yield from _if_sound(path, text)
        yield from _below(path, text)
    yield from _below(_Path(), text, "" if home is None else home.code[:2])


def _below(path: _Path, text: str, within: str = "") -> Iterator[_Path]:
    start = _skip(text, path)
    within = within or path.within
    for match in regions.front(text[start:], 2, within):
        city = path.along(match, start)
        yield from _if_sound(city, text)
        yield from _districts(city, text, city.within)
    yield from _districts(path, text, within)


def _districts(path: _Path, text: str, within: str) -> Iterator[_Path]:
    start = _skip(text, path)
    matches = regions.front(text[start:], 3, within)
    for match in matches:
        district = path.along(match, start)
        if district.short_last and not path.steps:
            continue  # 城关 or 鼓楼 alone may be anything
        if _is_one_of_many(match, matches):
            continue
        yield from _if_sound(district, text)


def _is_one_of_many(match: Match, matches: tuple[Match, ...]) -> bool:
    """Whether another standing division of the same name fits as well (朝阳区)."""
    return match.division.until is None and any(
        other.length == match.length
        and other.division.until is None
        and other.division.code != match.division.code
        for other in matches
    )


def _if_sound(path: _Path, text: str) -> Iterator[_Path]:
    """A short name before such signs is something else: 南京东路, 玄武大道, 朝阳区."""
    if not (path.short_last and _NO_SHORT_NAME_BEFORE.match(text, path.end)):
        yield path


def _skip(text: str, path: _Path) -> int:
    """Where the next level starts: past separators, empty levels and a municipality's echo."""
    start = _past_glue(text, path.end)
    if path.steps:
        empty = _EMPTY_LEVEL.match(text, start)
        start = empty.end() if empty else start
        first = path.steps[0]
        echo = first.name if first.code[:2] in regions.MUNICIPALITIES else ""
        if echo and len(path.steps) == 1 and text.startswith(echo, start):
            start += len(echo)
            empty = _EMPTY_LEVEL.match(text, start)
            start = empty.end() if empty else start
        start = _past_glue(text, start)
    return start


def _past_glue(text: str, start: int) -> int:
    glue = _GLUE.match(text, start)
    return glue.end() if glue else start


def _completed(path: _Path, text: str, home: Division | None) -> Region:
    """The path with the levels above filled in, and an economic zone in place of a district."""
    if not path.steps:
        return Region(province=home)
    by_level = {one.level: one for one in path.steps}
    last = path.steps[-1]
    city = by_level.get(2)
    if city is None and last.level == 3 and last.code[:2] not in regions.MUNICIPALITIES:
        city = regions.city_of(last.code)
    end = _skip(text, path)
    area = None
    if 3 not in by_level:
        zone = _AREA.match(text, end)
        if zone:
            area = (regions.short_name(last) if path.short_last else "") + zone.group()
            end = _past_glue(text, zone.end())
    return Region(
        province=by_level.get(1) or regions.province_of(last.code),
        city=city,
        district=by_level.get(3),
        area=area,
        length=end,
        written=len(path.steps),
    )
