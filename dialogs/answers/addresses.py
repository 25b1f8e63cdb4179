"""Postal addresses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dialogs.answers.base import Context, Found
from dialogs.answers.lead_in import bare, lead_in
from dialogs.answers.masks import mask_address
from dialogs.answers.open_answer import OpenAnswer
from filing import regions
from filing.identifiers.address import parse_address, parse_printed_address
from filing.identifiers.normalise import aligned
from filing.invalid import Invalid
from filing.simplified import simplify

_LEAD = lead_in(
    "(?:通信|通讯|联系|办公|公司|注册|证件|详细|现)?(?:地址|住所|住址)", "(?:mailing )?address"
)
_CUES = re.compile(r"(?:地址|住所|住址)(?:在|是|为|填|[::])*\s*|(?:位于|住在|在)")
_REGION_ENDS = re.compile(r"[省市州盟区县]")
_STOP = re.compile(
    r"[,，。;；!！?？\n]|(?:\s|、)*(?:电话|手机|邮编|邮政编码|邮箱|联系人|网站|域名|法人|姓名)"
)
_LONGEST_NAME = 12
_ENVELOPE = re.compile(
    r"(?:[\s,，;；]*(?:邮编|邮政编码)\s*(?:是|为|[:：])?\s*\d{6}"
    r"|[\s,，;；]+[\u4e00-\u9fff]{2,4}(?:先生|女士)?\s?[(（]?收[)）]?)+\s*$"
)
"""Postcode and addressee, which are no part of an address."""


@dataclass(frozen=True, slots=True)
class Address(OpenAnswer):
    """An address down to the door: 江苏省南京市雨花台区软件大道1号.

    ``province_step`` names the earlier answer whose province the address must lie in.
    ``as_printed`` takes an address word for word from a certificate, without these checks.
    """

    province_step: str | None = "province"
    as_printed: bool = False

    name: ClassVar[str] = "address"
    sensitive: ClassVar[bool] = True

    def parse(self, text: str, context: Context) -> str | Invalid:
        """See ``filing.identifiers.address``."""
        plain = _ENVELOPE.sub("", bare(text, _LEAD))
        if self.as_printed:
            return parse_printed_address(plain)
        return parse_address(plain, self._province(context))

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """The address; masked, province and city."""
        return mask_address(value) if masked else value

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """The first complete address in a sentence."""
        plain = aligned(text)
        for start in _starts(plain):
            stop = _STOP.search(plain, start + 2)
            end = stop.start() if stop else len(plain)
            value = self.parse(plain[start:end], context)
            if isinstance(value, str):
                return (Found(value, start, end),)
        return ()

    def _province(self, context: Context) -> str | None:
        return context.values.get(self.province_step) if self.province_step else None


def _starts(plain: str) -> Iterator[int]:
    """Where an address may begin: after a cue, or at the name of a province, city or county."""
    simple = simplify(plain)
    yield from (cue.end() for cue in _CUES.finditer(simple) if cue.end() < len(simple) - 4)
    for ending in _REGION_ENDS.finditer(simple):
        end = ending.end()
        for start in range(max(0, end - _LONGEST_NAME), end - 1):
            if any(regions.bearers(simple[start:end], level) for level in (1, 2, 3)):
                yield start
                return
