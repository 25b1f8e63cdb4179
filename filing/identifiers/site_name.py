"""网站名称: the form of a website's name; what it may say is the rulebook's affair."""

import re

from filing.identifiers.normalise import one_line
from filing.invalid import Invalid, invalid

SHORTEST, LONGEST = 2, 40

_QUOTES = "\"'“”‘’《》「」『』 。.，,"
_BLANK_BY_CHINESE = re.compile(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])")
_ADDRESS = re.compile(r"https?://|www\.|@", re.IGNORECASE)
_LETTER = re.compile(r"[^\W_]")


def parse_site_name(text: str) -> str | Invalid:
    """The name on one line, without quotation marks around it.

    Codes: ``text.too_short``, ``text.too_long``, ``site_name.address`` (a web or e-mail
    address), ``site_name.no_letters``.
    """
    name = one_line(text).strip(_QUOTES)
    while (stripped := _BLANK_BY_CHINESE.sub("", name).strip(_QUOTES)) != name:
        name = stripped
    if not name:
        return invalid("text.empty")
    if _ADDRESS.search(name):
        return invalid("site_name.address")
    if len(name) < SHORTEST:
        return invalid("text.too_short", min=SHORTEST)
    if len(name) > LONGEST:
        return invalid("text.too_long", max=LONGEST)
    return name if _LETTER.search(name) else invalid("site_name.no_letters")
