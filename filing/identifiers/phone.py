"""Phone numbers: mainland mobiles and landlines; foreign ones recognised and refused."""

import re
from dataclasses import dataclass
from functools import lru_cache

from filing.identifiers.normalise import arabic_digits, half_width
from filing.invalid import Invalid, invalid

VIRTUAL_PREFIXES = ("162", "165", "167", "170", "171")
"""Ranges of virtual operators, which often cannot receive the ministry's text message."""

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d\d))(\d{7,8})(?:-(\d{1,6}))?")
_EXTENSION = re.compile(r"(?:转|轉|分机号?|分機|ext\.?|x|#|,)\s*:?\s*(\d{1,6})$", re.IGNORECASE)
_WITH_EXTENSION = re.compile(r"\(?(0\d{2,3})\)?[ -]?(\d{7,8}) ?- ?(\d{1,6})")
_HOME_CODE = re.compile(r"^(?:(?:\+|00)\s*86[\s\-]*|86[\s\-]+(?=1|\(?0)|86(?=1[3-9]\d{9}$))")
_PUNCTUATION = re.compile(r"[\s\-()./·•]+")
_HOTLINE = re.compile(r"[48]00\d{7}")
_LOCAL_ONLY = re.compile(r"[2-8]\d{6,7}")
_MOBILE_DIGITS = 11


@dataclass(frozen=True, slots=True)
class _Typed:
    """A number as typed, reduced to digits, with its extension aside."""

    digits: str
    extension: str | None


def parse_mobile(text: str) -> str | Invalid:
    """A mainland mobile number, eleven digits, without +86.

    Codes: ``phone.foreign`` (with ``region``), ``phone.landline``, ``phone.mobile_length``,
    ``phone.mobile_prefix``, ``phone.hotline``, ``phone.letters``.
    """
    typed = _typed(text)
    if isinstance(typed, Invalid):
        return typed
    digits = typed.digits
    if _MOBILE.fullmatch(digits) and typed.extension is None:
        return digits
    if _LANDLINE.fullmatch(digits):
        return invalid("phone.landline")
    if _HOTLINE.fullmatch(digits):
        return invalid("phone.hotline")
    if len(digits) != _MOBILE_DIGITS:
        return invalid("phone.mobile_length", length=len(digits), expected=_MOBILE_DIGITS)
    return invalid("phone.mobile_prefix")


def parse_landline(text: str) -> str | Invalid:
    """A landline with its area code: ``02583112345``, with extension ``02583112345-801``.

    Codes: ``phone.foreign``, ``phone.area_code_missing``, ``phone.area_code`` (no such area),
    ``phone.landline_length``, ``phone.hotline``, ``phone.letters``.
    """
    typed = _typed(text)
    if isinstance(typed, Invalid):
        return typed
    digits = typed.digits
    if _HOTLINE.fullmatch(digits):
        return invalid("phone.hotline")
    if _LOCAL_ONLY.fullmatch(digits):
        return invalid("phone.area_code_missing")
    found = _LANDLINE.fullmatch(digits)
    if not found:
        return invalid("phone.landline_length")
    area, local, _ = found.groups()
    if len(area) == 3 and len(local) != 8:
        return invalid("phone.landline_length")
    if not area_is_known(area):
        return invalid("phone.area_code")
    return digits if typed.extension is None else f"{digits}-{typed.extension}"


def parse_phone(text: str) -> str | Invalid:
    """A mobile or a landline, as ``parse_mobile`` and ``parse_landline`` return them."""
    mobile = parse_mobile(text)
    if isinstance(mobile, str):
        return mobile
    landline = parse_landline(text)
    if isinstance(landline, str):
        return landline
    typed = _typed(text)
    looks_mobile = isinstance(typed, _Typed) and typed.digits.startswith("1")
    return mobile if looks_mobile else landline


def is_mobile(value: str) -> bool:
    """Whether a normalised number is a mobile's."""
    return _MOBILE.fullmatch(value) is not None


def is_virtual(value: str) -> bool:
    """Whether a mobile belongs to a virtual operator's range."""
    return is_mobile(value) and value[:3] in VIRTUAL_PREFIXES


def range_is_known(value: str) -> bool:
    """Whether phonenumbers' tables know the number's range as given out.

    New ranges open before the tables learn of them: an unknown one deserves a second look.
    """
    import phonenumbers  # imported on first use: 50 ms at start-up

    number = phonenumbers.PhoneNumber(86, int(value.split("-")[0]))
    return phonenumbers.is_valid_number_for_region(number, "CN")


def landline_parts(value: str) -> tuple[str, str, str | None] | None:
    """Area code, local number and extension of a normalised landline, else None."""
    found = _LANDLINE.fullmatch(value)
    if not found:
        return None
    area, local, extension = found.groups()
    return area, local, extension


def written_out(value: str) -> str:
    """A normalised number as the filing form writes it: ``025-83112345-801``."""
    parts = landline_parts(value)
    return value if parts is None else "-".join(part for part in parts if part)


@lru_cache(maxsize=1024)
def area_is_known(area: str) -> bool:
    """Whether an area code (with its 0) is given out, judged on a neutral local number."""
    import phonenumbers  # imported on first use, see range_is_known

    return any(
        phonenumbers.is_valid_number_for_region(
            phonenumbers.PhoneNumber(86, int(area[1:] + local)), "CN"
        )
        for local in ("62345678", "6234567")
    )


def _typed(text: str) -> _Typed | Invalid:
    plain = arabic_digits(half_width(text)).replace("(+86)", "+86 ").replace("(0)", "")
    plain, homes = _HOME_CODE.subn("", plain, count=1)
    if not homes and plain.startswith(("+", "00")):
        return _foreign(plain)
    extension = None
    found = _WITH_EXTENSION.fullmatch(plain)
    if found:
        plain, extension = found.group(1) + found.group(2), found.group(3)
    elif found := _EXTENSION.search(plain):
        plain, extension = plain[: found.start()], found.group(1)
    digits = _PUNCTUATION.sub("", plain)
    if not (digits.isascii() and digits.isdigit()):
        return invalid("phone.letters") if digits else invalid("text.empty")
    if homes and not digits.startswith(("0", "1")):
        digits = "0" + digits  # +86 25 8311 2345: the area code loses its 0 behind +86
    return _Typed(digits, extension)


def _foreign(plain: str) -> Invalid:
    import phonenumbers  # imported on first use, see range_is_known

    try:
        number = phonenumbers.parse("+" + plain.lstrip("+0"), None)
    except phonenumbers.NumberParseException:
        return invalid("phone.letters")
    return invalid("phone.foreign", region=phonenumbers.region_code_for_number(number) or "")
