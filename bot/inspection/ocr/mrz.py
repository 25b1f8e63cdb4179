"""The two lines for machines at the foot of a passport's page (ICAO Doc 9303, part 4)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from filing.identifiers.normalise import half_width

_LENGTH: Final = 44
_NAMES: Final = re.compile(r"P[A-Z<]([A-Z]{3})([A-Z]+(?:<[A-Z]+)*)<<([A-Z]+(?:<[A-Z]+)*)<*")
_SECOND: Final = re.compile(r"[A-Z0-9<]{9}\d[A-Z<]{3}\d{6}\d[MFX<]\d{6}\d[A-Z0-9<]{14}[\d<]\d")
_LETTERS: Final = str.maketrans("01258|", "OIZSBI")
_DIGITS: Final = str.maketrans("OQDIZSB", "0001258")
_CHINA: Final = "CHN"
_CENTURY: Final = 2000
"""No passport that is still of use ended its validity earlier."""


@dataclass(frozen=True, slots=True)
class PassportLines:
    """What the lines say; ``name`` is None where it is unsure."""

    number: str
    valid_until: date
    name: str | None


def check_digit(text: str) -> str:
    """The check digit of a field: weights 7, 3, 1; A is 10, < is 0."""
    total = 0
    for place, sign in enumerate(text):
        value = 0 if sign == "<" else int(sign, 36)
        total += value * (7, 3, 1)[place % 3]
    return str(total % 10)


def passport_lines(texts: Iterable[str]) -> PassportLines | None:
    """The lines among these texts; None unless every check digit of the second one fits."""
    lines = [_signs(text) for text in texts]
    second = next((fitting for line in lines if (fitting := _fitted(line))), None)
    if second is None:
        return None
    ends = second[21:27]
    try:
        until = date(_CENTURY + int(ends[:2]), int(ends[2:4]), int(ends[4:]))
    except ValueError:
        return None
    return PassportLines(second[:9].strip("<"), until, _name(lines, second[10:13]))


def _name(lines: Sequence[str], state: str) -> str | None:
    """The name in the first line, which bears no check digit, if the page prints it above too."""
    letters = [line.translate(_LETTERS) for line in lines]
    found = [
        match for line in letters if len(line) == _LENGTH and (match := _NAMES.fullmatch(line))
    ]
    if len(found) != 1 or found[0].group(1) != state or state == _CHINA:
        return None  # a Chinese name is not told from its transcription
    parts = [part.split("<") for part in found[0].groups()[1:]]
    others = "\n".join(line for line in letters if "<<" not in line)
    if not all(word in others for part in parts for word in part):
        return None
    return " ".join(" ".join(part) for part in parts)


def _signs(text: str) -> str:
    return half_width(text).upper().replace(" ", "").replace("«", "<<").replace("‹", "<")


def _fitted(line: str) -> str | None:
    """The second line with its run of fillers brought to the length, if its digits all fit."""
    if not 36 <= len(line) <= _LENGTH + 4 or "<" not in line[28:]:
        return None
    if len(line) != _LENGTH:  # readers lose count in a long row of fillers
        missing = _LENGTH - len(line)
        run = max(re.finditer(r"<+", line), key=lambda match: match.end() - match.start())
        length = run.end() - run.start() + missing
        if length < 1:
            return None
        line = line[: run.start()] + "<" * length + line[run.end() :]
    # Letters where only digits stand, and the other way round, are slips of the reader.
    line = (
        line[:9]
        + line[9].translate(_DIGITS)
        + line[10:13].translate(_LETTERS)
        + line[13:20].translate(_DIGITS)
        + line[20]
        + line[21:28].translate(_DIGITS)
        + line[28:43]
        + line[43].translate(_DIGITS)
    )
    return line if _SECOND.fullmatch(line) and _checks_out(line) else None


def _checks_out(line: str) -> bool:
    fields = ((line[:9], line[9]), (line[13:19], line[19]), (line[21:27], line[27]))
    whole = line[:10] + line[13:20] + line[21:43]
    return all(
        check_digit(field) == digit for field, digit in (*fields, (whole, line[43]))
    ) and line[42] in ("<", check_digit(line[28:42]))
