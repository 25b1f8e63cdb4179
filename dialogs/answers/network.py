"""Domains and IP addresses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dialogs.answers.base import Context, Found
from dialogs.answers.lead_in import bare, lead_in
from dialogs.answers.open_answer import OpenAnswer
from filing.identifiers.domain import parse_domain, read_domain
from filing.identifiers.ip import parse_ips
from filing.identifiers.normalise import aligned
from filing.invalid import Invalid

_DOMAIN_LEAD = lead_in(
    "(?:一级|主)?域名", "网址", "网站(?:地址|域名)?", "(?:domain|site|website)(?: name)?"
)
_IP_LEAD = lead_in("(?:服务器|公网|弹性|网站)*(?:的)?\\s*(?:ipv?[46]?|eip)\\s*(?:地址)?", "server")
_HOST = re.compile(
    r"(?<![A-Za-z0-9@._%+\-])(?:[A-Za-z]{3,8}://)?"
    r"(?:[A-Za-z0-9\-]{1,63}\.)+[A-Za-z][A-Za-z0-9\-]{1,62}(?![A-Za-z0-9@\-])(?!\.[A-Za-z0-9])"
)
_CHINESE_HOST = re.compile(
    r"([A-Za-z0-9\-\u4e00-\u9fff]{1,63})[.。]"
    r"(中国|公司|网络|网址|商城|网店|中信|在线|中文网|我爱你|集团|公益|政务|购物|企业|手机|游戏|娱乐|信息|"
    r"com\.cn|net\.cn|org\.cn|cn|com|net|top|xyz)(?![A-Za-z0-9.\-])",
    re.IGNORECASE,
)
_BEFORE_A_NAME = re.compile(r".*(?:域名|备案|网址|网站|是|为|叫|成|了|用|的|把|和|与|及)")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NOT_MEANT = frozenset({"miit.gov.cn", "mps.gov.cn", "beian.gov.cn", "co.ltd"})
"""The authorities' own sites, and a company's ending."""
_FILE_ENDINGS = frozenset({"zip", "md", "mov", "py", "sh", "rs"})
"""Suffixes that are file names more often than domains."""
_IPV4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_IPV6 = re.compile(
    r"(?<![0-9A-Za-z_:.])(?=[^\s]*::|(?:[^\s:]+:){7})[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])"
)


@dataclass(frozen=True, slots=True)
class Domain(OpenAnswer):
    """A registrable domain, lower case, Chinese names in Unicode."""

    name: ClassVar[str] = "domain"

    def parse(self, text: str, context: Context) -> str | Invalid:
        """See ``filing.identifiers.domain.read_domain``."""
        return parse_domain(bare(text, _DOMAIN_LEAD))

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """Every domain in a sentence, but no mail address, file name or authority's site."""
        plain = aligned(text)
        if "." not in plain and "。" not in plain:
            return ()
        return tuple(sorted({*_latin(plain), *_chinese(plain)}, key=_place))


def _latin(plain: str) -> Iterator[Found]:
    for match in _HOST.finditer(plain):
        reading = read_domain(match.group())
        if isinstance(reading, Invalid) or reading.domain in _NOT_MEANT:
            continue
        if reading.suffix not in _FILE_ENDINGS or "://" in match.group():
            yield Found(reading.domain, match.start(), match.end())


def _chinese(plain: str) -> Iterator[Found]:
    for match in _CHINESE_HOST.finditer(plain):
        label, start = match.group(1), match.start()
        before = _BEFORE_A_NAME.match(label)
        if before and before.end() < len(label):
            start += before.end()
        host = plain[start : match.end()]
        if _HAN.search(host):
            value = parse_domain(host)
            if isinstance(value, str):
                yield Found(value, start, match.end())


def _place(found: Found) -> int:
    return found.start


@dataclass(frozen=True, slots=True)
class IpAddresses(OpenAnswer):
    """Public IP addresses, joined by commas."""

    name: ClassVar[str] = "ip"

    def parse(self, text: str, context: Context) -> str | Invalid:
        """See ``filing.identifiers.ip.parse_ips``."""
        return parse_ips(bare(text, _IP_LEAD))

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """The addresses in the language's own list form."""
        return value.replace(",", "、" if locale.startswith("zh") else ", ")

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """All public addresses in a sentence as one value."""
        plain = aligned(text)
        matches = [
            match
            for pattern in (_IPV4, _IPV6)
            for match in pattern.finditer(plain)
            if isinstance(parse_ips(match.group()), str)
        ]
        if not matches:
            return ()
        value = parse_ips(",".join(match.group() for match in matches))
        if isinstance(value, Invalid):
            return ()
        return (
            Found(value, min(one.start() for one in matches), max(one.end() for one in matches)),
        )
