"""Dates: the end of something's validity, or a day gone by."""

import re
from dataclasses import dataclass
from typing import ClassVar

from dialogs.answers.base import Context, Found
from dialogs.answers.lead_in import bare, lead_in
from dialogs.answers.open_answer import OpenAnswer
from filing.identifiers.dates import PERMANENT, find_dates, parse_expiry, parse_past_date
from filing.identifiers.normalise import aligned
from filing.invalid import Invalid, invalid
from filing.simplified import simplify

_LEAD = lead_in(
    "(?:证件|域名|身份证|执照|营业执照)?(?:有效期|到期)(?:限|日期?|时间|至|到)*",
    "(?:实名|认证|通过)+(?:日期?|时间)?",
    "日期",
    "(?:expiry|expiration)(?: date)?",
    "date",
)
_UNTIL = re.compile(r"\s*(?:有效期|到期日?)?(?:至|到|截止到?|until|on)\s*", re.IGNORECASE)
_FOREVER = re.compile(
    r"(?:长期|永久)(?:有效)?|(?:无|没有|没写)(?:固定)?(?:期限|到期日|有效期)|无限期"
    r"|no expiry|permanent",
    re.IGNORECASE,
)
_SHOWN_PERMANENT = {"zh-CN": "长期", "en": "no expiry"}


def _bare(text: str) -> str:
    rest = bare(text, _LEAD)
    until = _UNTIL.match(rest)
    return rest[until.end() :] if until and until.end() < len(rest) else rest


@dataclass(frozen=True, slots=True)
class ExpiryDate(OpenAnswer):
    """The last valid day, ISO; ``permanent`` for 长期 unless ``permanent`` is off."""

    permanent: bool = True

    name: ClassVar[str] = "expiry_date"

    def parse(self, text: str, context: Context) -> str | Invalid:
        """A day not before today; ``date.not_permanent`` for 长期 where there is no such thing."""
        value = parse_expiry(_bare(text), context.today)
        if value == PERMANENT and not self.permanent:
            return invalid("date.not_permanent")
        return value

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """The ISO date, or 长期."""
        return _SHOWN_PERMANENT.get(locale, "长期") if value == PERMANENT else value

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """Dates from today on, and 长期."""
        plain = aligned(text)
        today = context.today.isoformat()
        found = [
            Found(day, start, end)
            for start, end, day in find_dates(plain, context.today)
            if day >= today
        ]
        if self.permanent and (match := _FOREVER.search(simplify(plain))):
            found.append(Found(PERMANENT, match.start(), match.end()))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class PastDate(OpenAnswer):
    """A day up to today, ISO."""

    name: ClassVar[str] = "past_date"

    def parse(self, text: str, context: Context) -> str | Invalid:
        """See ``filing.identifiers.dates.parse_past_date``."""
        return parse_past_date(_bare(text), context.today)

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """Dates up to today."""
        today = context.today.isoformat()
        return tuple(
            Found(day, start, end)
            for start, end, day in find_dates(aligned(text), context.today)
            if day <= today
        )
