"""Words about the papers of a filing: what is missing, a sample, another picture, which it is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeAlias, cast

from dialogs.understanding.tables import table_of
from filing.identifiers.normalise import half_width
from filing.materials.material import MaterialKind
from filing.simplified import simplify

_LONGEST: Final = 60  # characters: who says more speaks of something else

_NAMES: Final = "is"

Wanted: TypeAlias = Literal[
    "list",
    "next",
    "submit",
    "sample",
    "why",
    "upload",
    "remove",
    "letter",
    "whole",
    "front",
    "back",
]


@dataclass(frozen=True, slots=True)
class PaperRequest:
    """What is wanted, and of which paper, where one is named.

    ``names`` a paper and no more: said while a picture waits to be named, that is what it shows.
    """

    kind: Wanted
    paper: MaterialKind | None = None
    whose: str | None = None
    names: bool = False


@dataclass(frozen=True, slots=True)
class _Lexicon:
    worth: re.Pattern[str]
    whole: Mapping[str, re.Pattern[str]]  # the message says this and nothing else
    asked: Mapping[str, re.Pattern[str]]  # the same, while a paper is asked for
    sides: Mapping[str, re.Pattern[str]]  # while it is asked which side a picture shows
    named: Mapping[str, re.Pattern[str]]  # beside the name of a paper
    papers: tuple[tuple[re.Pattern[str], MaterialKind], ...]
    whose: tuple[tuple[re.Pattern[str], str], ...]


def paper_request(
    text: str, *, has_picture: bool, asked: bool, of_side: bool = False
) -> PaperRequest | None:
    """What a message wants of the papers; None if it is about something else.

    ``has_picture`` while a picture waits to be named, ``asked`` while a paper is asked for: then
    a name alone, or a bare word, is enough. ``of_side`` while it is asked which side of a card a
    picture shows.
    """
    lexicon = paper_words()
    if len(text) > _LONGEST or not (asked or has_picture or lexicon.worth.search(text)):
        return None
    plain = simplify(half_width(text)).lower().strip(" 。.!?~,…")
    said = plain if plain.isascii() else "".join(plain.split())
    if of_side:
        for side, pattern in lexicon.sides.items():
            if pattern.fullmatch(said):
                return PaperRequest(cast(Wanted, side))
    for kind, pattern in lexicon.whole.items():
        if pattern.fullmatch(said):
            return PaperRequest(cast(Wanted, kind))
    if asked:
        for kind, pattern in lexicon.asked.items():
            if pattern.fullmatch(said):
                return PaperRequest(cast(Wanted, kind))
    return _about(said, lexicon, alone=asked or has_picture)


def _about(said: str, lexicon: _Lexicon, *, alone: bool) -> PaperRequest | None:
    """A request that names a paper, or a name alone."""
    for pattern, paper in lexicon.papers:
        match = pattern.search(said)
        if match is None:
            continue
        rest = said[: match.start()] + said[match.end() :]
        whose = next((who for words, who in lexicon.whose if words.search(said)), None)
        for words, _ in lexicon.whose:
            rest = words.sub("", rest)
        rest = rest.strip()
        for kind, words in lexicon.named.items():
            if kind == _NAMES and not alone:
                continue
            if (rest or alone) and words.fullmatch(rest):
                wanted = "upload" if kind == _NAMES else kind
                return PaperRequest(cast(Wanted, wanted), paper, whose, kind == _NAMES)
        return None
    return None


@cache
def paper_words() -> _Lexicon:
    """The words for papers; read once."""
    words = table_of("papers")
    return _Lexicon(
        worth=_either(words["worth"]),
        whole={kind: _either(parts) for kind, parts in words["whole"].items()},
        asked={kind: _either(parts) for kind, parts in words["asked"].items()},
        sides={side: _either(parts) for side, parts in words["sides"].items()},
        named={kind: _either(parts) for kind, parts in words["named"].items()},
        papers=tuple(
            (_either(parts), MaterialKind(kind)) for kind, parts in words["papers"].items()
        ),
        whose=tuple((_either(parts), who) for who, parts in words["whose"].items()),
    )


def _either(parts: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in parts), re.IGNORECASE)
