"""What the QR code of a licence says: its holder's code, sometimes the name.

No published text fixes the content. Seen are addresses of the register (gsxt.gov.cn), with the
unified code in them or with a key of their own, and labelled lines (统一社会信用代码:…;名称:…).
So any code that passes its check counts, wherever it stands, and nothing else is believed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from bot.inspection.ocr.numbers import codes_of_symbols
from filing.subject import CertificateType

_REGISTER: Final = re.compile(r"https?://[a-z0-9.-]*\bgsxt\.gov\.cn(?:[:/?]|$)", re.IGNORECASE)
_NAME: Final = re.compile(
    r"(?:^|[;；,，\n\r])\s*(?:企业|单位)?名\s*称\s*[:：]\s*([^;；\n\r]{2,100})"
)


@dataclass(frozen=True, slots=True)
class LicenceCode:
    """What such a code says of the holder."""

    number: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)

    @property
    def certificate(self) -> CertificateType | None:
        """The licence, where the number is of a body registered as market subjects are."""
        if self.number is not None and not self.number.startswith("9"):
            return None
        return CertificateType.BUSINESS_LICENCE


def licence_code(texts: Iterable[str]) -> LicenceCode | None:
    """What the QR codes in a picture say of a body; None where none is a body's."""
    texts = tuple(texts)
    number = codes_of_symbols(texts)
    if number is None:
        return LicenceCode() if any(_REGISTER.match(text.strip()) for text in texts) else None
    found = [match.group(1).strip() for text in texts if (match := _NAME.search(text))]
    return LicenceCode(number, found[0] if len(found) == 1 else None)
