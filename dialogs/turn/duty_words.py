"""Reading what people say about deadlines: the list, quiet hours, and dates that start one."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from dialogs.understanding.tables import table_of
from filing.identifiers.dates import find_dates
from filing.identifiers.normalise import half_width
from filing.simplified import simplify

_LONGEST: Final = 60
_MONTH_DAY: Final = re.compile(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
_YEAR: Final = re.compile(r"\d{4}")
_ASKS: Final = re.compile(
    r"[?？]|怎么|怎样|什么|如何|多久|多少|会不会|要不要|能不能|可不可以|吗|呢"
    r"|\b(how|what|when|can|should|do i)\b",
    re.IGNORECASE,
)
_HOURS: Final = re.compile(
    r"(\d{1,2})\s*(?:[:：]\s*00|点钟?|时)?\s*(?:-|–|—|~|～|到|至|to|until)\s*(?:次日|第二天|早上?)?"
    r"\s*(\d{1,2})"
)


@dataclass(frozen=True, slots=True)
class DutySaid:
    """``list``, ``why``, ``quiet`` with its hours, or what a date is of (``filing.event``)."""

    about: str
    hours: tuple[int, int] = (22, 8)
    on: str = ""  # ISO date
    who: str | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    list: re.Pattern[str]
    why: re.Pattern[str]
    quiet: re.Pattern[str]
    quiet_off: re.Pattern[str]
    dates: tuple[tuple[str, str | None, bool, re.Pattern[str]], ...]  # of what, whose, to come


@cache
def duty_words() -> _Words:
    """The words for duties and reminders; read once."""
    data = table_of("duties")

    def pattern(name: str) -> re.Pattern[str]:
        return re.compile("|".join(data[name]), re.IGNORECASE)

    return _Words(
        pattern("list"),
        pattern("why"),
        pattern("quiet"),
        pattern("quiet_off"),
        tuple(
            (
                one["what"],
                one.get("who"),
                one.get("to_come", True),
                re.compile("|".join(one["words"]), re.IGNORECASE),
            )
            for one in data["dates"]
        ),
    )


def read_duty(text: str, today: date, *, after_handing_in: bool) -> DutySaid | None:
    """What a message says of deadlines; None if it says nothing of the kind.

    Dates are only read once the form is handed in: before, they are answers to its questions.
    """
    plain = simplify(half_width(text)).strip(" 。.!！?？~").strip()
    if len(plain) > _LONGEST:
        return None
    words = duty_words()
    if words.list.fullmatch(plain):
        return DutySaid("list")
    if words.why.fullmatch(plain):
        return DutySaid("why")
    if words.quiet_off.fullmatch(plain):
        return DutySaid("quiet", hours=(0, 0))
    if words.quiet.match(plain):
        return _quiet(plain)
    return _dated(plain, today) if after_handing_in and not _ASKS.search(text) else None


def _quiet(plain: str) -> DutySaid:
    found = _HOURS.search(plain)
    if found is None:
        return DutySaid("quiet")
    begins, ends = int(found[1]) % 24, int(found[2]) % 24
    return DutySaid("quiet", hours=(begins, ends))


def _dated(plain: str, today: date) -> DutySaid | None:
    """The one matter whose words the message holds, with its one date."""
    for what, who, to_come, pattern in duty_words().dates:
        if pattern.search(plain) is None:
            continue
        on = _date_in(plain, today, to_come=to_come)
        if on is None:
            return None
        return DutySaid(what, on=on.isoformat(), who=who)
    return None


def _date_in(plain: str, today: date, *, to_come: bool) -> date | None:
    short = None if _YEAR.search(plain) else _MONTH_DAY.search(plain)
    if short is None:
        found = find_dates(plain, today)
        if found:
            return date.fromisoformat(found[0][2])
        return None if to_come else today
    for year in (today.year, today.year + 1) if to_come else (today.year, today.year - 1):
        try:
            day = date(year, int(short[1]), int(short[2]))
        except ValueError:
            return None
        if (day >= today) if to_come else (day <= today):
            return day
    return None
