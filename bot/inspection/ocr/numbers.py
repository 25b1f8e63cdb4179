"""Numbers whose check characters prove them: as read, or with one sign put right.

A text reader takes O for 0 or B for 8. One such slip is put right only where exactly one way of
doing so makes every check fit; anything else is left to the applicant.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final

from filing.identifiers import mod11, uscc
from filing.identifiers.hk_mo_permit import parse_hk_mo_permit
from filing.identifiers.id_card import parse_id_card
from filing.identifiers.normalise import compact
from filing.identifiers.residence_permit import parse_residence_permit
from filing.identifiers.taiwan_permit import parse_taiwan_permit

_RUN: Final = re.compile(r"[0-9A-Z]+")
_LENGTH: Final = 18

_TAKEN_FOR: Final = {
    "0": "DQ",
    "1": "LT7",
    "2": "7",
    "3": "8",
    "5": "6",
    "6": "5G8",
    "7": "1T",
    "8": "B36",
    "B": "8",
    "C": "G",
    "D": "0",
    "G": "6C",
    "I": "1",
    "L": "1",
    "O": "0DQ",
    "Q": "0",
    "S": "5",
    "T": "71",
    "V": "UY",
    "X": "Y",
    "Y": "X",
    "Z": "2",
}
"""What a sign may be in truth; I, O, S, V and Z never stand in a unified code."""

_DIGIT_OF: Final = {"O": "0", "D": "0", "Q": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8"}
"""Letters that cannot stand in a personal number, and the digit each resembles."""


def unified_code(texts: Iterable[str]) -> str | None:
    """The one unified code in these texts; None if there is none, or more than one."""
    runs = tuple(_runs(texts))
    return _only(run for run in runs if uscc.has_shape(run) and uscc.checks_out(run)) or _only(
        mended for run in runs for mended in _mended(run, _TAKEN_FOR, _is_surely_a_code)
    )


def codes_of_symbols(symbols: Iterable[str]) -> str | None:
    """The one unified code that the QR codes of a page hold, in whatever words or address."""
    return _only(
        run
        for symbol in symbols
        for run in re.findall(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])", symbol.upper())
        if uscc.has_shape(run) and uscc.checks_out(run)
    )


def personal_number(texts: Iterable[str], today: date) -> str | None:
    """The one number of an ID card or residence permit; None if none or more than one."""

    def fits(number: str) -> bool:
        return any(
            isinstance(read(number, today), str) for read in (parse_id_card, parse_residence_permit)
        )

    runs = tuple(_runs(texts))
    as_read = (run for run in runs if mod11.has_shape(run) and fits(run))
    return _only(as_read) or _only(
        mended
        for run in runs
        if sum(sign in _DIGIT_OF for sign in run) == 1
        for mended in _mended(run, _DIGIT_OF, fits)
    )


def permit_number(texts: Iterable[str], *, taiwan: bool) -> str | None:
    """The one number of a permit to travel to the mainland; None if none or more than one."""
    read = parse_taiwan_permit if taiwan else parse_hk_mo_permit
    shape = re.compile(r"\d{8}" if taiwan else r"[HM]\d{8}")
    found = (read(run) for text in texts for run in _pieces(text) if shape.fullmatch(run))
    return _only(one for one in found if isinstance(one, str))


def _only(found: Iterable[str]) -> str | None:
    all_found = set(found)
    return all_found.pop() if len(all_found) == 1 else None


def _pieces(text: str) -> list[str]:
    return _RUN.findall(compact(text))


def _runs(texts: Iterable[str]) -> Iterator[str]:
    """Runs of letters and digits as long as a code, also where blanks stand between groups."""
    for text in texts:
        yield from (run for run in _pieces(text) if len(run) == _LENGTH)


def _is_surely_a_code(code: str) -> bool:
    return uscc.has_shape(code) and uscc.checks_out(code) and uscc.organisation_fits(code)


def _mended(run: str, taken_for: dict[str, str], fits: Callable[[str], bool]) -> tuple[str, ...]:
    """The run with one sign put right, in every way that fits."""
    return tuple(
        mended
        for place, sign in enumerate(run)
        for other in taken_for.get(sign, "")
        if fits(mended := f"{run[:place]}{other}{run[place + 1 :]}")
    )
