"""When something happened, in the words people use: 昨天下午, 刚刚, 3天前, yesterday at 3pm."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from filing.identifiers.dates import find_dates

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")

_NUMERALS = {"半": 0, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7}
_NUMERALS |= {"八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12, "a": 1, "an": 1, "one": 1}
_NUMERALS |= {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_COUNT = r"(\d{1,3}|十[一二]?|[一二两三四五六七八九半]|an?|one|two|three|four|five|six|seven|ten)"
_AGO = re.compile(
    rf"{_COUNT}\s*(?:个|多)?(半)?\s*"
    r"(分钟|小时|钟头|天|日|周|星期|minutes?|mins?|hours?|hrs?|days?|weeks?)\s*(?:之?以?前|ago)"
)
_NOW = re.compile(
    r"刚刚|刚才|刚(?=收|来|到|过|做|弄|传|验|通|交|挂|开)|方才|这会儿|"
    r"just now|right now|a moment ago|\bjust\b"
)
_DAYS = (
    (re.compile(r"大前天"), -3),
    (re.compile(r"前天|前晚|day before yesterday"), -2),
    (re.compile(r"昨天|昨日|昨晚|昨夜|昨早|昨(?=上午|下午|早|晚)|yesterday|last night"), -1),
    (re.compile(r"今天|今日|今早|今晚|今(?=上午|下午|晨)"), 0),
    (re.compile(r"today|this (?:morning|afternoon|evening)|tonight"), 0),
    (re.compile(r"明天|明日|明早|tomorrow"), 1),
    (re.compile(r"(?<!大)后天"), 2),
)
_WEEKDAY = re.compile(
    r"(上|这|本|下)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])|"
    r"(last |this |next )?(mon|tues?|wednes|thurs?|fri|satur|sun)day"
)
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_WEEKDAYS |= {"mon": 0, "tue": 1, "tues": 1, "wednes": 2, "thur": 3, "thurs": 3}
_WEEKDAYS |= {"fri": 4, "satur": 5, "sun": 6}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = "|".join(_MONTHS)
_MONTH_DAY = (
    re.compile(r"(?<!\d)(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]?"),
    re.compile(r"(?<![\d./年-])(?P<month>\d{1,2})[/.](?P<day>\d{1,2})(?![\d./])"),
    re.compile(rf"(?<![a-z])(?P<month>{_NAMES})[a-z]*\.?\s+(?P<day>\d{{1,2}})"),
    re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{_NAMES})"),
)
_MONTH_ASIDE = re.compile(r"(上|下|这|本)个?月的?\s*(\d{1,2})\s*[号日]")
_DAY_ALONE = re.compile(r"(?<![\d月第])([12]?\d|3[01])\s*[号日](?!楼|线|店|机|码)")
_HOUR = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})\s*[:点时](?:\s*(?P<minute>\d{1,2})(?!\d)|(?P<part>半|一刻))?"
    r"(?!分钟|间|之前)(?:\s*(?P<half>am|pm))?|"
    r"(?P<han>十[一二]?|[一二两三四五六七八九])点(?P<han_part>半|一刻)?|"
    r"(?<![\d:])(?P<latin>\d{1,2})\s*(?P<latin_half>am|pm)|\b(?P<noon>noon)\b"
)
_LATE = re.compile(r"下午|傍晚|晚上|晚间|夜里|今晚|昨晚|afternoon|evening|tonight|last night")
_PARTS = (
    (re.compile(r"凌晨|半夜"), 0, 6),
    (re.compile(r"一早|清早|清晨|早上|早晨|今早|昨早|明早"), 6, 10),
    (re.compile(r"上午|早(?=上)|morning"), 8, 12),
    (re.compile(r"中午|noon|midday"), 11, 14),
    (re.compile(r"下午|afternoon"), 12, 18),
    (re.compile(r"傍晚"), 16, 20),
    (re.compile(r"晚上|晚间|夜里|今晚|昨晚|前晚|昨夜|evening|tonight|last night"), 18, 24),
)
_NOON = 12


@dataclass(frozen=True, slots=True)
class SaidWhen:
    """A time as it was said: it lies between ``earliest`` and ``latest`` (China time)."""

    earliest: datetime
    latest: datetime
    is_day: bool = False  # no time of day was said


def said_when(text: str, now: datetime) -> SaidWhen | None:
    """The time a text names, counted from ``now``; None if it names none.

    ``text`` is simplified, half-width and in lower case. A day without its year is that day
    nearest to ``now``.
    """
    here = now.astimezone(SHANGHAI)
    ago = _AGO.search(text)
    if ago is not None:
        return _ago(ago, here)
    day = next(_days(text, here), None)
    if day is None and _NOW.search(text):
        return SaidWhen(here, here)
    clock = _clock(text)
    if clock is not None:
        return _at_clock(day or here.date(), clock, here, is_today=day is None)
    for pattern, start, end in _PARTS:
        if pattern.search(text):
            return _between(day or here.date(), start, end)
    if day is None:
        return None
    whole = _between(day, 0, 24)
    return SaidWhen(whole.earliest, whole.latest, is_day=True)


def _ago(match: re.Match[str], here: datetime) -> SaidWhen:
    amount = float(_number(match.group(1)))
    if match.group(1) == "半" or match.group(2):
        amount += 0.5
    unit = match.group(3)
    if unit[0] in "天日周星dw":
        days = round(amount * (7 if unit[0] in "周星w" else 1))
        whole = _between(here.date() - timedelta(days=days), 0, 24)
        return SaidWhen(whole.earliest, whole.latest, is_day=True)
    then = here - timedelta(minutes=amount * (1 if unit[0] in "分m" else 60))
    return SaidWhen(then, then)


def _days(text: str, here: datetime) -> Iterator[date]:
    """Days the text names, the plainest way of naming one first."""
    today = here.date()
    for _, _, iso in find_dates(text, today):
        yield date.fromisoformat(iso)
    for pattern, offset in _DAYS:
        if pattern.search(text):
            yield today + timedelta(days=offset)
    for pattern in _MONTH_DAY:
        for match in pattern.finditer(text):
            month = match["month"]
            number = int(month) if month.isdigit() else _MONTHS.index(month) + 1
            years = (today.year - 1, today.year, today.year + 1)
            yield from _nearest((_day(one, number, int(match["day"])) for one in years), today)
    aside = _MONTH_ASIDE.search(text)
    if aside is not None:
        step = {"上": -1, "下": 1}.get(aside.group(1), 0)
        later, month = divmod(today.month - 1 + step, 12)
        named = _day(today.year + later, month + 1, int(aside.group(2)))
        yield from () if named is None else (named,)
    weekday = _WEEKDAY.search(text)
    if weekday is not None:
        yield _weekday(weekday, today)
    alone = _DAY_ALONE.search(text)
    if alone is not None:
        months = (divmod(today.month + step - 1, 12) for step in (-1, 0, 1))
        number = int(alone.group(1))
        yield from _nearest(
            (_day(today.year + later, month + 1, number) for later, month in months), today
        )


def _nearest(days: Iterator[date | None], today: date) -> Iterator[date]:
    """The one of some days that is nearest to today."""
    known = [day for day in days if day is not None]
    if known:
        yield min(known, key=lambda day: abs(day - today))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(match: re.Match[str], today: date) -> date:
    which = (match.group(1) or match.group(3) or "").strip()
    wanted = _WEEKDAYS[match.group(2) or match.group(4)]
    monday = today - timedelta(days=today.weekday())
    if which in ("上", "last"):
        return monday + timedelta(days=wanted - 7)
    if which in ("下", "next"):
        return monday + timedelta(days=wanted + 7)
    if which in ("这", "本", "this"):
        return monday + timedelta(days=wanted)
    return today - timedelta(days=(today.weekday() - wanted) % 7)


def _clock(text: str) -> tuple[int, int] | None:
    """Hour and minute, read by the part of the day named with it."""
    match = _HOUR.search(text)
    if match is None:
        return None
    if match["noon"]:
        return (_NOON, 0)
    hour = _number(match["hour"] or match["han"] or match["latin"])
    part = match["part"] or match["han_part"]
    minute = int(match["minute"] or 0) if part is None else (30 if part == "半" else 15)
    if hour > 23 or minute > 59:
        return None
    half = match["half"] or match["latin_half"]
    is_late = half == "pm" or _LATE.search(text) is not None or ("中午" in text and hour < 3)
    if is_late and hour < _NOON:
        hour += _NOON
    return (0 if half == "am" and hour == _NOON else hour, minute)


def _at_clock(day: date, clock: tuple[int, int], here: datetime, *, is_today: bool) -> SaidWhen:
    then = datetime.combine(day, time(*clock), SHANGHAI)
    if is_today and then > here:  # 11点收到的, told at nine: the evening before
        then -= timedelta(days=1)
    return SaidWhen(then, then)


def _between(day: date, start: int, end: int) -> SaidWhen:
    midnight = datetime.combine(day, time(), SHANGHAI)
    return SaidWhen(midnight + timedelta(hours=start), midnight + timedelta(hours=end))


def _number(said: str) -> int:
    return int(said) if said.isdigit() else _NUMERALS[said]
