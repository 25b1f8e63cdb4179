"""单位名称: the name of a body, word for word as its certificate prints it."""

import re

from filing.identifiers.normalise import aligned, one_line
from filing.invalid import Invalid, invalid

SHORTEST, LONGEST = 2, 100

_BLANK_BY_CHINESE = re.compile(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])")
_LETTER = re.compile(r"[^\W\d_]")
_ODD = re.compile(r"[?？!！@＠#$%^*=<>{}\[\]|\\~`;；\"]")
_ENDS = " 。，,、;；:："
_BRACKETS = str.maketrans("（）【】〔〕[]", "()()()()")


def parse_org_name(text: str) -> str | Invalid:
    """The name, brackets kept as typed, no blanks beside Chinese characters.

    Codes: ``text.too_short``, ``text.too_long``, ``org_name.characters`` (signs no register
    allows), ``org_name.no_letters``.
    """
    name = one_line(text).strip(_ENDS)
    while (stripped := _BLANK_BY_CHINESE.sub("", name).strip(_ENDS)) != name:
        name = stripped
    if not name:
        return invalid("text.empty")
    if len(name) < SHORTEST:
        return invalid("text.too_short", min=SHORTEST)
    if len(name) > LONGEST:
        return invalid("text.too_long", max=LONGEST)
    if _ODD.search(name):
        return invalid("org_name.characters")
    return name if _LETTER.search(name) else invalid("org_name.no_letters")


def same_name(one: str, other: str) -> bool:
    """Whether two names differ in nothing but the width of brackets, letters and blanks."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return aligned(name).replace(" ", "").translate(_BRACKETS).casefold()
