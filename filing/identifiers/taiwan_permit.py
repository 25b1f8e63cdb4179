"""台湾居民来往大陆通行证: the mainland travel permit of Taiwan residents."""

import re

from filing.identifiers.normalise import arabic_digits, compact
from filing.invalid import Invalid, invalid

_CURRENT = re.compile(r"\d{8}")
_OLD = re.compile(r"\d{10}[A-Z]?")


def parse_taiwan_permit(text: str) -> str | Invalid:
    """Eight digits; the booklets of before 2015 have ten and at times a letter.

    No check digit is published.
    """
    number = compact(arabic_digits(text))
    if _CURRENT.fullmatch(number) or _OLD.fullmatch(number):
        return number
    if not number.isdigit() and len(number) in (8, 10, 11):
        return invalid("taiwan_permit.letters")
    return invalid("taiwan_permit.length", length=len(number))


def is_old_booklet(number: str) -> bool:
    """Whether it is the number of a booklet, which is no longer issued."""
    return len(number) > 8
