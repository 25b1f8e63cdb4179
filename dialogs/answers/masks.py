"""What is left of a sensitive value where it is shown: enough to recognise it, no more."""

from filing.identifiers.address import address_parts
from filing.identifiers.person_name import has_chinese

_SHOWN = 4


def mask_number(value: str) -> str:
    """``**************002X``: the last four characters of a long number, one of a short."""
    shown = _SHOWN if len(value) > 2 * _SHOWN else 1
    return "*" * (len(value) - shown) + value[-shown:]


def mask_phone(value: str) -> str:
    """``138****8000``, ``025****2345``: the first three and last four digits."""
    return f"{value[:3]}****{value[-_SHOWN:]}"


def mask_email(value: str) -> str:
    """``a***@example.cn``: the first letter and the domain."""
    local, _, domain = value.partition("@")
    return f"{local[:1]}***@{domain}"


def mask_name(value: str) -> str:
    """``张*``, ``J***``: the first character."""
    return value[:1] + "*" * (len(value) - 1) if has_chinese(value) else f"{value[:1]}***"


def mask_address(value: str) -> str:
    """``江苏省南京市***``: province and city."""
    parts = address_parts(value)
    return f"{parts.province or ''}{parts.city or ''}***"
