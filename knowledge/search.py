"""Finding the article that answers a question, and knowing when none does."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import log, sqrt

from knowledge.articles import Article
from knowledge.places import provinces_spoken_of, with_provinces_named
from knowledge.reading import reader

ANSWER_FROM = 0.45
"""Confidence from which the assistant answers on its own; calibrated on tests/knowledge."""

CLARIFY_FROM = 0.32
"""Confidence from which it asks which article is meant."""

_TOO_CLOSE = 0.02  # two articles as near as that: better ask
_LEAD = 0.3  # what the distance to the next article adds to the confidence
_SUGGESTED = 3
_CANDIDATES = 12
_COVERAGE = 0.45  # share of the whole article in the confidence; the rest is one phrasing's
_FEW = 5  # pairs and words: a question of fewer is hardly one
_FEW_NEED_MORE = 0.4  # by how much a question of none at all must be surer
_BODY = 0.4  # a term that only the answer holds counts for less
_ELSEWHERE = 0.6  # an article for another province or kind of subject
_HERE = 1.25  # one written for just this province or kind of subject
_AT_STAGE = 1.08  # one that people ask for at this stage, or at this step
_AT_STEP = 1.15
_STRANGE = 0.4  # a neighbour's question counts from this overlap on
_TEMPLATE = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)


class Route(StrEnum):
    """What to do with a question."""

    ANSWER = "answer"  # sure: say the article
    CLARIFY = "clarify"  # ask which of the suggestions is meant
    FALLBACK = "fallback"  # not ours, or unknown


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of whoever asks; None where it is not."""

    province: str | None = None
    subject_kind: str | None = None
    stage: str | None = None
    step: str | None = None


NOBODY = Situation()


@dataclass(frozen=True, slots=True)
class Match:
    """The best article for a question, how sure that is (0 to 1), and the nearest ones."""

    article: Article | None
    confidence: float
    route: Route
    suggestions: tuple[Article, ...]


class Index:
    """The articles of one locale, ready to be asked. Built once, never changed.

    Terms (characters, pairs of characters, words) weigh by how few articles hold them, as in
    BM25; its count of repetitions is left out, for in a question nothing is repeated. The
    confidence is the mean overlap with the nearest phrasing and with the article as a whole,
    so that words no article knows pull it down; a question of a word or two must be surer.
    ``neighbours`` are questions that sound like ours and are not.
    """

    def __init__(
        self, articles: Iterable[Article], locale: str, neighbours: Iterable[str] = ()
    ) -> None:
        self._articles = tuple(articles)
        self._reader = reader(locale)
        phrasings = [
            (number, self._reader.terms(phrasing))
            for number, article in enumerate(self._articles)
            for phrasing in article.phrasings
        ]
        self._strangers = len(phrasings)  # phrasings from here on are the neighbours'
        self._known = self._terms_of_articles(phrasings)
        self._rarity = self._rarities()
        self._unknown = log(1 + 2 * len(self._articles) + 1)
        phrasings += [(-1, self._reader.terms(neighbour)) for neighbour in neighbours]
        self._article_of = [number for number, _ in phrasings]
        self._weight_of: list[float] = []
        self._postings: dict[str, list[tuple[int, float]]] = {}
        self._post(terms for _, terms in phrasings)

    def ask(self, question: str, who: Situation = NOBODY) -> Match:
        """The article that answers ``question`` as asked by ``who``."""
        terms = {
            term: weight * self._rarity.get(term, self._unknown)
            for term, weight in self._reader.terms(with_provinces_named(question)).items()
        }
        fullness = min(1.0, sum(len(term) > 1 for term in terms) / _FEW)
        named = set(provinces_spoken_of(question))
        ranked = self._ranked(terms, fullness, who, named)
        if not ranked:
            return Match(None, 0.0, Route.FALLBACK, ())
        score, best = ranked[0]
        lead = score - (ranked[1][0] if len(ranked) > 1 else 0.0)
        confidence = min(1.0, score + _LEAD * lead * fullness)
        near = tuple(article for close, article in ranked[:_SUGGESTED] if close >= CLARIFY_FROM)
        sure = confidence >= ANSWER_FROM + _FEW_NEED_MORE * (1 - fullness)
        if sure and lead >= _TOO_CLOSE:
            return Match(best, confidence, Route.ANSWER, near[1:])
        if confidence >= CLARIFY_FROM:
            return Match(best, confidence, Route.CLARIFY, near or (best,))
        return Match(None, confidence, Route.FALLBACK, ())

    def _ranked(
        self, terms: Mapping[str, float], fullness: float, who: Situation, named: set[str]
    ) -> list[tuple[float, Article]]:
        """Articles with their scores, the best first. ``named`` are provinces in the question."""
        whole = sum(terms.values())
        if not whole:
            return []
        nearest, stranger = self._nearest(terms, whole, named)
        share = _COVERAGE * fullness
        ranked = []
        for number, overlap in nearest[:_CANDIDATES]:
            article, known = self._articles[number], self._known[number]
            covered = sum(weight * known.get(term, 0.0) for term, weight in terms.items()) / whole
            score = (1 - share) * overlap + share * covered
            if stranger > max(overlap, _STRANGE):  # nearer to a neighbour's question than to ours
                score *= overlap / stranger * _ELSEWHERE
            ranked.append((score * _suits(article, who, named), article))
        ranked.sort(key=lambda pair: -pair[0])
        return ranked

    def _nearest(
        self, terms: Mapping[str, float], whole: float, named: set[str]
    ) -> tuple[list[tuple[int, float]], float]:
        """Articles by the overlap with their nearest phrasing, and the nearest neighbour's."""
        common: dict[int, float] = {}
        for term in terms:
            for number, weight in self._postings.get(term, ()):
                common[number] = common.get(number, 0.0) + weight
        best: dict[int, float] = {}
        stranger = 0.0
        for number, shared in common.items():
            overlap = shared / sqrt(whole * self._weight_of[number])
            if number >= self._strangers:
                stranger = max(stranger, overlap)
                continue
            article = self._article_of[number]
            if self._articles[article].only_if_named and named.isdisjoint(
                self._articles[article].provinces
            ):
                continue
            if overlap > best.get(article, 0.0):
                best[article] = overlap
        return sorted(best.items(), key=lambda pair: -pair[1]), stranger

    def _terms_of_articles(
        self, phrasings: Iterable[tuple[int, Mapping[str, float]]]
    ) -> list[dict[str, float]]:
        """For every article the terms it knows: 1 where asked for, less where only answered."""
        known = [
            dict.fromkeys(self._reader.whole(_TEMPLATE.sub(" ", article.body)), _BODY)
            for article in self._articles
        ]
        for number, terms in phrasings:
            known[number].update(dict.fromkeys(terms, 1.0))
        return known

    def _rarities(self) -> dict[str, float]:
        held: dict[str, int] = {}
        every = 0
        for article, known in zip(self._articles, self._known, strict=True):
            if article.only_if_named:  # thirty-one of a kind would make its words common ones
                continue
            every += 1
            for term, how in known.items():
                if how == 1.0:
                    held[term] = held.get(term, 0) + 1
        return {term: log(1 + (every - by + 0.5) / (by + 0.5)) for term, by in held.items()}

    def _post(self, phrasings: Iterable[Mapping[str, float]]) -> None:
        for number, terms in enumerate(phrasings):
            weights = {
                term: weight * self._rarity.get(term, self._unknown)
                for term, weight in terms.items()
            }
            self._weight_of.append(sum(weights.values()) or 1.0)
            for term, weight in weights.items():
                self._postings.setdefault(term, []).append((number, weight))


def _suits(article: Article, who: Situation, named: set[str]) -> float:
    """How much better or worse an article is for this person than for anybody."""
    factor = 1.0
    provinces = named or ({who.province} if who.province else set())
    for wanted, known in (
        (article.provinces, provinces),
        (article.subject_kinds, {who.subject_kind} if who.subject_kind else set()),
    ):
        if wanted and known:
            factor *= _HERE if known & set(wanted) else _ELSEWHERE
    if who.stage in article.stages:
        factor *= _AT_STAGE
    if who.step in article.steps:
        factor *= _AT_STEP
    return factor
