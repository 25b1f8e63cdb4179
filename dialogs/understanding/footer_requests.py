"""Requests about the bottom of a home page: to look at it, or how to write it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from dialogs.understanding.tables import table_of
from filing.filing_number import narrow
from filing.identifiers.domain import parse_domain
from filing.invalid import Invalid

MAX_HTML: Final = 200_000
"""Characters of a pasted page that are read."""

_WORTH_READING: Final = re.compile(
    r"<|页脚|页尾|底部|下面|备案号|备案號|[检檢查核看]|foot|bottom|check|verify|test|look",
    re.IGNORECASE,
)
# Most messages are about something else, and pay for no more than this.
_LONGEST: Final = 300  # characters; who asks for a look says no more
_ADDRESS: Final = re.compile(
    r"(?:https?://)?(?:(?:[a-z0-9-]+|[0-9-]*[\u4e00-\u9fff][\u4e00-\u9fff0-9-]*)\.)+(?:[a-z]+|[\u4e00-\u9fff]{2,4})"
    r"(?::\d+)?(?:/[^\s,，。；、]*)?",
    re.IGNORECASE,
)
_NO_DOMAIN: Final = re.compile(
    r"(?:https?://)?(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\])(?::\d+)?(?:/\S*)?(?=\s|$)"
)
"""An address without a domain: whoever names it is told why it cannot be looked at."""
_COURTESY: Final = re.compile(r"\s*(?:please|pls|thanks|thank you|谢谢|好吗|吧|呢)[.!~]*$")
_TAG: Final = re.compile(
    r"<(?:!doctype|html|body|footer|div|p|a|span|center|td|li)\b", re.IGNORECASE
)
_CLOSING: Final = re.compile(r"</\w+\s*>")


@dataclass(frozen=True, slots=True)
class FooterRequest:
    """What is wanted. ``address`` is where to look, ``html`` what was pasted; both may be empty.

    ``words`` are those of somebody who asks how to write it, plain and in lower case.
    """

    kind: Literal["check", "show"]
    address: str = ""
    html: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Patterns:
    about: re.Pattern[str]
    check: re.Pattern[str]
    show: re.Pattern[str]
    elsewhere: re.Pattern[str]
    check_address: re.Pattern[str]


def is_html(text: str) -> bool:
    """Whether somebody pasted a page's source."""
    return _TAG.search(text) is not None and _CLOSING.search(text) is not None


def footer_request(text: str) -> FooterRequest | None:
    """What a message wants of the footer; None if it is about something else."""
    if _WORTH_READING.search(text) is None:
        return None
    if is_html(text):
        return FooterRequest("check", html=text[:MAX_HTML])
    if len(text) > _LONGEST:
        return None
    plain = " ".join(narrow(text).lower().split())
    address = _address(plain)
    words = plain.replace(address, " ").strip(" 。!?,.~") if address else plain
    said = _COURTESY.sub("", words if words.isascii() else "".join(words.split()))
    patterns = footer_words()
    if address and patterns.check_address.search(said.strip()):
        return FooterRequest("check", address)
    if patterns.about.search(said) is None or (
        not address and patterns.elsewhere.search(said) is not None
    ):
        return None
    if patterns.check.search(said):
        return FooterRequest("check", address)
    return FooterRequest("show", words=said) if patterns.show.search(said) else None


def _address(plain: str) -> str:
    for match in _ADDRESS.finditer(plain):
        host = match.group().partition("://")[2] or match.group()
        host = re.split(r"[/:]", host)[0]
        if not isinstance(parse_domain(host), Invalid):
            return match.group()
    bare = _NO_DOMAIN.search(plain)
    return bare.group() if bare is not None else ""


@cache
def footer_words() -> _Patterns:
    """The words for the footer; read once."""
    words = table_of("footer")

    def either(parts: Iterable[str]) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{part})" for part in parts))

    names = ("about", "check", "show", "elsewhere", "check_address")
    return _Patterns(*(either(words[name]) for name in names))
