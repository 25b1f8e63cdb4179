"""Lengths of time in months: 3, 6个月, 一年, 半年, two years."""

import re
from datetime import date

from filing.identifiers.normalise import half_width
from filing.invalid import Invalid, invalid
from filing.simplified import simplify

MAX_MONTHS = 600

_NUMBERS = {sign: value for value, sign in enumerate("零一二三四五六七八九十")} | {"两": 2}
_WORDS = {"one": 1, "two": 2, "three": 3, "five": 5, "six": 6, "a": 1, "half a": 0}
_CHINESE = re.compile(r"([一二两三四五六七八九]?)(十?)([一二三四五六七八九]?)")
_AMOUNT = r"(\d{1,3}|[零一二两三四五六七八九十]{1,3}|one|two|three|five|six|a)"
_MONTHS = re.compile(rf"{_AMOUNT}\s*(?:个?月|months?|m)?(半)?", re.IGNORECASE)
_YEARS = re.compile(rf"{_AMOUNT}\s*(?:年|years?|y)(半)?", re.IGNORECASE)
_YEARS_AND_MONTHS = re.compile(rf"{_AMOUNT}\s*年\s*(?:零|又)?\s*{_AMOUNT}\s*个?月")
_HALF_YEAR = re.compile(r"半年|half a year", re.IGNORECASE)
_WRITTEN = re.compile(
    r"(?<![\d年零一二三四五六七八九十第])(?:"
    rf"{_AMOUNT}\s?年(?:零|又)?{_AMOUNT}\s?个月|半年|{_AMOUNT}\s?年半?|{_AMOUNT}\s?个半?月"
    rf"|\b{_AMOUNT} (?:months?|years?)\b)(?![多来几])",
    re.IGNORECASE,
)
_YEARS_FROM_NOW = {"今年": 0, "明年": 1, "后年": 2, "大后年": 3}
_UNTIL = re.compile(
    r"(?:到|至|用到|能用到|截止到?)?"
    rf"(?:(?P<near>{'|'.join(sorted(_YEARS_FROM_NOW, reverse=True))})的?"
    r"|(?P<year>20\d\d)\s*[年./-])"
    r"\s*(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月?(?:份|底|初|中旬?)?(?:到期|过期|为止)?"
)
_ABOUT = re.compile(r"^(?:大概|大约|约|还有|还剩|剩余?|买了|购买了?|about|around)\s*|(?:左右|多)$")


def parse_months(text: str, today: date | None = None) -> str | Invalid:
    """Whole months as a plain number: ``"6"``, at most 600.

    With ``today`` a month in which something ends counts too (到明年6月): full months until
    that month begins. Codes ``months.*``: ``form``, ``too_many``.
    """
    plain = _ABOUT.sub("", simplify(half_width(text)).strip(" 。."))
    if not plain:
        return invalid("text.empty")
    months = _read(plain)
    if months is None and today is not None:
        months = _until(plain, today)
    if months is None:
        return invalid("months.form")
    return str(months) if months <= MAX_MONTHS else invalid("months.too_many", max=MAX_MONTHS)


def find_months(text: str) -> tuple[tuple[int, int, str], ...]:
    """Lengths of time written with their unit as (start, end, months), in order.

    Vague ones (一年多) are passed over, and so is 6月, which may be June.
    """
    plain = simplify(text)
    found = []
    for match in _WRITTEN.finditer(plain):
        value = parse_months(match.group())
        if isinstance(value, str):
            found.append((match.start(), match.end(), value))
    return tuple(found)


def _read(plain: str) -> int | None:
    if _HALF_YEAR.fullmatch(plain):
        return 6
    if match := _YEARS_AND_MONTHS.fullmatch(plain):
        years, months = _amount(match.group(1)), _amount(match.group(2))
        return None if years is None or months is None else 12 * years + months
    if match := _YEARS.fullmatch(plain):
        years = _amount(match.group(1))
        return None if years is None else 12 * years + (6 if match.group(2) else 0)
    if match := _MONTHS.fullmatch(plain):
        return None if match.group(2) else _amount(match.group(1))
    return None


def _until(plain: str, today: date) -> int | None:
    match = _UNTIL.fullmatch(plain)
    month = None if match is None else _amount(match["month"])
    if match is None or month is None or not 1 <= month <= 12:
        return None
    near = match["near"]
    year = today.year + _YEARS_FROM_NOW[near] if near else int(match["year"])
    whole = 12 * (year - today.year) + month - today.month - 1
    return whole if whole >= 0 else None


def _amount(text: str) -> int | None:
    if text.isdigit() and text.isascii():
        return int(text)
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    match = _CHINESE.fullmatch(text)
    if match is None:
        return 0 if text == "零" else None
    before, ten, after = match.groups()
    if not ten:
        return _NUMBERS[before] if before and not after else None
    return 10 * _NUMBERS[before or "一"] + (_NUMBERS[after] if after else 0)
