"""居民身份证 (GB 11643): the number on a mainland resident's ID card."""

import re
from datetime import date
from enum import StrEnum

from filing.identifiers import mod11
from filing.invalid import Invalid, invalid
from filing.regions import division

_FIRST_BIRTH_YEAR = 1880  # nobody older lives; an earlier year is a slip of the keys
_OLD = re.compile(r"[1-8]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]")


class Sex(StrEnum):
    """What the 17th digit says: odd for men, even for women."""

    MALE = "male"
    FEMALE = "female"


def parse_id_card(text: str, today: date) -> str | Invalid:
    """The 18-character number, upper case.

    Refused: another length (``id_card.length``), a first-generation number
    (``id_card.old_fifteen``), wrong characters (``id_card.letters``), no such province or
    birth date, a birth date after ``today``, a check character that does not fit, and the
    numbers of residence permits and permanent residents (``certificate.looks_like``).
    """
    number = mod11.personal_number(text)
    if len(number) != mod11.LENGTH:
        if _OLD.fullmatch(number):
            return invalid("id_card.old_fifteen")
        return invalid("id_card.length", length=len(number), expected=mod11.LENGTH)
    if not mod11.has_shape(number):
        return invalid("id_card.letters")
    if number[:2] in ("81", "82", "83") and mod11.checks_out(number):
        return invalid("certificate.looks_like", looks_like="hk_mo_tw_residence_permit")
    if number[0] == "9" and mod11.checks_out(number):
        return invalid("certificate.looks_like", looks_like="foreign_permanent_resident")
    return check_personal(number, "id_card", today)


def check_personal(number: str, kind: str, today: date) -> str | Invalid:
    """Judge province (ID card only), birth date and check character of a well-shaped number."""
    if kind == "id_card" and not _PROVINCE.match(number):
        return invalid("id_card.province")
    born = mod11.birth_date(number)
    if born is None or born.year < _FIRST_BIRTH_YEAR:
        return invalid(f"{kind}.birth_date")
    if born > today:
        return invalid(f"{kind}.birth_date_future")
    if not mod11.checks_out(number):
        return invalid(f"{kind}.checksum")
    return number


def birth_date(number: str) -> date | None:
    """The holder's birth date, or None if ``number`` is no 18-character personal number."""
    return mod11.birth_date(number) if mod11.has_shape(number) else None


def age(number: str, on: date) -> int | None:
    """The holder's age in full years on a day, or None without a birth date."""
    born = birth_date(number)
    return None if born is None else mod11.age_on(born, on)


def sex(number: str) -> Sex:
    """The holder's sex by the 17th digit of a valid number."""
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def county_code(number: str) -> str:
    """The six-digit code of the county that issued the first card."""
    return number[:6]


def county_is_known(number: str) -> bool:
    """Whether that county stands, or since 1980 stood, in the tables.

    The tables have gaps, so an unknown county is worth a second look, never a refusal.
    """
    return division(number[:6]) is not None
