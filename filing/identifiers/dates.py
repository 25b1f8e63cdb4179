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
_MONTHS_FROM_NOW = {
    "上上个": -2,
    "上上": -2,
    "上个": -1,
    "上": -1,
    "这个": 0,
    "这": 0,
    "本": 0,
    "下个": 1,
    "下": 1,
}
_RELATIVE_MONTH = re.compile(
    rf"({'|'.join(_MONTHS_FROM_NOW)})月(?:份的?|的)?([\d一二三四五六七八九十]{{1,3}})[日号]"
)
_SPANS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7}
_DAYS_AGO = re.compile(
    r"([\d一二两三四五六七八九十]{1,3})个?(天|日|周|星期|礼拜)(?:以|之)?([前后])"
)
_NO_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
_NO_DAY = re.compile(
    r"(?:大概|大约|差不多|好像|应该)?(?:是|在)?(?:"
    rf"(?:{'|'.join(_YEARS_FROM_NOW)})(?:的?[\d一二三四五六七八九十]{{1,3}}月份?|初|中|底|末)?"
    rf"|(?:{'|'.join(_MONTHS_FROM_NOW)})月份?(?:初|中|底|末)?"
    r"|(?:还有|还剩|剩|再过|大概|大约|约)*[\d一二两三四五六七八九十半]{1,3}(?:年|个?月)半?(?:多|左右)?"
    r"(?:(?:以|之)?[前后])?(?:到期|过期)?"
    r"|(?:上上|上|这|本|下)个?(?:周|星期|礼拜)|前几天|前段时间|前阵子|最近|年初|年底|月初|月底"
    r")(?:的时候|左右)?"
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
    """A day not after ``today`` as ISO date; a later one is refused as ``date.in_future``.

    A day without a year (10月8号) is the last such day gone by.
    """
    found = _last(text, today) or _read(text, today)
    if isinstance(found, Invalid):
        return found
    return found.isoformat() if found <= today else invalid("date.in_future")


def _last(text: str, today: date) -> date | None:
    match = _NO_YEAR.fullmatch(_CHINESE.sub(_arabic, half_width(text).strip(" 。.,，")))
    if match is None:
        return None
    days = (_date(str(year), *match.groups()) for year in (today.year, today.year - 1))
    return next((day for day in days if isinstance(day, date) and day <= today), None)


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
        plain = simplify(text)
        for pattern, read in _RELATIVES:
            for match in pattern.finditer(plain):
                day = read(match, today)
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
    for relative, read in _RELATIVES:
        if match := relative.fullmatch(plain):
            return read(match, today)
    if _NO_DAY.fullmatch(plain):
        return invalid("date.day_missing")
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


def _in_month(match: re.Match[str], today: date) -> date | Invalid:
    """上个月8号, counted from ``today``."""
    month, day = match.groups()
    first = today.year * 12 + today.month - 1 + _MONTHS_FROM_NOW[month]
    return _date(str(first // 12), str(first % 12 + 1), _number(day))


def _days_from(match: re.Match[str], today: date) -> date | Invalid:
    """三天前, 两个星期后, counted from ``today``."""
    amount, unit, way = match.groups()
    days = int(_number(amount.replace("两", "二"))) * _SPANS[unit]
    return today + timedelta(days=days if way == "后" else -days)


def _number(said: str) -> str:
    return _CHINESE.sub(_arabic, f"{said}日").removesuffix("日")


def _month(name: str) -> str:
    return str(_MONTHS.index(name.lower()[:3]) + 1)


def _date(year: str, month: str, day: str) -> date | Invalid:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return invalid("date.impossible")


_RELATIVES = ((_RELATIVE_YEAR, _in_year), (_RELATIVE_MONTH, _in_month), (_DAYS_AGO, _days_from))


def _arabic(found: re.Match[str]) -> str:
    """二〇二七 as 2027, 十二 as 12, 二十一 as 21."""
    number = found.group()
    if "十" not in number:
        return number.translate(_CHINESE_DIGITS)
    tens, _, ones = number.partition("十")
    return (tens.translate(_CHINESE_DIGITS) or "1") + (ones.translate(_CHINESE_DIGITS) or "0")
