"""Filing numbers as the ministry gives them: of the subject, and of each website behind it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from filing.invalid import Invalid, invalid
from filing.provinces import PROVINCES
from filing.simplified import simplify

_LETTERS = "".join(province.abbr for province in PROVINCES)
_NUMBER = re.compile(
    rf"(?:(?P<letter>[{_LETTERS}])\s*ICP\s*备案?\s*(?:第\s*)?(?P<serial>\d{{8}}|\d{{10}})(?!\d)\s*号?"
    rf"|(?<![A-Z0-9])(?P<b2>[{_LETTERS}]?\s*B[12]\s*-\s*\d{{8}})(?!\d)"
    rf"|(?P<old>[{_LETTERS}]\s*ICP\s*证\s*(?:B2\s*-\s*)?\d{{6,8}})(?!\d)\s*号?)"
    r"(?:\s*[-—–－_]\s*(?P<service>[1-9]\d{0,4})(?!\d)(?P<sort>[AXK](?![A-Z]))?)?",
    re.IGNORECASE,
)
# Characters of no width: copied along from an editor, they part a number that looks whole.
_NO_WIDTH = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), " ")


@dataclass(frozen=True, slots=True)
class FilingNumber:
    """备案号, e.g. 苏ICP备2026000001号-1.

    ``subject_number`` is the part that belongs to the subject (主体备案号); whoever has a licence
    to operate (经营许可证) is filed under that one's number: 京ICP证030173号, 粤B2-20090059.
    ``service`` is the website's own number, or None for the subject's; ``sort`` is A (App), X, K
    or "". ``as_written`` is how it stood in a text: it may lack the 号 or hold blanks.
    """

    subject_number: str
    service: int | None = None
    sort: str = ""
    as_written: str = ""

    @property
    def letter(self) -> str:
        """The province's letter; "" for a licence that holds everywhere (B2-…)."""
        return self.subject_number[0] if self.subject_number[0] in _LETTERS else ""

    @property
    def is_licence(self) -> bool:
        """Whether it is a licence to operate rather than a filing."""
        return "ICP备" not in self.subject_number

    @property
    def full(self) -> str:
        """The number in its official form, with the website's where there is one."""
        tail = "" if self.service is None else f"-{self.service}{self.sort}"
        return self.subject_number + tail

    @property
    def written_well(self) -> bool:
        """Whether it stood in the text in its official form; blanks in it do not count."""
        return "".join(self.as_written.split()) in ("", self.full)

    def same_subject(self, other: "FilingNumber") -> bool:
        """Whether both belong to one subject."""
        return self.subject_number == other.subject_number


def parse_filing_number(text: str) -> FilingNumber | Invalid:
    """Read one number, kindly: full-width, with blanks, without 号.

    Invalid ``filing_number.format``, or ``filing_number.several`` for more than one.
    """
    found = {one.full: one for one in find_filing_numbers(text)}
    if not found:
        return invalid("filing_number.format")
    if len(found) > 1:
        return invalid("filing_number.several", count=len(found))
    return next(iter(found.values()))


def find_filing_numbers(text: str) -> Iterator[FilingNumber]:
    """Every number in a text, in order, however it is written."""
    for number, _ in filing_numbers_in(text):
        yield number


def filing_numbers_in(text: str) -> Iterator[tuple[FilingNumber, slice]]:
    """Every number in a text with the place where it stands."""
    for match in _NUMBER.finditer(narrow(text)):
        service, place = match["service"], slice(match.start(), match.end())
        yield (
            FilingNumber(
                _subject_number(match),
                None if service is None else int(service),
                (match["sort"] or "").upper(),
                text[place].strip(),
            ),
            place,
        )


def narrow(text: str) -> str:
    """Full-width and traditional characters as their plain twins, one for one.

    Places stay the same; what has no width becomes a blank.
    """
    narrow = (unicodedata.normalize("NFKC", one) for one in text.translate(_NO_WIDTH))
    return simplify(
        "".join(short if len(short) == 1 else one for one, short in zip(text, narrow, strict=True))
    )


def _subject_number(match: re.Match[str]) -> str:
    if match["serial"]:
        return f"{match['letter']}ICP备{match['serial']}号"
    if match["b2"]:
        return "".join(match["b2"].split()).upper()
    return "".join(match["old"].split()).upper() + "号"
