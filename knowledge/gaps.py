"""What people ask and the articles do not answer: like questions together, most asked first."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log, sqrt

from knowledge.article import Article
from knowledge.phrasing import same_question
from knowledge.reading import reader

_ALIKE = 0.45  # cosine from which a question belongs to those before it
_NEAR = 0.2  # and from which an article is worth a look
_ONCE = 0.3  # what only one text says is chance more often than matter
_SAMPLES = 5

_Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that no article answered, or that ``article`` did not."""

    number: int
    text: str
    locale: str
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that seem to want the same article.

    ``samples`` are wordings, the most typical first. ``nearest`` is the id of the article that
    comes closest to them, ``told`` of the one that most of them were told in vain.
    """

    numbers: tuple[int, ...]
    locale: str
    samples: tuple[str, ...]
    nearest: str | None = None
    told: str | None = None

    @property
    def name(self) -> int:
        """The number of its first question, by which it is called."""
        return self.numbers[0]


def find_gaps(
    misses: Iterable[Miss], articles: Mapping[str, Mapping[str, Article]]
) -> tuple[Gap, ...]:
    """The gaps that ``misses`` show, the most asked first; ``articles`` by locale and id.

    The same questions always fall into the same gaps.
    """
    by_locale: dict[str, list[Miss]] = {}
    for miss in sorted(misses, key=lambda miss: miss.number):
        by_locale.setdefault(miss.locale, []).append(miss)
    found = [
        gap
        for locale, asked in sorted(by_locale.items())
        for gap in _gaps_of(asked, locale, articles.get(locale, {}))
    ]
    return tuple(sorted(found, key=lambda gap: (-len(gap.numbers), gap.name)))


def _gaps_of(misses: Sequence[Miss], locale: str, articles: Mapping[str, Article]) -> Iterator[Gap]:
    phrasings = [
        (article.id, _terms(phrasing, locale))
        for article in articles.values()
        for phrasing in article.phrasings
    ]
    asked = [_terms(miss.text, locale) for miss in misses]
    rarity = _rarity([*asked, *(terms for _, terms in phrasings)])
    shelf = _Shelf()
    for miss, terms in zip(misses, asked, strict=True):
        shelf.put(miss, _weighed(terms, rarity))
    known = _Postings()
    for _, terms in phrasings:
        known.add(_weighed(terms, rarity))
    for group in shelf.groups:
        likeness, place = known.nearest(group.sum)
        nearest = phrasings[place][0] if likeness >= _NEAR else None
        told = Counter(miss.article for miss in group.misses if miss.article is not None)
        yield Gap(
            tuple(miss.number for miss in group.misses),
            locale,
            group.samples(),
            nearest,
            told.most_common(1)[0][0] if told else None,
        )


@dataclass(slots=True)
class _Postings:
    """Vectors found by the terms they hold."""

    lengths: list[float] = field(default_factory=list)
    of: dict[str, dict[int, float]] = field(default_factory=dict)

    def add(self, vector: _Vector) -> None:
        self.lengths.append(0.0)
        self.change(len(self.lengths) - 1, vector)

    def change(self, place: int, vector: _Vector) -> None:
        self.lengths[place] = _length(vector)
        for term, weight in vector.items():
            self.of.setdefault(term, {})[place] = weight

    def nearest(self, vector: _Vector) -> tuple[float, int]:
        """The cosine of the likest vector and its place; the first of equals."""
        shared: dict[int, float] = {}
        for term, weight in vector.items():
            for place, other in self.of.get(term, {}).items():
                shared[place] = shared.get(place, 0.0) + weight * other
        length = _length(vector)
        best = max(
            ((dot / (length * self.lengths[place]), -place) for place, dot in shared.items()),
            default=(0.0, 0),
        )
        return best[0], -best[1]


@dataclass(slots=True)
class _Group:
    misses: list[Miss]
    vectors: list[_Vector]
    sum: dict[str, float]

    def samples(self) -> tuple[str, ...]:
        """Different wordings, nearest to the middle first."""
        length = _length(self.sum)
        ranked = sorted(
            zip(self.misses, self.vectors, strict=True),
            key=lambda pair: (
                -_dot(pair[1], self.sum) / (_length(pair[1]) * length),
                pair[0].number,
            ),
        )
        wordings: dict[str, str] = {}
        for miss, _ in ranked:
            wordings.setdefault(same_question(miss.text), miss.text)
        return tuple(wordings.values())[:_SAMPLES]


@dataclass(slots=True)
class _Shelf:
    """Groups as they grow: each question joins the likest one, or begins another."""

    groups: list[_Group] = field(default_factory=list)
    middles: _Postings = field(default_factory=_Postings)

    def put(self, miss: Miss, vector: _Vector) -> None:
        likeness, place = self.middles.nearest(vector)
        if likeness < _ALIKE:
            self.groups.append(_Group([miss], [vector], dict(vector)))
            self.middles.add(vector)
            return
        group = self.groups[place]
        group.misses.append(miss)
        group.vectors.append(vector)
        for term, weight in vector.items():
            group.sum[term] = group.sum.get(term, 0.0) + weight
        self.middles.change(place, group.sum)


def _terms(text: str, locale: str) -> _Vector:
    """What a text is about; of one that says nothing readable, the text itself."""
    return reader(locale).terms(text) or {same_question(text) or text: 1.0}


def _rarity(vectors: Sequence[_Vector]) -> _Vector:
    held: Counter[str] = Counter(term for vector in vectors for term in vector)
    return {
        term: log(1 + len(vectors) / by) * (1 if by > 1 else _ONCE) for term, by in held.items()
    }


def _weighed(vector: _Vector, rarity: _Vector) -> _Vector:
    return {term: weight * rarity[term] for term, weight in vector.items()}


def _length(vector: _Vector) -> float:
    return sqrt(sum(weight * weight for weight in vector.values())) or 1.0


def _dot(one: _Vector, other: _Vector) -> float:
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())
