"""What is no question about filing: wishing for a person, and small talk."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from knowledge.reading import plain
from knowledge.toml_reader import LOCALES

_LONGEST_WHOLE = 40
_LONGEST_WISH = 200
_MARKS = re.compile(r"[^\w\u3400-\u9fff']+")
_WORDS = re.compile(r"[a-z0-9\u3400-\u9fff]")
_LETTER = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Manners:
    """What people of one language say."""

    wishes: tuple[re.Pattern[str], ...]
    whole_wishes: re.Pattern[str]
    smalltalk: Mapping[str, re.Pattern[str]]
    courtesies: re.Pattern[str]


def wants_a_person(text: str) -> bool:
    """Whether whoever writes wants to be handed over to a person."""
    message = plain(text)[:_LONGEST_WISH]
    for manners in _all():
        if any(wish.search(message) for wish in manners.wishes):
            return True
        if _as_whole(message, manners, manners.whole_wishes):
            return True
    return False


def smalltalk(text: str) -> str | None:
    """The kind of small talk a message is as a whole (hello, thanks, bye, who, other), or None."""
    message = plain(text)
    if not message:
        return None
    if not _LETTER.search(message):
        return None if re.fullmatch(r"[?？]+", message) else "other"
    for manners in _all():
        for kind, pattern in manners.smalltalk.items():
            if _as_whole(message, manners, pattern):
                return kind
    return None


def _as_whole(message: str, manners: Manners, pattern: re.Pattern[str]) -> bool:
    """Whether a pattern is all of a message, with and without courtesies around."""
    if len(message) > _LONGEST_WHOLE or not _WORDS.search(message):
        return False
    bare = _MARKS.sub(" ", message).strip()
    if pattern.fullmatch(bare) or pattern.fullmatch(bare.replace(" ", "")):
        return True
    shorter = manners.courtesies.sub("", bare).strip()
    return bool(shorter) and pattern.fullmatch(shorter) is not None


@cache
def _all() -> tuple[Manners, ...]:
    tables = tomllib.loads((files("knowledge") / "manners.toml").read_text(encoding="utf-8"))
    return tuple(
        Manners(
            wishes=tuple(map(re.compile, table["handover"]["anywhere"])),
            whole_wishes=_any_of(table["handover"]["whole"]),
            smalltalk={kind: _any_of(some) for kind, some in table["smalltalk"].items()},
            courtesies=re.compile(
                rf"^(?:{table['courtesies']}\s*)+|(?:\s*{table['courtesies']})+$"
            ),
        )
        for table in (tables[locale] for locale in LOCALES)
    )


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
