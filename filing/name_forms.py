"""What a website's name looks like: its script, signs, words and kinship with another name."""

import re
import unicodedata
from collections.abc import Iterable

from filing import regions
from filing.simplified import simplify

_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_SIGNS_ALLOWED = frozenset(" ()·")
_VILLAGE = re.compile(r"[\u4e00-\u9fff]{1,6}(?:村|乡|镇)(?:网|在线|信息|站|$)")
_HOME_PAGE = re.compile(r"https?:|www\.|[a-z0-9-]+\.(?:com|cn|net|org)\b")
# Words that say nothing of whose website it is: sharing them is no kinship.
_COMMON = re.compile(
    "有限责任公司|股份有限公司|有限公司|责任公司|分公司|集团|股份|公司|个体工商户|工作室|"
    "网络|信息|科技|技术|软件|电子|智能|数据|服务|管理|咨询|商贸|贸易|实业|发展|投资|文化|传媒|广告|"
    "官方|官网|网站|网址|门户|主页|首页|平台|中心|商城|商店|在线|之家|中国|省|市|区|县"
)


def plain(text: str) -> str:
    """Half-width, simplified, lower case: for comparing names and finding words in them."""
    return simplify(unicodedata.normalize("NFKC", text)).casefold()


def chinese_characters(name: str) -> int:
    """How many Chinese characters a name has."""
    return len(_CHINESE.findall(name))


def is_digits_only(name: str) -> bool:
    """Whether nothing but digits (and signs) is left of it."""
    letters = [sign for sign in plain(name) if sign.isalnum()]
    return bool(letters) and all(sign.isdigit() for sign in letters)


def is_latin_only(name: str) -> bool:
    """Whether it has Latin letters and no Chinese character."""
    return _LATIN.search(plain(name)) is not None and not chinese_characters(name)


def has_latin(name: str) -> bool:
    """Whether it has a Latin letter."""
    return _LATIN.search(plain(name)) is not None


def has_digit(name: str) -> bool:
    """Whether it has a digit."""
    return any(sign.isdigit() for sign in plain(name))


def special_sign(name: str) -> str | None:
    """The first sign that is neither letter nor digit, blank, bracket or 间隔号."""
    for sign in plain(name):
        if not sign.isalnum() and sign not in _SIGNS_ALLOWED:
            return sign
    return None


def is_domain(name: str, domain: str | None) -> bool:
    """Whether it is the domain itself, with or without www and suffix."""
    if domain is None:
        return False
    bare = plain(name).removeprefix("www.")
    return bare in (domain, domain.partition(".")[0])


def names_home_page(name: str) -> bool:
    """Whether a web address stands in it."""
    return _HOME_PAGE.search(plain(name)) is not None


def names_village(name: str) -> bool:
    """Whether it is named after a village, township or town."""
    return _VILLAGE.search(name) is not None


def word_in(name: str, words: Iterable[str]) -> str | None:
    """The longest of ``words`` that stands in the name."""
    text = plain(name)
    return max((word for word in words if plain(word) in text), key=len, default=None)


def place_in(name: str) -> str | None:
    """A province, city or (written in full) district that stands in the name."""
    text = plain(name)
    for start in range(len(text)):
        for level in (1, 2, 3):
            for match in regions.front(text[start:], level):
                full = match.length == len(match.division.name)
                if match.length > 1 and (full or level < 3):
                    return text[start : start + match.length]
    return None


def is_related(name: str, subject: str) -> bool:
    """Whether two names share two characters in a row that say whose they are."""
    mine, theirs = _telling(name), _telling(subject)
    if not mine or not theirs:
        return True  # nothing to judge by
    pairs = {mine[at : at + 2] for at in range(len(mine) - 1)} - {"  "}
    return any(" " not in pair and pair in theirs for pair in pairs)


def _telling(name: str) -> str:
    """A name without places and common words, which leave a blank behind."""
    text = plain(name)
    place = place_in(text)
    return _COMMON.sub(" ", text.replace(place, " ") if place else text).strip()
