"""Which phrasings share terms with a question, found without reading all of them."""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Final

_FREQUENT: Final = 2_000  # phrasings that hold a term; one held by more finds none by itself
_ENOUGH: Final = 8_000  # places read for rare terms before the frequent ones are left to them

_MOST: Final = 600  # phrasings that are looked at more closely


class Postings:
    """Phrasings by their terms. ``weights`` hold one mapping of terms for each phrasing."""

    def __init__(self, weights: Sequence[Mapping[str, float]]) -> None:
        self._root = [sqrt(sum(terms.values())) or 1.0 for terms in weights]
        self._lists: dict[str, list[int]] = {}
        self._weight: dict[str, float] = {}
        for number, terms in enumerate(weights):
            for term, weight in terms.items():
                self._lists.setdefault(term, []).append(number)
                self._weight[term] = weight
        self._holds: dict[str, bytearray] = {}
        for term, numbers in self._lists.items():
            if len(numbers) > _FREQUENT:
                held = self._holds[term] = bytearray(len(weights))
                for number in numbers:
                    held[number] = 1

    def nearest(self, terms: Mapping[str, float]) -> list[tuple[float, int]]:
        """Phrasings by their overlap with a question, the greatest first.

        It is the weight of the terms shared, by that of all on either side, 0 to 1. Where the
        rare terms of a question find phrasings enough, its frequent ones only add to these.
        """
        whole = sum(terms.values())
        if not whole:
            return []
        common: dict[int, float] = {}
        read = 0
        known = [term for term in terms if term in self._lists]
        for term in sorted(known, key=lambda one: (len(self._lists[one]), one)):
            weight, numbers = self._weight[term], self._lists[term]
            held = self._holds.get(term)
            if held is not None and read > 0 and read + len(numbers) > _ENOUGH:
                for number in common:
                    if held[number]:
                        common[number] += weight
                continue
            read += len(numbers)
            for number in numbers:
                common[number] = common.get(number, 0.0) + weight
        root = self._root
        found = [(shared / root[number], -number) for number, shared in common.items()]
        found.sort(reverse=True)
        return [(overlap / sqrt(whole), -number) for overlap, number in found[:_MOST]]
