"""地址: an address with its province, city and district recognised and written out in full."""

import re
from dataclasses import dataclass

from filing import regions
from filing.identifiers.normalise import aligned
from filing.identifiers.region import Region, read_region
from filing.invalid import Invalid, invalid
from filing.regions import Division

MAX_LENGTH = 150
_SHORTEST_PRINTED = 6

_BLANKS = re.compile(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])")
_EDGES = " -/,，、|>·。;；.:："
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_DOOR = re.compile(
    r"[0-9A-Za-z零〇一二三四五六七八九十百千甲乙丙丁东西南北][)#]?"
    r"(?:号|號|弄|栋|棟|幢|座|室|楼|樓|层|層|单元|單元|组|組|队|隊|院|户|戶|区|區|舍|铺|#)"
    r"|[\u4e00-\u9fff]{2}[村屯社](?![路街])|已是最详细|无门牌|無門牌|\d-\d|\d$"
)


@dataclass(frozen=True, slots=True)
class AddressParts:
    """What an address says; ``None`` where nothing was recognised.

    Names stand in full (江苏省, 南京市). ``city`` is None for what lies right under a province
    (海淀区, 济源市). ``district`` may be an economic zone (苏州工业园区), which has no code;
    ``code`` is that of the narrowest division known, or empty.
    """

    province: str | None
    city: str | None
    district: str | None
    detail: str
    code: str

    @property
    def province_name(self) -> str | None:
        """The province's short name (江苏), as the rules are keyed."""
        found = regions.province_of(self.code) if self.code else None
        return None if found is None else regions.short_name(found)

    @property
    def region(self) -> str:
        """The divisions in full: 江苏省南京市雨花台区."""
        return (self.province or "") + (self.city or "") + (self.district or "")


def parse_address(text: str, province: str | None = None) -> str | Invalid:
    """A full address: 江苏省南京市雨花台区软件大道1号.

    Short names are written out, and a province or city that follows from the rest is added;
    ``province`` (short name: 江苏) is the one the address must lie in, and helps to read it.
    Codes ``address.*``: ``other_province``, ``region_mismatch`` (a city or district of
    elsewhere), ``city_missing``, ``district_missing``, ``region_repeated``,
    ``detail_missing``, ``door_number_missing``, ``too_long``.
    """
    plain = tidy(text)
    if not plain:
        return invalid("text.empty")
    if len(plain) > MAX_LENGTH:
        return invalid("address.too_long", max=MAX_LENGTH)
    region = read_region(plain, province)
    parts = _parts(region, plain)
    found = parts.province_name
    if found is not None and province is not None and found != province:
        return invalid("address.other_province", expected=province, found=found)
    return _fault(region, parts) or parts.region + parts.detail


def parse_printed_address(text: str) -> str | Invalid:
    """证件住所: an address kept as the certificate prints it, only without blanks."""
    plain = tidy(text)
    if not plain:
        return invalid("text.empty")
    if len(plain) < _SHORTEST_PRINTED:
        return invalid("text.too_short", min=_SHORTEST_PRINTED)
    if len(plain) > MAX_LENGTH:
        return invalid("address.too_long", max=MAX_LENGTH)
    return plain if _CHINESE.search(plain) else invalid("address.not_chinese")


def address_parts(value: str) -> AddressParts:
    """The divisions an address names, as far as they can be recognised."""
    plain = tidy(value)
    return _parts(read_region(plain), plain)


def tidy(text: str) -> str:
    """``text`` in half-width, without blanks between Chinese characters or loose ends."""
    return _BLANKS.sub("", aligned(text)).strip(_EDGES)


def names_a_door(detail: str) -> bool:
    """Whether an address goes down to a house, room, group or village."""
    return _DOOR.search(detail) is not None


def _parts(region: Region, plain: str) -> AddressParts:
    return AddressParts(
        province=_name(region.province),
        city=_name(region.city),
        district=region.area or _name(region.district),
        detail=plain[region.length :],
        code=region.code,
    )


def _name(one: Division | None) -> str | None:
    return None if one is None else one.name


def _fault(region: Region, parts: AddressParts) -> Invalid | None:
    names = (parts.province, parts.city, parts.district)
    if any(name is not None and parts.detail.startswith(name) for name in names):
        return invalid("address.region_repeated")
    if parts.district is None:
        if _names_a_region_elsewhere(region, parts.detail):
            return invalid("address.region_mismatch")
        if region.city is None and region.code[:2] not in regions.MUNICIPALITIES:
            return invalid("address.city_missing")
        if region.city is None or regions.has_districts(region.city):
            return invalid("address.district_missing")
    if len(parts.detail) < 2:
        return invalid("address.detail_missing")
    return None if names_a_door(parts.detail) else invalid("address.door_number_missing")


def _names_a_region_elsewhere(region: Region, rest: str) -> bool:
    """Whether what follows the recognised part is the full name of a region outside it."""
    if not region.written:
        return False
    levels = (2, 3) if region.city is None else (3,)
    return any(
        match.length == len(match.division.name) > 2
        for level in levels
        for match in regions.front(rest, level)
    )
