"""工商注册号: the 15-digit registration number on business licences before the unified code."""

import re

from filing.identifiers.normalise import arabic_digits, compact
from filing.invalid import Invalid, invalid

_SHAPE = re.compile(r"\d{15}")
_LENGTH = 15


def parse_registration(text: str) -> str | Invalid:
    """Fifteen digits whose last one fits (ISO 7064 MOD 11,10)."""
    number = compact(arabic_digits(text))
    if len(number) != _LENGTH:
        return invalid("registration.length", length=len(number), expected=_LENGTH)
    if not _SHAPE.fullmatch(number):
        return invalid("registration.letters")
    return number if checks_out(number) else invalid("registration.checksum")


def checks_out(number: str) -> bool:
    """Whether the last digit fits the fourteen before it; needs the right shape."""
    from stdnum.iso7064 import mod_11_10  # imported on first use, see mod11

    return mod_11_10.is_valid(number)
