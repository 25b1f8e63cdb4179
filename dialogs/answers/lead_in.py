"""The words people put around an answer: 手机号是…, 邮箱：…, my domain is …, 谢谢."""

import re
from collections.abc import Callable

from filing.invalid import Invalid

_WHOSE = (
    r"(?:(?:我们?|本人|咱们?|公司|单位|企业|网站|主体|负责人|网站负责人|主体负责人|法人|法定代表人|my|our|the)"
    r"\s*的?\s*){0,3}"
)
_LINK = r"\s*(?:(?:应该|就)*(?:是|叫做?)|为|填|写|改[成为]|换成|is|are|=|[:：])\s*[:：]?\s*"
_COURTESY = re.compile(
    r"(?<![,，。.!！~\s])(?:[,，。.!！~\s]*(?:谢谢[您你]?|麻烦了|thanks|thank you)[。.!！~\s]*)$",
    re.I,
)


def lead_in(*topics: str, before_latin: bool = True) -> re.Pattern[str]:
    """A pattern for what may stand before an answer about ``topics`` (regular expressions).

    ``before_latin`` also lets a mere 是 go before a letter or digit: 是13800138000.
    """
    named = rf"{_WHOSE}(?:{'|'.join(topics)})(?:号码|号|地址|名称)?{_LINK}"
    is_ = r"|是\s*[:：]?\s*(?=[\x00-\x7f])" if before_latin else ""
    return re.compile(rf"\s*(?:{named}{is_})", re.IGNORECASE)


def bare(text: str, lead: re.Pattern[str]) -> str:
    """``text`` without the words around the answer, or the text itself if nothing would remain."""
    rest = _COURTESY.sub("", text)
    while (match := lead.match(rest)) and match.end() < len(rest) and match.end():
        rest = rest[match.end() :]
    return rest or text


def settled(
    text: str, lead: re.Pattern[str], read: Callable[[str], str | Invalid]
) -> str | Invalid:
    """``text`` read without the words around it, until reading it once more changes nothing."""
    value = read(bare(text, lead))
    while isinstance(value, str) and lead.match(value):
        again = read(bare(value, lead))
        if again == value:
            break
        value = again
    return value
