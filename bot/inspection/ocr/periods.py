"""Dates and periods as papers print them: 2016.03.01-2036.03.01, 自…至…, …至长期."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from filing.identifiers.dates import PERMANENT, find_dates
from filing.identifiers.normalise import half_width
from filing.simplified import simplify

_FOREVER: Final = re.compile(r"长期|永久|无固定期限|不约定期限")
_DIGITS: Final = re.compile(r"\d+")
_CARD_YEARS: Final = frozenset({5, 10, 20})


@dataclass(frozen=True, slots=True)
class Period:
    """From when and until when (ISO dates, ``permanent``), None where it does not say."""

    begins: str | None = None
    ends: str | None = None


def day(text: str) -> str | None:
    """The one date a text is, as ISO date; None where it is none, or more is left over."""
    found = find_dates(half_width(text))
    return found[0][2] if len(found) == 1 and _all_read(text, len(found)) else None


def period(text: str) -> Period | None:
    """A period with an end; None where one cannot be made out without doubt."""
    plain = simplify(half_width(text))
    found = [iso for _, _, iso in find_dates(plain)]
    if not _all_read(plain, len(found)):
        return None
    if len(found) == 2 and found[0] < found[1] and not _FOREVER.search(plain):
        return Period(found[0], found[1])
    if len(found) <= 1 and _FOREVER.search(plain):
        return Period(found[0] if found else None, PERMANENT)
    return None


def is_of_a_card(one: Period) -> bool:
    """Whether an ID card could be valid so: 5, 10 or 20 years to the day, or without end."""
    if one.begins is None or one.ends is None:
        return False
    if one.ends == PERMANENT:
        return True
    begins, ends = date.fromisoformat(one.begins), date.fromisoformat(one.ends)
    if (begins.month, begins.day) == (2, 29):
        return ends.year - begins.year in _CARD_YEARS and (ends.month, ends.day) in (
            (2, 29),
            (3, 1),
        )
    same_day = (begins.month, begins.day) == (ends.month, ends.day)
    return same_day and ends.year - begins.year in _CARD_YEARS


def _all_read(text: str, dates: int) -> bool:
    """Whether there are no digits beside those of that many dates."""
    runs = _DIGITS.findall(half_width(text))
    return len(runs) in (3 * dates, dates)
