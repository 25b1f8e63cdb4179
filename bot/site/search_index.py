"""What the site's search looks up: which page holds which term, and how weightily."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Any

from filing.identifiers.normalise import half_width
from filing.simplified import simplify

_RUN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_ASKED, _LEAST_ASKED, _SAID = 12, 2, 1
_SHORTEST_PLURAL = 4


@dataclass(frozen=True, slots=True)
class Searched:
    """One place to find: its address, its title and where it belongs, and its words."""

    address: str
    title: str
    under: str
    asked: tuple[str, ...]
    said: str


def search_index(places: Iterable[Searched]) -> dict[str, Any]:
    """The index as static/site.js reads it.

    ``pages`` are [address, title, under]; ``terms`` maps a term to page and weight in turn;
    ``simplified`` holds pairs of a traditional character and the one the terms have for it.
    """
    pages = []
    terms: dict[str, list[int]] = {}
    for number, place in enumerate(places):
        pages.append([place.address, place.title, place.under])
        weights = dict.fromkeys(terms_of(place.said), _SAID)
        for phrasing in (place.title, *place.asked):
            held = set(terms_of(phrasing))
            # Of a short phrasing each term says more.
            weight = max(_LEAST_ASKED, round(_ASKED / sqrt(len(held) or 1)))
            weights.update({term: max(weights.get(term, 0), weight) for term in held})
        for term, weight in weights.items():
            terms.setdefault(term, []).extend((number, weight))
    known = {sign for term in terms for sign in term}
    return {"pages": pages, "terms": terms, "simplified": _traditional(known)}


def terms_of(text: str) -> Iterator[str]:
    """Latin words in lower case without a plural s, and pairs of neighbouring characters."""
    for run in _RUN.findall(simplify(half_width(text)).lower()):
        if run[0].isascii():
            plural = len(run) >= _SHORTEST_PLURAL and run.endswith("s")
            yield run[:-1] if plural else run
        elif len(run) == 1:
            yield run
        else:
            yield from (run[at : at + 2] for at in range(len(run) - 1))


def _traditional(known: set[str]) -> str:
    signs = map(chr, range(0x3400, 0xA000))
    pairs = ((sign, simplify(sign)) for sign in signs)
    return "".join(sign + plain for sign, plain in pairs if sign != plain and plain in known)
