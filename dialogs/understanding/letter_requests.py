"""Requests to be given a letter to sign, or the templates as such."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from dialogs.understanding.tables import table_of
from filing.filing_number import narrow

_WORTH_READING: Final = re.compile(
    r"授权|委托|承诺|保证书|告知|说明|解释|方案|开办|声明|模[板版]|范本|文书"
    r"|letter|template|authori|commitment|undertaking|attorney|truthful|plan|approval|explanation",
    re.IGNORECASE,
)
# Most messages are about something else, and pay for no more than this.
_LONGEST: Final = 80  # characters; who asks for a letter says no more


@dataclass(frozen=True, slots=True)
class LetterRequest:
    """Which letters are asked for, by their keys, the likeliest first; empty for any."""

    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Patterns:
    names: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]
    demand: re.Pattern[str]
    other: re.Pattern[str]
    all: re.Pattern[str]


def letter_request(text: str) -> LetterRequest | None:
    """What a message asks to be given; None if it is a question about it, or something else."""
    if len(text) > _LONGEST or _WORTH_READING.search(text) is None:
        return None
    plain = " ".join(narrow(text).lower().split()).strip(" 。!.~")
    said = plain if plain.isascii() else "".join(plain.split())
    patterns = letter_words()
    if patterns.all.search(said):
        return LetterRequest()
    named = next((keys for keys, name in patterns.names if name.search(said)), None)
    if named is None or patterns.other.search(said) or not patterns.demand.search(said):
        return None
    return LetterRequest(named)


@cache
def letter_words() -> _Patterns:
    """The words for letters; read once."""
    words = table_of("letters")

    def either(parts: Iterable[str]) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{part})" for part in parts))

    return _Patterns(
        names=tuple((tuple(one["keys"]), either(one["like"])) for one in words["names"]),
        demand=either(words["demand"]["like"]),
        other=either(words["other"]["like"]),
        all=either(words["all"]["like"]),
    )
