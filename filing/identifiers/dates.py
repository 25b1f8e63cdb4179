"""Dates as people type them: 2027-03-01, 2027年3月1日, 20270301, 1 March 2027, 长期."""

import re
from datetime import date, timedelta

from filing.identifiers.normalise import half_width
from filing.invalid import Invalid, invalid
from filing.simplified import simplify

PERMANENT = "permanent"
"""The value of an expiry without end (长期)."""

_PERMANENT = re.compile(
    r"(?:.*\D)?(?:长期(?:有效)?|永久(?:有效)?|无(?:固定)?期限|无限期)"
    r"|(?:.*\D)?(?:没|没有|未)(?:写|标|注明|写明|标明|限|设)?(?:到期|截止|终止|有效期?|期限)+(?:日期?|时间|限)?|"
    r"(?:permanent|long[ -]?term|indefinite|no expiry|does not expire)",
    re.IGNORECASE,
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_NUMERIC = re.compile(r"(\d{4})\s*[年\-/.]\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})\s*[日号]?")
_SOLID = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_DAY_FIRST = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+(\d{{4}})", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})", re.IGNORECASE)
_WITHOUT_DAY = re.compile(r"\d{4}\s*(?:[年\-/.]\s*\d{1,2}\s*月?|年)(?:份|初|中|底|末)?")
_SMALL_YEAR_LAST = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}")
_CHINESE = re.compile(r"[〇○零一二三四五六七八九十]+(?=[年月日号])")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_RELATIVE = {
    "今天": 0,
    "今日": 0,
    "today": 0,
    "昨天": -1,
    "昨日": -1,
    "yesterday": -1,
    "前天": -2,
    "大前天": -3,
    "明天": 1,
    "tomorrow": 1,
}
_YEARS_FROM_NOW = {
    "前年": -2,
    "去年": -1,
    "上年": -1,
    "今年": 0,
    "本年": 0,
    "明年": 1,
    "来年": 1,
    "后年": 2,
    "大后年": 3,
}
_RELATIVE_YEAR = re.compile(
    rf"({'|'.join(sorted(_YEARS_FROM_NOW, reverse=True))})的?"
    r"([\d一二三四五六七八九十]{1,3})月(?:份的?)?([\d一二三四五六七八九十]{1,3})[日号]?"
)
_FROM_TO = re.compile(r"\s*(?:-|~|至|到|to)\s*", re.IGNORECASE)


def parse_date(text: str, today: date) -> str | Invalid:
    """An ISO date. 今天 and 昨天 count from ``today``.

    Codes ``date.*``: ``form``, ``day_missing``, ``ambiguous`` (03/04/2027), ``impossible``.
    """
    found = _read(text, today)
    return found if isinstance(found, Invalid) else found.isoformat()


def parse_expiry(text: str, today: date) -> str | Invalid:
    """The last valid day as ISO date, ``permanent`` for 长期; of a period, its end.

    A day before ``today`` is refused as ``date.expired``.
    """
    plain = simplify(half_width(text))
    if _PERMANENT.fullmatch(plain.strip(" 。.()")):
        return PERMANENT
    found = _read(_end_of_period(plain), today)
    if isinstance(found, Invalid):
        return found
    return found.isoformat() if found >= today else invalid("date.expired")


def parse_past_date(text: str, today: date) -> str | Invalid:
    """A day not after ``today`` as ISO date; a later one is refused as ``date.in_future``."""
    found = _read(text, today)
    if isinstance(found, Invalid):
        return found
    return found.isoformat() if found <= today else invalid("date.in_future")


def find_dates(text: str, today: date | None = None) -> tuple[tuple[int, int, str], ...]:
    """Dates written out in a sentence as (start, end, ISO date), in order of appearance.

    去年 and 明年 count from ``today``; without it such dates are passed over.
    """
    found: list[tuple[int, int, str]] = []
    for pattern in (_NUMERIC, _SOLID):
        for match in pattern.finditer(text):
            one = _date(*match.groups())
            if isinstance(one, date) and one.year >= 1900:
                found.append((match.start(), match.end(), one.isoformat()))
    if today is not None:
        for match in _RELATIVE_YEAR.finditer(simplify(text)):
            day = _in_year(match, today)
            if isinstance(day, date):
                found.append((match.start(), match.end(), day.isoformat()))
    return tuple(sorted(found))


def _end_of_period(plain: str) -> str:
    """The later end of ``2017.03.01-2037.03.01``, or the text itself."""
    ends = [*_NUMERIC.finditer(plain)] or [*_SOLID.finditer(plain)]
    if len(ends) == 2 and _FROM_TO.fullmatch(plain[ends[0].end() : ends[1].start()]):
        return ends[1].group()
    return plain


def _read(text: str, today: date) -> date | Invalid:
    plain = simplify(half_width(text)).strip(" 。.,，")
    if not plain:
        return invalid("text.empty")
    if plain.lower() in _RELATIVE:
        return today + timedelta(days=_RELATIVE[plain.lower()])
    if match := _RELATIVE_YEAR.fullmatch(plain):
        return _in_year(match, today)
    plain = _CHINESE.sub(_arabic, plain)
    for pattern in (_NUMERIC, _SOLID):
        if match := pattern.fullmatch(plain):
            return _date(*match.groups())
    if match := _DAY_FIRST.fullmatch(plain):
        day, month, year = match.groups()
        return _date(year, _month(month), day)
    if match := _MONTH_FIRST.fullmatch(plain):
        month, day, year = match.groups()
        return _date(year, _month(month), day)
    if _WITHOUT_DAY.fullmatch(plain):
        return invalid("date.day_missing")
    return invalid("date.ambiguous" if _SMALL_YEAR_LAST.fullmatch(plain) else "date.form")


def _in_year(match: re.Match[str], today: date) -> date | Invalid:
    """明年六月三十号, counted from ``today``."""
    year, month, day = match.groups()
    return _date(str(today.year + _YEARS_FROM_NOW[year]), _number(month), _number(day))


def _number(said: str) -> str:
    return _CHINESE.sub(_arabic, f"{said}日").removesuffix("日")


def _month(name: str) -> str:
    return str(_MONTHS.index(name.lower()[:3]) + 1)


def _date(year: str, month: str, day: str) -> date | Invalid:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return invalid("date.impossible")


def _arabic(found: re.Match[str]) -> str:
    """二〇二七 as 2027, 十二 as 12, 二十一 as 21."""
    number = found.group()
    if "十" not in number:
        return number.translate(_CHINESE_DIGITS)
    tens, _, ones = number.partition("十")
    return (tens.translate(_CHINESE_DIGITS) or "1") + (ones.translate(_CHINESE_DIGITS) or "0")
