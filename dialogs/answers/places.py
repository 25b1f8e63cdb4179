"""Provinces, by whatever name they go."""

import re
from dataclasses import dataclass
from typing import ClassVar

from dialogs.answers.base import Context, Found
from dialogs.answers.lead_in import bare, lead_in
from dialogs.answers.open_answer import OpenAnswer
from filing import regions
from filing.identifiers.normalise import aligned, half_width
from filing.identifiers.region import read_region
from filing.invalid import Invalid, invalid
from filing.provinces import PROVINCES, parse_province, province_named, province_of_adcode
from filing.provinces import Province as AProvince
from filing.simplified import simplify

_LEAD = lead_in("(?:所在|备案|主体)?(?:省份?|地区|区域|所在地|注册地)", "province", "region")
_IN = re.compile(
    r"\s*(?:我们?|公司|注册|住|人)*(?:在|位于|来自|属于|选|是)\s*|\s*(?:in|from)\s+", re.IGNORECASE
)
_OUTSIDE = frozenset({"香港", "澳门", "台湾"})
_NAMES = "|".join(
    sorted(
        {name for one in PROVINCES for name in (one.name, one.english)} | {"内蒙", "内蒙古"},
        key=lambda name: (-len(name), name),
    )
)
_FIRST = "".join(sorted({name[0] for name in _NAMES.split("|")}))
_MENTION = re.compile(
    rf"(?=[{_FIRST}])(?<![A-Za-z])({_NAMES})(?![A-Za-z])(?:维吾尔自治区|壮族自治区|回族自治区|自治区|省|市)?"
    r"(?![西东中南北]?路)",
    re.IGNORECASE,
)
_CITY = re.compile(r"(?:在|位于|来自|注册地|坐标)\s*([\u4e00-\u9fff]{2,8})")


@dataclass(frozen=True, slots=True)
class Province(OpenAnswer):
    """The province of the filing by its short name: 江苏, 内蒙古."""

    name: ClassVar[str] = "province"

    def parse(self, text: str, context: Context) -> str | Invalid:
        """Any name of a province, its letter or code, or a place in it.

        Codes: ``province.unknown``, ``province.outside`` (Hong Kong, Macao, Taiwan: nothing
        is filed there).
        """
        plain = bare(text, _LEAD)
        inside = _IN.match(plain)
        for said in (text, plain, plain[inside.end() :] if inside else plain):
            found = parse_province(said) or _of_city(said) or _of_region(said)
            if found is not None:
                return found.name
        short = simplify(half_width(plain))
        if any(name in short for name in _OUTSIDE) and len(short) < 10:
            return invalid("province.outside")
        return invalid("province.unknown" if short else "text.empty")

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """The short name, in English its English one."""
        found = province_named(value)
        return value if found is None or locale.startswith("zh") else found.english

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """Provinces named in a sentence, but not in the name of a road."""
        plain = simplify(aligned(text))
        found: dict[str, Found] = {}
        for match in _MENTION.finditer(plain):
            province = parse_province(match.group(1))
            if province is not None:
                named = Found(province.name, match.start(), match.end())
                found.setdefault(province.name, named)
        return tuple(found.values()) or _by_city(plain)


def _by_city(plain: str) -> tuple[Found, ...]:
    """The province of a city somebody says to be in: 我们在南京."""
    city = _CITY.search(plain)
    place = read_region(city.group(1)) if city else None
    if city is None or place is None or place.city is None or not place.written:
        return ()
    province = province_of_adcode(place.code)
    if province is None:
        return ()
    return (Found(province.name, city.start(1), city.start(1) + place.length),)


def _of_city(said: str) -> AProvince | None:
    """The province of a city named on its own: 南京, 苏州市."""
    name = simplify(half_width(said))
    if not 2 <= len(name) <= 12:
        return None
    standing = {one.code[:2] for one in regions.bearers(name, 2) if one.until is None}
    return province_of_adcode(standing.pop()) if len(standing) == 1 else None


def _of_region(said: str) -> AProvince | None:
    """The province of a place named from above and nothing else: 江苏苏州, 广东深圳南山区."""
    plain = simplify(half_width(said))
    place = read_region(plain)
    whole = place.length == len(plain) and place.written > 1
    return province_of_adcode(place.code) if whole else None
