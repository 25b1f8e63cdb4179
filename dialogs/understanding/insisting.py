"""Messages in which people stand by an answer that was just refused: 我照着执照抄的."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from dialogs.understanding.tables import patterns_of
from filing.identifiers.normalise import half_width
from filing.simplified import simplify

_LONGEST: Final = 60  # characters; who says more says something else as well
_BETWEEN: Final = re.compile(r"[\s,，。.!！~?？;；…、]+")
_SENTENCES: Final = re.compile(r"\s*[,，。.!！~?？;；…]+\s*")


def insists(text: str, *, is_asked: bool) -> bool:
    """Whether a message only says that what was refused is right.

    ``is_asked`` is true where the refused answer is to the open question: a mere 没错 then
    stands by it, and else agrees to whatever is asked.
    """
    plain = simplify(half_width(text)).casefold().strip()
    if not 0 < len(plain) <= _LONGEST:
        return False
    said = [plain, *filter(None, _SENTENCES.split(plain))]
    found = [_found(one if one.isascii() else _BETWEEN.sub("", one)) for one in said]
    least = ("surely", "plainly") if is_asked else ("surely",)
    whole, *each = found
    return whole in least or (None not in each and any(one in least for one in each))


def _found(said: str) -> str | None:
    return next((how for how, one in insisting_words().items() if one.fullmatch(said)), None)


@cache
def insisting_words() -> Mapping[str, re.Pattern[str]]:
    """The words for standing by an answer; read once."""
    return patterns_of("insisting")
