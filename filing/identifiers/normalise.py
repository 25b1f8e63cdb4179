"""Bring typed text into one form: half-width, without invisible characters or separators."""

import re
import unicodedata

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_ZERO_WIDTH = (*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF, 0xAD, 0x180E)
_INVISIBLE = dict.fromkeys(_ZERO_WIDTH, " ")
_GONE: dict[int, None] = dict.fromkeys(_ZERO_WIDTH)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－ー"), "-")
_CONTROLS = dict.fromkeys((*range(0x20), 0x7F, 0x85, 0x2028, 0x2029), " ")
_SAME_LENGTH = _INVISIBLE | _CONTROLS | _FULL_WIDTH | _DASHES
_SEPARATORS = dict.fromkeys(map(ord, " -.·•_/'\"、,，。:："))
_DIGITS = str.maketrans(
    "〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖貳參陸幺", "0001234567891234567892361"
)
_SPACES = re.compile(r"\s+")
_NUMERALS = re.compile(r"[\d\s〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖貳參陸幺\-]+")


def aligned(text: str) -> str:
    """``text`` in half-width with plain dashes and blanks, every character at its old place.

    For searching: a match at ``[a:b]`` of the result stands at ``[a:b]`` of ``text``.
    """
    return text.translate(_SAME_LENGTH)


def half_width(text: str) -> str:
    """``text`` in half-width (NFKC), without invisible characters and outer blanks."""
    if text.isascii():
        return text.translate(_CONTROLS).strip()
    clean = unicodedata.normalize("NFKC", text.translate(_GONE))
    return clean.translate(_DASHES).translate(_CONTROLS).strip()


def compact(text: str) -> str:
    """``text`` as a number is written on a form: half-width, upper case, no separators."""
    return half_width(text).translate(_SEPARATORS).upper()


def arabic_digits(text: str) -> str:
    """A number spelt in Chinese digits (一三八…, 幺) as 0-9; any other text stays as it is.

    Only a text made of digits alone is converted: 三 in a street or a name is no number.
    """
    if text.isascii():
        return text
    return text.translate(_DIGITS) if _NUMERALS.fullmatch(text) else text


def one_line(text: str) -> str:
    """``text`` as typed, composed (NFC), on one line, blanks collapsed, nothing invisible."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_GONE))
    return _SPACES.sub(" ", text.translate(_CONTROLS)).strip()
