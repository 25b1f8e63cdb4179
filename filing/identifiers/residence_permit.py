"""港澳台居民居住证: the residence permit of Hong Kong, Macao and Taiwan residents."""

import re
from datetime import date

from filing.identifiers import mod11
from filing.identifiers.id_card import check_personal
from filing.invalid import Invalid, invalid

_SHAPE = re.compile(r"8[123]0000\d{11}[\dX]")
_HOME = {"81": "hong_kong", "82": "macao", "83": "taiwan"}


def parse_residence_permit(text: str, today: date) -> str | Invalid:
    """The 18-character number: 810000, 820000 or 830000, birth date, order, check character.

    A mainland ID card's number is refused as ``certificate.looks_like``.
    """
    number = mod11.personal_number(text)
    if len(number) != mod11.LENGTH:
        return invalid("residence_permit.length", length=len(number), expected=mod11.LENGTH)
    if not mod11.has_shape(number):
        return invalid("residence_permit.letters")
    if not _SHAPE.fullmatch(number):
        if number[0] in "1234567" and mod11.checks_out(number):
            return invalid("certificate.looks_like", looks_like="id_card")
        return invalid("residence_permit.prefix")
    return check_personal(number, "residence_permit", today)


def home(number: str) -> str:
    """Where the holder comes from: ``hong_kong``, ``macao`` or ``taiwan``."""
    return _HOME[number[:2]]
