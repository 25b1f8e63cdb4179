"""Filings of another trade, told by their name alone: 消防备案, 食品经营许可证."""

import re
from collections.abc import Iterable
from typing import Final

_NAMED: Final = re.compile(
    r"([\u3400-\u9fff]{2,8}?)的?(?:备案|登记|许可证)(?:凭证|证明|号)?"
    r"(?:怎么[办弄做].{0,2}|如何办理?|条件|流程|(?:要|需要)(?:什么|哪些).{0,4}|[在去]哪.{0,3}"
    r"|多少钱|多久|是什么)?[?？]?"
)
_OURS: Final = re.compile(
    "[网站云服公安单人企司域名主小程应用]"
    "|[办做没要再重查填过先怎么能需不被可去帮代交改写看是有买卖租借挂注销变新增退]"
)


def is_of_another_trade(text: str, words: Iterable[str]) -> bool:
    """Whether a text only names a filing, and not with a word of ours. ``words`` are ours."""
    named = _NAMED.fullmatch(text.strip())
    if named is None or _OURS.search(named[1]):
        return False
    return not any(len(word) > 1 and word in named[1] for word in words)
