"""Phone numbers and e-mail addresses."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from dialogs.answers.base import Context, Found
from dialogs.answers.lead_in import bare, lead_in
from dialogs.answers.masks import mask_email, mask_phone
from dialogs.answers.open_answer import OpenAnswer
from filing.identifiers.email import parse_email
from filing.identifiers.normalise import aligned
from filing.identifiers.phone import parse_landline, parse_mobile, parse_phone, written_out
from filing.invalid import Invalid

_PHONE_LEAD = lead_in(
    "(?:应急|紧急|备用|办公|单位|固定|联系|移动)?(?:联系)?(?:手机|电话|座机|号码|联系方式)[12]?",
    "(?:mobile|cell|office|emergency|phone|telephone|landline)(?: ?(?:phone|number))*",
)
_EMAIL_LEAD = lead_in("(?:电子)?(?:邮箱|邮件)", "e-?mail(?: address)?")
_MOBILE = re.compile(
    r"(?<![0-9A-Za-z])(?:\+?86[ \-]*)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?![0-9A-Za-z])"
)
_LANDLINE = re.compile(
    r"(?<![0-9A-Za-z.])(?:\+86[ \-]*\d{2,3}|\(?0\d{2,3}\)?)[ \-]?[2-9]\d{2,3}[ \-]?\d{4}"
    r"(?: ?(?:-|转|轉|分机号?|ext\.?) ?\d{1,6})?(?![0-9A-Za-z])"
)
_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")


def _found(
    text: str, pattern: re.Pattern[str], read: Callable[[str], str | Invalid]
) -> Iterator[Found]:
    for match in pattern.finditer(text):
        value = read(match.group())
        if isinstance(value, str):
            yield Found(value, match.start(), match.end())


@dataclass(frozen=True, slots=True)
class MobilePhone(OpenAnswer):
    """A mainland mobile, eleven digits."""

    name: ClassVar[str] = "mobile_phone"
    sensitive: ClassVar[bool] = True

    def parse(self, text: str, context: Context) -> str | Invalid:
        """See ``filing.identifiers.phone.parse_mobile``."""
        return parse_mobile(bare(text, _PHONE_LEAD))

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """The digits; masked ``138****8000``."""
        return mask_phone(value) if masked else value

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """Every mobile number in a sentence."""
        return tuple(_found(aligned(text), _MOBILE, parse_mobile))


@dataclass(frozen=True, slots=True)
class AnyPhone(OpenAnswer):
    """A mobile, or a landline with its area code and perhaps an extension."""

    name: ClassVar[str] = "phone"
    sensitive: ClassVar[bool] = True

    def parse(self, text: str, context: Context) -> str | Invalid:
        """See ``filing.identifiers.phone.parse_phone``."""
        return parse_phone(bare(text, _PHONE_LEAD))

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """A landline with dashes; masked, three digits and the last four."""
        return mask_phone(value) if masked else written_out(value)

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """Every mobile and landline in a sentence, in order."""
        plain = aligned(text)
        landlines = tuple(_found(plain, _LANDLINE, parse_landline))
        mobiles = tuple(_found(plain, _MOBILE, parse_mobile))
        return tuple(sorted(landlines + mobiles, key=_place))


def _place(found: Found) -> int:
    return found.start


@dataclass(frozen=True, slots=True)
class OfficePhone(AnyPhone):
    """联系方式2: the office's landline, or a mobile where the province takes one."""

    name: ClassVar[str] = "office_phone"


@dataclass(frozen=True, slots=True)
class Email(OpenAnswer):
    """An e-mail address."""

    name: ClassVar[str] = "email"
    sensitive: ClassVar[bool] = True

    def parse(self, text: str, context: Context) -> str | Invalid:
        """See ``filing.identifiers.email.parse_email``."""
        return parse_email(bare(text, _EMAIL_LEAD))

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """The address; masked ``a***@example.cn``."""
        return mask_email(value) if masked else value

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """Every address in a sentence."""
        plain = aligned(text)
        return tuple(_found(plain, _EMAIL, parse_email)) if "@" in plain else ()
