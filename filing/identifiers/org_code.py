"""组织机构代码 (GB 11714): the nine-character code of a body before the unified code."""

import re

from filing.identifiers.normalise import compact
from filing.invalid import Invalid, invalid

_SHAPE = re.compile(r"[0-9A-Z]{8}[0-9X]")
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_LENGTH = 9


def parse_org_code(text: str) -> str | Invalid:
    """Eight letters or digits and the check character, upper case, without the dash."""
    code = compact(text)
    if len(code) != _LENGTH:
        return invalid("org_code.length", length=len(code), expected=_LENGTH)
    if not _SHAPE.fullmatch(code):
        return invalid("org_code.letters")
    return code if checks_out(code) else invalid("org_code.checksum")


def checks_out(code: str) -> bool:
    """Whether the ninth character fits the eight before it; needs the right shape."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(code[:8], _WEIGHTS, strict=True))
    return code[8] == "0123456789X0"[11 - total % 11]
