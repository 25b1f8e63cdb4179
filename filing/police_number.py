"""Numbers the public security gives to filed websites (公安联网备案号)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from filing.filing_number import narrow
from filing.invalid import Invalid, invalid
from filing.provinces import PROVINCES

_LETTERS = "".join(province.police_abbr for province in PROVINCES)
_NUMBER = re.compile(rf"([{_LETTERS}])\s*公网安备\s*(\d{{10,18}})\s*号?")
_USUAL_DIGITS = 14

HOST = "beian.mps.gov.cn"
FORMER_HOSTS = frozenset({"beian.gov.cn", "www.beian.gov.cn"})
"""The public security's site, and where it was before."""

QUERY = f"https://{HOST}/#/query/webSearch?code={{digits}}"
"""Where a number is looked up; the badge's link."""


@dataclass(frozen=True, slots=True)
class PoliceNumber:
    """京公网安备11010502030143号: the province's letter and, as a rule, fourteen digits."""

    letter: str
    digits: str

    @property
    def full(self) -> str:
        """The number in its official form."""
        return f"{self.letter}公网安备{self.digits}号"

    @property
    def is_usual(self) -> bool:
        """Whether it has the usual fourteen digits."""
        return len(self.digits) == _USUAL_DIGITS

    @property
    def link(self) -> str:
        """Where it is looked up."""
        return QUERY.format(digits=self.digits)


def parse_police_number(text: str) -> PoliceNumber | Invalid:
    """Read one number. Invalid ``police_number.format``."""
    found = next(find_police_numbers(text), None)
    return invalid("police_number.format") if found is None else found


def find_police_numbers(text: str) -> Iterator[PoliceNumber]:
    """Every number in a text, in order."""
    for number, _ in police_numbers_in(text):
        yield number


def police_numbers_in(text: str) -> Iterator[tuple[PoliceNumber, slice]]:
    """Every number in a text with the place where it stands."""
    for match in _NUMBER.finditer(narrow(text)):
        yield PoliceNumber(match.group(1), match.group(2)), slice(match.start(), match.end())


def digits_linked(url: str) -> str | None:
    """The number a badge's link looks up, on the present site or the former one."""
    try:
        parts = urlsplit(url)
        asked = parse_qs(parts.query) | parse_qs(urlsplit(parts.fragment).query)
    except ValueError:
        return None
    for name in ("code", "recordcode"):
        if name in asked:
            return asked[name][0]
    return None
