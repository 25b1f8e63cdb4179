"""Numbers that an article states by itself, where a dated rule should stand."""

import re
from collections.abc import Iterator

EXAMPLE = "{# example #}"
"""Marks a line whose numbers are no facts."""

_TEMPLATE = re.compile(r"\{([{%#]).*?[}%#]\}", re.DOTALL)
_YEAR = re.compile(r"(?:19|20)\d\d\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?")

_LENGTHS = r"(?:个)?(?:工作日|自然日|小时|分钟|天|日|周岁|周|岁|个月|年)|(?:万|千|百)*元"
_SIZES = r"%|[KMG]B?\b|兆|像素|次|位|个?字|人|家|个(?:域名|网站|账号|IP)"
_ENGLISH = (
    r"(?:(?:working|business|calendar|natural)\s+)?(?:day|hour|minute|week|month|year)s?\b"
    r"|yuan\b|RMB\b|CNY\b|times\b|characters?\b|digits?\b|per\s?cent\b"
)
_DIGITS = rf"[0-9０-９][0-9０-９,.]*\s*(?:余|多)?(?:(?:{_LENGTHS}|{_SIZES})|[\s-]*(?:{_ENGLISH}))"
# One and two are words as often as numbers: 一天, 两次.
_SPOKEN = rf"(?:[三四五六七八九十百千]|[一二]十)[一二三四五六七八九十百千]*\s*(?:{_LENGTHS})"
_WRITTEN = (
    r"\b(?:three|four|five|six|seven|eight|nine|ten|twelve|fifteen|eighteen|twenty|thirty|sixty"
    rf"|ninety)[\s-]+(?:{_ENGLISH})"
)
_FACT = re.compile(f"{_DIGITS}|{_SPOKEN}|{_WRITTEN}", re.IGNORECASE)


def bare_facts(body: str) -> Iterator[tuple[int, str]]:
    """Each number with its unit that no template gives, with its line counted from 0.

    Years and dates are let through, they name laws; so is a line marked as an example.
    """
    marked = body.splitlines()
    for number, line in enumerate(_TEMPLATE.sub(_blank, body).splitlines()):
        if EXAMPLE in marked[number]:
            continue
        for fact in _FACT.findall(_YEAR.sub(" ", line)):
            yield number, fact


def _blank(template: re.Match[str]) -> str:
    return "·" + "\n" * template[0].count("\n")
