"""Requests about one's own data: a copy of it, its deletion, a consent taken back."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Final

from dialogs.understanding.tables import patterns_of
from filing.identifiers.normalise import half_width

_LONGEST: Final = 60  # characters; who asks for this says no more


class Right(StrEnum):
    """What somebody wants done with what is kept of them."""

    COPY = "copy"
    DELETE = "delete"
    WITHDRAW = "withdraw"  # their consent, and not their filing


def right_in(text: str) -> Right | None:
    """What a message wants done with one's data; None if it is a question, or something else."""
    return next((right for right in Right if _says(right, text)), None)


def keeps(text: str) -> bool:
    """Whether a message takes a deletion back that is under way."""
    return _says("keep", text)


def is_sure(text: str) -> bool:
    """Whether a message says in words that all shall be deleted, once that was asked."""
    return _says("sure", text)


def _says(what: str, text: str) -> bool:
    if len(text) > 2 * _LONGEST:
        return False
    plain = " ".join(half_width(text).split()).strip(" 。.!！~")
    said = plain if plain.isascii() else "".join(plain.split())
    return len(said) <= _LONGEST and rights_words()[what].fullmatch(said) is not None


@cache
def rights_words() -> Mapping[str, re.Pattern[str]]:
    """The words for one's rights; read once."""
    return patterns_of("rights")
