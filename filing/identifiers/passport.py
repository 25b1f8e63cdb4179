"""护照: passport numbers, Chinese and foreign."""

import re

from filing.identifiers.normalise import compact
from filing.invalid import Invalid, invalid

_CHINESE = re.compile(r"[EGDSPK][0-9A-Z]\d{7}")
_ANY = re.compile(r"(?=.*\d)[A-Z0-9]{5,17}")
_SHORTEST, _LONGEST = 5, 17


def parse_passport(text: str) -> str | Invalid:
    """Letters and digits, 5 to 17 characters, at least one digit, upper case.

    Every country numbers its passports its own way, so no more can be judged.
    """
    number = compact(text)
    if _ANY.fullmatch(number):
        return number
    if not _SHORTEST <= len(number) <= _LONGEST:
        return invalid("passport.length", min=_SHORTEST, max=_LONGEST)
    return invalid("passport.letters")


def is_chinese(number: str) -> bool:
    """Whether it is built like a Chinese passport's number (ordinary, service, diplomatic)."""
    return _CHINESE.fullmatch(number) is not None
