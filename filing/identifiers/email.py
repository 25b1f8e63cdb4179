"""电子邮箱: e-mail addresses, judged by their form alone."""

import re

from filing.identifiers.normalise import half_width
from filing.invalid import Invalid, invalid

MAX_LENGTH = 64
"""What the filing form takes."""

_BLANKS = re.compile(r"\s+")
_DOTS = str.maketrans("。．｡", "...")


def parse_email(text: str) -> str | Invalid:
    """An address as typed, its domain in lower case. Nothing is looked up.

    Codes: ``email.no_at``, ``email.several``, ``email.chinese``, ``email.domain``,
    ``email.too_long``, ``email.form``.
    """
    address = _BLANKS.sub("", half_width(text)).translate(_DOTS).strip(".,;:<>\"'")
    address = address.removeprefix("mailto:")
    if not address:
        return invalid("text.empty")
    if "@" not in address:
        return invalid("email.no_at")
    if address.count("@") > 1:
        return invalid("email.several")
    if len(address) > MAX_LENGTH:
        return invalid("email.too_long", max=MAX_LENGTH)
    local, _, domain = address.partition("@")
    if not local.isascii():
        return invalid("email.chinese")
    if "." not in domain.strip("."):
        return invalid("email.domain")
    return _checked(address)


def _checked(address: str) -> str | Invalid:
    import email_validator  # imported on first use: 40 ms at start-up

    try:
        found = email_validator.validate_email(
            address, check_deliverability=False, allow_smtputf8=False
        )
    except email_validator.EmailNotValidError:
        return invalid("email.form")
    return found.normalized
