"""The 31 provinces of mainland China whose communications administrations decide on filings."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from filing.simplified import simplify

# adcode, short name, full name, letter in ICP numbers, letter in police numbers,
# host of the administration, host of its filing site, English name, further names.
# Codes and names: GB/T 2260. Letters: the ministry writes 蜀 黔 滇 陇, the police 川 贵 滇 甘.
_TABLE = """
110000 北京 北京市 京 京 bjca bj Beijing -
120000 天津 天津市 津 津 tjca tj Tianjin -
130000 河北 河北省 冀 冀 hbca he Hebei -
140000 山西 山西省 晋 晋 sxca sx Shanxi -
150000 内蒙古 内蒙古自治区 蒙 蒙 nmca nm Inner_Mongolia 内蒙,neimenggu,neimeng,nei_mongol
210000 辽宁 辽宁省 辽 辽 lnca ln Liaoning -
220000 吉林 吉林省 吉 吉 jlca jl Jilin -
230000 黑龙江 黑龙江省 黑 黑 hljca hl Heilongjiang -
310000 上海 上海市 沪 沪 shca sh Shanghai 申
320000 江苏 江苏省 苏 苏 jsca js Jiangsu -
330000 浙江 浙江省 浙 浙 zjca zj Zhejiang -
340000 安徽 安徽省 皖 皖 ahca ah Anhui -
350000 福建 福建省 闽 闽 fjca fj Fujian -
360000 江西 江西省 赣 赣 jxca jx Jiangxi -
370000 山东 山东省 鲁 鲁 sdca sd Shandong -
410000 河南 河南省 豫 豫 haca ha Henan -
420000 湖北 湖北省 鄂 鄂 hubca hb Hubei -
430000 湖南 湖南省 湘 湘 hunca hn Hunan -
440000 广东 广东省 粤 粤 gdca gd Guangdong canton
450000 广西 广西壮族自治区 桂 桂 gxca gx Guangxi 广西省,guangxi_zhuang
460000 海南 海南省 琼 琼 hnca hi Hainan -
500000 重庆 重庆市 渝 渝 cqca cq Chongqing chungking
510000 四川 四川省 蜀 川 scca sc Sichuan szechuan
520000 贵州 贵州省 黔 贵 gzca gz Guizhou -
530000 云南 云南省 滇 滇 ynca yn Yunnan -
540000 西藏 西藏自治区 藏 藏 xzca xz Tibet xizang,西藏省
610000 陕西 陕西省 陕 陕 shxca sn Shaanxi 秦
620000 甘肃 甘肃省 陇 甘 gsca gs Gansu -
630000 青海 青海省 青 青 qhca qh Qinghai -
640000 宁夏 宁夏回族自治区 宁 宁 nxca nx Ningxia 宁夏省,ningxia_hui
650000 新疆 新疆维吾尔自治区 新 新 xjca xj Xinjiang 新疆省,sinkiang,xinjiang_uygur
"""

_ENGLISH_TAILS = (
    "autonomousregion",
    "municipality",
    "province",
    "region",
    "sheng",
    "city",
    "shi",
)


@dataclass(frozen=True, slots=True)
class Province:
    """省、自治区、直辖市: where a subject files, and whose communications bureau decides."""

    name: str  # 江苏
    full_name: str  # 江苏省
    adcode: str  # 320000, GB/T 2260
    abbr: str  # 苏, as in ICP filing numbers
    police_abbr: str  # 苏, as in public-security numbers
    english: str  # Jiangsu
    bureau_name: str  # 江苏省通信管理局
    bureau_site: str  # https://jsca.miit.gov.cn
    filing_site: str  # https://js.beian.miit.gov.cn


def _read_table() -> Iterator[tuple[Province, tuple[str, ...]]]:
    for line in _TABLE.split("\n")[1:-1]:
        adcode, name, full, abbr, police, bureau, site, english, more = line.split(" ")
        province = Province(
            name=name,
            full_name=full,
            adcode=adcode,
            abbr=abbr,
            police_abbr=police,
            english=english.replace("_", " "),
            bureau_name=f"{full}通信管理局",
            bureau_site=f"https://{bureau}.miit.gov.cn",
            filing_site=f"https://{site}.beian.miit.gov.cn",
        )
        yield province, () if more == "-" else tuple(more.split(","))


_ROWS = tuple(_read_table())

PROVINCES: tuple[Province, ...] = tuple(province for province, _ in _ROWS)
"""All 31, in the order of their codes."""

_BY_NAME = {province.name: province for province in PROVINCES}
_BY_PREFIX = {province.adcode[:2]: province for province in PROVINCES}


def _squeezed(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def _plain(text: str) -> str:
    """Fold width, case, spacing and traditional characters away."""
    return _squeezed(simplify(unicodedata.normalize("NFKC", text)))


def _index() -> dict[str, Province]:
    names: dict[str, Province] = {}
    for province, more in _ROWS:
        for name in (province.full_name, province.name, province.english, *more):
            names.setdefault(_squeezed(name), province)
        for letter in (province.abbr, province.police_abbr):
            names.setdefault(letter, province)
    return names


_BY_ANY_NAME = _index()
_LONG_NAMES = sorted((name for name in _BY_ANY_NAME if len(name) > 1), key=len, reverse=True)


def province_named(name: str) -> Province | None:
    """The province of exactly this short name (``"江苏"``), or None."""
    return _BY_NAME.get(name)


def province_of_adcode(code: str) -> Province | None:
    """The province a region code lies in; the first two digits decide (``"320106"``, ``"32"``)."""
    digits = code.strip()
    if not digits.isdigit() or len(digits) not in (2, 4, 6, 9, 12):
        return None
    return _BY_PREFIX.get(digits[:2])


def parse_province(text: str) -> Province | None:
    """Read a whole text as the name of one province, or None.

    Understands short and full names, traditional characters, the letters used in filing and
    police numbers, pinyin, English names and region codes: 江苏, 江蘇省, 苏, Jiangsu Province,
    320000, 内蒙.
    """
    plain = _plain(text)
    if plain.isdigit():
        return province_of_adcode(plain) if len(plain) in (2, 6) else None
    if plain in _BY_ANY_NAME:
        return _BY_ANY_NAME[plain]
    for tail in ("自治区", "省", "市"):
        if plain.endswith(tail):
            return _BY_NAME.get(plain.removesuffix(tail))
    for tail in _ENGLISH_TAILS:
        if plain.endswith(tail):
            return _BY_ANY_NAME.get(plain.removesuffix(tail))
    return None


def find_provinces(text: str) -> tuple[Province, ...]:
    """The provinces a sentence names, in order of appearance, each once.

    Letters such as 苏 are left aside: in a sentence they usually mean something else. So are
    Latin names inside a longer word.
    """
    folded = simplify(unicodedata.normalize("NFKC", text)).casefold()
    found: dict[int, Province] = {}
    taken = [False] * len(folded)
    for name in _LONG_NAMES:
        start = folded.find(name)
        while start >= 0:
            end = start + len(name)
            if not any(taken[start:end]) and _stands_alone(folded, start, end):
                found[start] = _BY_ANY_NAME[name]
                taken[start:end] = [True] * len(name)
            start = folded.find(name, end)
    return tuple(dict.fromkeys(found[start] for start in sorted(found)))


def _stands_alone(text: str, start: int, end: int) -> bool:
    if not text[start].isascii():
        return True
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())
