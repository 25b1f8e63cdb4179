"""Plain text and plain numbers."""

from dataclasses import dataclass
from typing import ClassVar

from dialogs.answers.base import Context, Found
from dialogs.answers.lead_in import bare, lead_in
from dialogs.answers.open_answer import OpenAnswer
from filing.identifiers.months import find_months, parse_months
from filing.identifiers.normalise import aligned, one_line
from filing.invalid import Invalid, invalid

_MONTHS = lead_in("(?:服务器|云服务器)?(?:购买|剩余|还剩|有效)?(?:时长|时间|期限|月数)?")


@dataclass(frozen=True, slots=True)
class Text:
    """Words in the applicant's own form, on one line; lengths are in characters."""

    max_length: int = 200
    min_length: int = 1
    is_sensitive: bool = False

    name: ClassVar[str] = "text"

    @property
    def sensitive(self) -> bool:
        """Whether the words may tell about a person."""
        return self.is_sensitive

    def parse(self, text: str, context: Context) -> str | Invalid:
        """The text on one line; ``text.empty``, ``text.too_short``, ``text.too_long``."""
        value = one_line(text)
        if not value:
            return invalid("text.empty")
        if len(value) < self.min_length:
            return invalid("text.too_short", min=self.min_length)
        if len(value) > self.max_length:
            return invalid("text.too_long", max=self.max_length)
        return value

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """The text; of a sensitive one, masked, only its first two characters."""
        return f"{value[:2]}***" if masked and self.is_sensitive else value

    def extract(self, text: str, context: Context) -> tuple[()]:
        """Nothing: words are no pattern."""
        return ()

    def options(self, context: Context) -> tuple[str, ...]:
        """None: the answer is open."""
        return ()


@dataclass(frozen=True, slots=True)
class Months(OpenAnswer):
    """A length of time in whole months, as a plain number: ``"6"``."""

    name: ClassVar[str] = "months"

    def parse(self, text: str, context: Context) -> str | Invalid:
        """6个月, 半年, 一年, 到明年6月 or 6."""
        return parse_months(bare(text, _MONTHS), context.today)

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """``6 个月`` or ``6 months``."""
        if locale.startswith("zh"):
            return f"{value} 个月"
        return f"{value} month" if value == "1" else f"{value} months"

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """Every length of time written with its unit: 8个月, 一年半."""
        return tuple(Found(value, start, end) for start, end, value in find_months(aligned(text)))
