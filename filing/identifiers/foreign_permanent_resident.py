"""外国人永久居留身份证: the card of foreigners who live in China permanently."""

import re
from datetime import date

from filing.identifiers import mod11
from filing.identifiers.id_card import check_personal
from filing.invalid import Invalid, invalid

_OLD = re.compile(r"[A-Z]{3}\d{12}")
_LENGTHS = (15, mod11.LENGTH)


def parse_permanent_resident(text: str, today: date) -> str | Invalid:
    """The number of a card of either form, upper case.

    Cards issued since 2023-12-01 carry 18 characters starting with 9, built like an ID card's
    number; older ones, valid until they expire, three letters and twelve digits.
    """
    number = mod11.personal_number(text)
    if _OLD.fullmatch(number):
        return number
    if len(number) not in _LENGTHS:
        return invalid("permanent_resident.length", length=len(number))
    if len(number) == mod11.LENGTH and mod11.has_shape(number):
        if number[0] != "9":
            if mod11.checks_out(number):
                return invalid("certificate.looks_like", looks_like=_other_card(number))
            return invalid("permanent_resident.prefix")
        return check_personal(number, "permanent_resident", today)
    return invalid("permanent_resident.letters")


def _other_card(number: str) -> str:
    return "hk_mo_tw_residence_permit" if number[:2] in ("81", "82", "83") else "id_card"
