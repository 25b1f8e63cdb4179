"""Whether the terms of a question are those of our questions or of others."""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import log
from typing import Final

_UNSEEN: Final = 0.5  # how often a term counts as held that no phrasing holds


class Odds:
    """How much each term speaks for our questions: the log of its share in them and in others."""

    def __init__(
        self, ours: Iterable[Mapping[str, float]], others: Iterable[Mapping[str, float]]
    ) -> None:
        here, there = list(ours), list(others)
        held, elsewhere = (Counter(t for one in some for t in one) for some in (here, there))
        self._base = log((len(there) + 2 * _UNSEEN) / (len(here) + 2 * _UNSEEN)) if there else 0.0
        self._of: dict[str, float] = {}
        if there:
            for term in {*held, *elsewhere}:
                share = (held[term] + _UNSEEN) / (elsewhere[term] + _UNSEEN)
                self._of[term] = self._base + log(share)

    def of(self, terms: Iterable[str]) -> float:
        """The mean over some terms; 0 where there is nothing to tell them by."""
        each = [self._of.get(term, self._base) for term in terms]
        return sum(each) / len(each) if each else 0.0
