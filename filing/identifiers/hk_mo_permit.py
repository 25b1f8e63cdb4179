"""港澳居民来往内地通行证: the mainland travel permit of Hong Kong and Macao residents."""

import re

from filing.identifiers.normalise import compact
from filing.invalid import Invalid, invalid

_SHAPE = re.compile(r"[HM]\d{8}(?:\d{2})?")


def parse_hk_mo_permit(text: str) -> str | Invalid:
    """H (Hong Kong) or M (Macao) with eight digits, upper case.

    Older permits add two digits that count the renewals. No check digit is published.
    """
    number = compact(text)
    if _SHAPE.fullmatch(number):
        return number
    if len(number) not in (9, 11):
        return invalid("hk_mo_permit.length", length=len(number))
    return invalid("hk_mo_permit.letters")


def home(number: str) -> str:
    """Where the holder comes from: ``hong_kong`` or ``macao``."""
    return "hong_kong" if number[0] == "H" else "macao"


def renewals(number: str) -> int | None:
    """How often an older permit was renewed, or None for one that does not say."""
    return int(number[9:]) if len(number) == 11 else None
