"""Certificate numbers without a published form: licences, permits and unit codes."""

import re

from filing.identifiers.normalise import half_width
from filing.invalid import Invalid, invalid

SHORTEST, LONGEST = 4, 30

_BLANKS = re.compile(r"\s+")
_SHAPE = re.compile(r"(?=.*\d)[A-Z0-9\u4e00-\u9fff()\[\]\-_/.]+")


def parse_free_code(text: str) -> str | Invalid:
    """4 to 30 letters, digits and Chinese characters, at least one digit, upper case.

    Brackets and dashes belong to such numbers (苏(2020)第001号) and stay.
    """
    code = _BLANKS.sub("", half_width(text)).upper().strip(".-_/")
    if not SHORTEST <= len(code) <= LONGEST:
        return invalid("certificate.length", min=SHORTEST, max=LONGEST)
    return code if _SHAPE.fullmatch(code) else invalid("certificate.letters")
