"""Sensitive values as they may be shown: enough to recognise one's own, no more."""

import re

from filing.identifiers.address import address_parts

_SHOWN_DIGITS = 4
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d\d)-?)(\d+)(\d{4}(?:-\d+)?)")


def mask_number(number: str) -> str:
    """A certificate number with its last four characters: ``**************123X``."""
    hidden = max(len(number) - _SHOWN_DIGITS, 0)
    return "*" * hidden + number[hidden:] if hidden else "*" * len(number)


def mask_phone(phone: str) -> str:
    """``138****5678``; a landline keeps its area code: ``025****5678``."""
    landline = _LANDLINE.fullmatch(phone)
    if landline is not None:
        area, middle, tail = landline.groups()
        return area + "*" * len(middle) + tail
    if len(phone) <= 7:
        return mask_number(phone)
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def mask_email(email: str) -> str:
    """``a***@example.cn``."""
    name, at, host = email.rpartition("@")
    return f"{name[:1]}***{at}{host}"


def mask_name(name: str) -> str:
    """``张*``: the first character and one star for each further."""
    return name[:1] + "*" * (len(name) - 1)


def mask_address(address: str) -> str:
    """Province and city only: ``江苏省南京市***``."""
    parts = address_parts(address)
    return (parts.province or "") + (parts.city or "") + "***"
