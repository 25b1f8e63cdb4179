"""The 18-character personal number of GB 11643: place, birth date, order, ISO 7064 MOD 11-2.

The ID card (居民身份证), the residence permit of Hong Kong, Macao and Taiwan residents
(港澳台居民居住证) and the 2023 permanent residence card (外国人永久居留身份证) share it.
"""

import re
from datetime import date

from filing.identifiers.normalise import arabic_digits, compact

LENGTH = 18

_SHAPE = re.compile(r"\d{17}[\dX]")
_LAST_SIGN = str.maketrans("×ХχΧ✕✖*", "XXXXXXX")  # what keyboards put for the check character X


def personal_number(text: str) -> str:
    """``text`` normalised as a personal number, whether it is one or not."""
    number = compact(arabic_digits(text))
    return number[:-1] + number[-1:].translate(_LAST_SIGN)


def has_shape(number: str) -> bool:
    """Whether it is 17 digits and a digit or X."""
    return _SHAPE.fullmatch(number) is not None


def checks_out(number: str) -> bool:
    """Whether the last character fits the 17 digits before it; needs the right shape."""
    from stdnum.cn import ric  # imported on first use: the library costs 30 ms at start-up

    return number[-1] == ric.calc_check_digit(number)


def birth_date(number: str) -> date | None:
    """The birth date in the number, or None where its digits are no date."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def age_on(born: date, day: date) -> int:
    """Full years of age on ``day``; one born on 29 February turns older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
