"""What stands in a message that has the shape of a value: numbers, addresses, dates."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a piece of text looks like, before anybody checks it."""

    EMAIL = "email"
    DOMAIN = "domain"  # a host or web address
    IP = "ip"
    MOBILE = "mobile"
    LANDLINE = "landline"
    PERSONAL = "personal"  # 18 characters as on an ID card
    CODE = "code"  # 18 characters as in a 统一社会信用代码
    DATE = "date"
    NUMBER = "number"  # some other number, or letters with digits


@dataclass(frozen=True, slots=True)
class Shape:
    """``text[start:end]`` has the shape of ``kind``."""

    kind: Kind
    start: int
    end: int


_HAN = "\u4e00-\u9fff"
_CN_DIGITS = "0-9〇○零一二三四五六七八九十"
_IDN_SUFFIX = (
    "中国|公司|网络|网址|网店|商城|在线|中文网|集团|我爱你|手机|商标|餐厅|招聘|佛山|广东|政务|公益"
)
_EMAIL = (
    r"(?<![a-z0-9._%+\-])[a-z0-9._%+\-]{1,64}\s?@{1,3}\s?[a-z0-9](?:[a-z0-9.\-]{0,80}[a-z0-9])?"
)
_PATH = r"[!-+\--:<-~]{0,300}"  # whatever is printed but , and ;
_URL = rf"(?<![a-z0-9])https?://?[a-z0-9{_HAN}][a-z0-9.\-{_HAN}]{{0,120}}(?::\d{{1,5}})?(?:[/?#]{_PATH})?"
_IPV4 = r"(?:(?<![a-z0-9.])|(?<=ip))\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)"
_IPV6 = (
    r"(?<![a-z0-9.:])(?=[0-9a-f]{0,4}:[0-9a-f]{0,4}:)(?=[0-9a-f:]*[0-9a-f])"
    r"[0-9a-f:]{3,39}(?![a-z0-9:])"
)
_DATE = (
    rf"(?<![0-9a-z])(?:[{_CN_DIGITS}]{{4}}\s?年\s?[{_CN_DIGITS}]{{1,3}}\s?月\s?[{_CN_DIGITS}]{{1,3}}"
    r"\s?[日号]?|(?:19|20)\d\d(?P<sep>[\-/.])\d{1,2}(?P=sep)\d{1,2}(?![0-9]))"
)
_DOMAIN = (
    r"(?<![a-z0-9@._])(?<![a-z0-9]-)(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.){1,8}"
    rf"(?:xn--[a-z0-9\-]{{2,59}}|[a-z]{{2,24}}|{_IDN_SUFFIX})(?![a-z0-9\-])(?:/{_PATH})?"
)
_IDN = (
    rf"(?<![{_HAN}a-z0-9.\-])[a-z0-9\-]{{0,20}}[{_HAN}][{_HAN}a-z0-9\-]{{0,40}}\."
    rf"(?:{_IDN_SUFFIX}|(?:com|net|org|gov|edu)?\.?(?:cn|com|net|cc|top|org)(?![a-z0-9]))"
)
_PERSONAL = r"(?<![0-9a-z])[1-9](?:[ \-]?\d){16}[ \-]?[\dx×](?![0-9a-z])"
_CODE = r"(?<![0-9a-z])[1-9any][0-9a-z](?:[ \-]?\d){6}(?:[ \-]?[0-9a-z]){10}(?![0-9a-z])"
_MOBILE = r"(?<![0-9])(?:\(?(?:\+|00)?86\)?[ \-]{0,2})?1[ \-]?[3-9](?:[ \-.]?\d){9}(?![0-9])"
_LANDLINE = (
    r"(?<![0-9])(?:(?:\+|00)86[ \-]?)?\(?0\d{2,3}\)?[ \-]{0,2}[2-9]\d{2,3}[ \-]?\d{4}(?![0-9])"
    r"(?:\s?(?:-|转|转接|分机号?|ext\.?)\s?\d{1,6}(?![0-9]))?"
)
_NUMBER = (
    r"(?<![0-9a-z])(?!e?ip\d{1,3}\.)(?:\+?\d(?:[ \-]?\d){4,30}[a-z]?"
    r"|(?=[a-z0-9\-]{0,30}\d)[a-z0-9][a-z0-9\-]{4,30})(?![0-9a-z])"
)
_PATTERN = re.compile(
    rf"(?P<email>{_EMAIL})|(?P<url>{_URL})|(?P<ip>{_IPV4}|{_IPV6})|(?P<date>{_DATE})"
    rf"|(?P<domain>{_DOMAIN})|(?P<idn>{_IDN})|(?P<personal>{_PERSONAL})|(?P<code>{_CODE})"
    rf"|(?P<mobile>{_MOBILE})|(?P<landline>{_LANDLINE})|(?P<number>{_NUMBER})"
)
_HOST_IP = re.compile(r"https?://(\d{1,3}(?:\.\d{1,3}){3})(?![a-z0-9.])")
_ANYTHING = re.compile(r"[0-9a-z@年.]")
_KINDS = {"url": Kind.DOMAIN, "idn": Kind.DOMAIN}
_BETWEEN = " ,，、;；和及与跟加/"
_LATIN_END = re.compile(r"(?<=[\u4e00-\u9fff])-?(?=[a-z0-9\-]{2,}$)")
_NO_LABEL = frozenset("是为叫填用写")
_IDN_LEAD = re.compile(r".*(?:域名|网址|官网|改成|换成|改为|是|为|叫做|叫|填|选用|使用)(?=.)")


def scan(plain: str) -> tuple[Shape, ...]:
    """The shapes in a text already in half-width lower case, in order, none overlapping."""
    if not _ANYTHING.search(plain):
        return ()
    found = []
    for match in _PATTERN.finditer(plain):
        name, start = str(match.lastgroup), match.start()
        if name == "idn":
            label = match.group().partition(".")[0]
            if label in _NO_LABEL:
                continue
            start += _lead_of(label)
        elif name == "url" and (host := _HOST_IP.match(match.group())):
            found.append(Shape(Kind.IP, start + host.start(1), start + host.end(1)))
            continue
        elif name == "personal" and not _could_be_born(match.group()):
            name = "code"
        found.append(Shape(_KINDS.get(name) or Kind(name), start, match.end()))
    return tuple(found)


def end_of_list(plain: str, first: Shape, shapes: Iterable[Shape]) -> int:
    """Where a row of shapes of one kind ends that begins with ``first``: 8.8.8.8 和 8.8.4.4."""
    end = first.end
    for shape in shapes:
        between = plain[end : shape.start]
        if shape.start >= end and shape.kind is first.kind and not between.strip(_BETWEEN):
            end = shape.end
    return end


def _lead_of(label: str) -> int:
    """How much in front of a Chinese domain name is no part of it: 我的域名是…, 想备案…."""
    latin = _LATIN_END.search(label)
    if latin:
        return latin.end()
    lead = _IDN_LEAD.match(label)
    return lead.end() if lead else 0


def _could_be_born(number: str) -> bool:
    """Whether digits 7 to 14 could be a birth date, which tells an ID card from a code."""
    digits = number.replace(" ", "").replace("-", "")
    if digits[0] == "9" and digits[1] in "123" and digits[6:8] not in ("19", "20"):
        return False
    return digits[6:8] in ("18", "19", "20") or digits[:2] not in ("91", "92", "93")
