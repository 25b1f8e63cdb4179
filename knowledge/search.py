"""Finding the article that answers a question, and knowing when none does."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from math import log, sqrt

from knowledge.articles import Article
from knowledge.confidence import (
    ANSWER_FROM,
    AS_ASKED,
    CLARIFY_FROM,
    NO_EVIDENCE,
    Evidence,
    confidence_of,
    is_as_written,
)
from knowledge.odds import Odds
from knowledge.other_filings import is_of_another_trade
from knowledge.places import SetApart, set_apart
from knowledge.postings import Postings
from knowledge.reading import WORD, plain, reader
from knowledge.senses import Points, point
from knowledge.spelling import Speller

_TOO_CLOSE = 0.015  # two articles as near as that: better ask
_TIE = 0.003  # and as near as that even where the confidence is great
_SURE = 0.85
_SCRAP = 0.5  # fullness of a single word (备案号, 短信), which may mean many things
_SCRAP_TOO_CLOSE = 0.08  # so that it is asked back unless one article leads by that
_SAYS_SOMETHING = 0.45  # weight of a question's terms below which it names no one article: 备案
_SUGGESTED = 4
_SUGGESTED_FROM = 0.55  # share of the best article's score
_CANDIDATES = 40
_MATCHED = 4  # words of a question that its article knows, from which all is well
_LONG = 40  # terms of a long question
_FULL = 4  # weight of terms of a question that says enough
_UNKNOWN = 0.6  # a term no article asks with, as a share of the rarest one's weight
_BODY = 0.35  # a term that only the answer holds counts for less
_ONCE = 0.7  # and so does one of a single phrasing, which may be a chance word of a story
_FEW = 6  # phrasings below which each counts in full
_PHRASING, _COVERED, _CENTRE, _SENSE = 0.27, 0.18, 0.15, 0.4  # what a score is made of
_SENSES = 3  # phrasings that tell how near an article is by its sense
_SPARSER = 0.1  # how much farther off the next one counts, where no more were found
_ELSEWHERE = 0.35  # an article for another province or kind of subject
_UNKNOWN_WHERE = 0.85  # one for some of them, while the asker's is not known
_HERE = 1.3  # one written for just this province or kind of subject
_BY_NAME = 1.15  # one of just the province that the question names
_AT_STAGE = 1.06  # one that people ask for at this stage, or at this step
_AT_STEP = 1.15
_ABOUT = 0.35  # what was said around a question, beside what is asked
_ELSEWHERE_TERM = "外地"  # what naming two provinces says
_TEMPLATE = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)


class Route(StrEnum):
    """What to do with a question."""

    ANSWER = "answer"  # sure: say the article
    CLARIFY = "clarify"  # ask which of the suggestions is meant
    FALLBACK = "fallback"  # not ours, or unknown
    HANDOVER = "handover"  # whoever asks wants a person
    SMALLTALK = "smalltalk"  # a greeting, thanks, a question about the assistant itself


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of whoever asks; None where it is not."""

    province: str | None = None
    subject_kind: str | None = None
    stage: str | None = None
    step: str | None = None
    filing_kind: str | None = None


NOBODY = Situation()


@dataclass(frozen=True, slots=True)
class Match:
    """The best article for a question, how sure that is (0 to 1), and the nearest ones."""

    article: Article | None
    confidence: float
    route: Route
    suggestions: tuple[Article, ...]
    provinces: frozenset[str] = frozenset()  # named in the question
    evidence: Evidence = NO_EVIDENCE
    nearest: str | None = None  # the best article's id, however unsure


@dataclass(frozen=True, slots=True)
class _Ranked:
    score: float
    number: int
    article: Article | None  # None for strangers
    overlap: float  # with its nearest phrasing
    sense: float  # nearness in what is meant, whatever the words


class Index:
    """The articles of one locale, ready to be asked. Built once, never changed.

    Terms weigh by how few articles hold them, as in BM25; its count of repetitions is left
    out, for in a question nothing is repeated. An article is near by its nearest phrasing, by
    the middle of all its phrasings, by how much of the question it speaks of, and by what is
    meant, whatever the words (``knowledge.senses``). ``strangers``
    are kinds of questions that sound like ours and are not: they stand in the same ranking.
    ``further`` are ways to ask that are collected apart, by article.
    """

    def __init__(
        self,
        articles: Iterable[Article],
        locale: str,
        strangers: Mapping[str, Sequence[str]] | None = None,
        further: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._reader = reader(locale)
        self._entries = _entries(articles)
        more = further or {}
        asked = [(*one.phrasings, *more.get(one.id, ())) for one, *_ in self._entries]
        asked += [tuple(phrasings) for phrasings in (strangers or {}).values()]
        texts = [list(dict.fromkeys(_placeless(one) for one in some)) for some in asked]
        self._speller = Speller(self._reader.lexicon, (one for some in texts for one in some))
        terms = [[self._reader.terms_of_plain(text) for text in some] for some in texts]
        self._rarity = _rarities(terms[: len(self._entries)])
        self._odds = Odds(
            (one for some in terms[: len(self._entries)] for one in some),
            (one for some in terms[len(self._entries) :] for one in some),
        )
        self._unknown = _UNKNOWN * log(1 + 2 * len(self._entries) + 1)
        self._known = self._terms_of_entries(terms)
        weighed = [[self._weighed(one) for one in some] for some in terms]
        self._centres = [_centre(phrasings) for phrasings in weighed]
        self._entry_of = [number for number, some in enumerate(terms) for _ in some]
        self._postings = Postings([one for some in weighed for one in some])
        self._points = Points([one for some in texts for one in some])

    def ask(
        self, question: str, who: Situation = NOBODY, *, about: str = "", topic: str | None = None
    ) -> Match:
        """The article that answers ``question`` as asked by ``who``.

        ``about`` is what was said around the question; ``topic`` the article last told.
        """
        placed, terms = self._read(question)
        said = self._speller.right(plain(about)) if about else ""
        around = self._reader.terms_of_plain(set_apart(said).text)
        context = {
            term: weight * _ABOUT
            for term, weight in self._weighed(around).items()
            if term not in terms
        }
        ranked = self._ranked(placed, terms, context, who)
        match = self._decided(ranked, terms, placed.provinces)
        if match.route is not Route.ANSWER or is_as_written(match.evidence):
            return match
        if match.article is not None and is_of_another_trade(placed.text, self._reader.lexicon):
            near = (match.article, *match.suggestions)
            return replace(match, confidence=CLARIFY_FROM, route=Route.CLARIFY, suggestions=near)
        return match

    def ranking(self, question: str, who: Situation = NOBODY) -> tuple[str, ...]:
        """The ids of all articles near a question, the nearest first, however unsure."""
        placed, terms = self._read(question)
        ranked = self._ranked(placed, terms, {}, who)
        return tuple(one.article.id for one in ranked if one.article is not None)

    def is_meant(self, question: str) -> bool:
        """Whether Latin letters are words of this index' language spelt out."""
        return self._speller.is_pinyin(plain(question))

    def _decided(
        self,
        ranked: Sequence["_Ranked"],
        terms: Mapping[str, float],
        provinces: frozenset[str],
    ) -> Match:
        ours = [one for one in ranked if one.article is not None]
        if not ours or not terms:
            return Match(None, 0.0, Route.FALLBACK, (), provinces)
        best = ours[0]
        second = next((one.score for one in ours[1:] if not _is_kin(best, one)), 0.0)
        stranger = max((one.score for one in ranked if one.article is None), default=0.0)
        evidence = Evidence(
            score=best.score,
            lead=(best.score - second) / best.score,
            strange=sum(w for term, w in terms.items() if term not in self._rarity)
            / sum(terms.values()),
            fullness=min(1.0, sum(map(self._says, terms)) / _FULL),
            stranger=min(2.0, stranger / best.score),
            ours=float(any(term in self._reader.ours for term in terms)),
            matched=min(1.0, self._matched(best, terms) / _MATCHED),
            length=min(1.0, len(terms) / _LONG),
            odds=self._odds.of(terms),
            sense=best.sense,
            nearest=best.overlap,
        )
        confidence = confidence_of(evidence)
        if evidence.nearest < AS_ASKED and any(
            one.article is None and one.overlap >= AS_ASKED for one in ranked
        ):
            confidence = min(confidence, CLARIFY_FROM)  # asked just so, and not ours
        nearest = best.article.id if best.article is not None else None
        match = Match(None, confidence, Route.FALLBACK, (), provinces, evidence, nearest)
        near = tuple(
            one.article
            for one in ours[:_SUGGESTED]
            if one.article is not None and one.score >= _SUGGESTED_FROM * best.score
        )
        says_something = sum(terms.values()) >= _SAYS_SOMETHING
        close = _TOO_CLOSE if confidence < _SURE else _TIE
        if evidence.fullness <= _SCRAP:
            close = _SCRAP_TOO_CLOSE
        clear = best.score - second >= close * best.score
        if confidence >= ANSWER_FROM and clear and says_something:
            return replace(match, article=best.article, route=Route.ANSWER, suggestions=near[1:])
        if confidence >= CLARIFY_FROM:
            return replace(match, article=best.article, route=Route.CLARIFY, suggestions=near)
        return match

    def _read(self, question: str) -> tuple[SetApart, dict[str, float]]:
        placed = set_apart(self._speller.right(plain(question)))
        if not any(map(str.isalpha, placed.text)):
            return placed, {}  # a number alone asks nothing
        terms = self._weighed(self._reader.terms_of_plain(placed.text))
        if len(placed.provinces) > 1:
            terms |= self._weighed({_ELSEWHERE_TERM: WORD})
        return placed, terms

    def _matched(self, best: "_Ranked", terms: Iterable[str]) -> float:
        """How many words of a question the best article is asked with."""
        known = self._known[best.number]
        return sum(known.get(term, 0.0) for term in terms if self._says(term))

    def _says(self, term: str) -> int:
        """How much a term adds to a question: a lone character nothing, a word most."""
        if term in self._reader.words:
            return 2
        return int(len(term) > 1)

    def _ranked(
        self,
        placed: SetApart,
        terms: Mapping[str, float],
        context: Mapping[str, float],
        who: Situation,
    ) -> list["_Ranked"]:
        """Articles and strangers, the best first."""
        said = {**terms, **context}
        whole = sum(terms.values())
        length = sqrt(sum(weight * weight for weight in said.values()))
        if not whole:
            return []
        near, senses = self._nearest(said), self._senses(placed.text)
        ranked: list[_Ranked] = []
        for number in dict.fromkeys((*islice(near, _CANDIDATES), *islice(senses, _CANDIDATES))):
            article = self._told_in(number, placed.provinces)
            if article is None and number < len(self._entries):
                continue
            known, centre = self._known[number], self._centres[number]
            overlap, sense = near.get(number, 0.0), max(0.0, senses.get(number, 0.0))
            covered = sum(weight * known.get(term, 0.0) for term, weight in terms.items()) / whole
            along = sum(weight * centre.get(term, 0.0) for term, weight in said.items()) / length
            score = _PHRASING * overlap + _COVERED * covered + _CENTRE * along + _SENSE * sense
            if article is not None:
                score *= _suits(article, who, placed.provinces)
            ranked.append(_Ranked(score, number, article, overlap, sense))
        ranked.sort(key=lambda one: (-one.score, one.number))
        return ranked

    def _senses(self, text: str) -> dict[int, float]:
        """Entries by how near they are in what is meant: the mean of their nearest phrasings."""
        asked = point(text)
        if asked is None:
            return {}
        found: dict[int, list[float]] = {}
        for nearness, number in self._points.nearest(asked):
            found.setdefault(self._entry_of[number], []).append(nearness)
        means = {
            entry: sum([*some, *[some[-1] - _SPARSER] * _SENSES][:_SENSES]) / _SENSES
            for entry, some in found.items()
        }
        return dict(sorted(means.items(), key=lambda one: (-one[1], one[0])))

    def _told_in(self, number: int, named: frozenset[str]) -> Article | None:
        """An entry's article; of those made for each province that of the province named."""
        if number >= len(self._entries):
            return None
        entry = self._entries[number]
        if not entry[0].only_if_named:
            return entry[0]
        return next((one for one in entry if not named.isdisjoint(one.provinces)), None)

    def _nearest(self, terms: Mapping[str, float]) -> dict[int, float]:
        """Entries by the overlap with their nearest phrasing, the nearest first."""
        best: dict[int, float] = {}
        for overlap, number in self._postings.nearest(terms):
            entry = self._entry_of[number]
            best.setdefault(entry, overlap)
        return best

    def _weighed(self, terms: Mapping[str, float]) -> dict[str, float]:
        return {
            term: weight * self._rarity.get(term, self._unknown) for term, weight in terms.items()
        }

    def _terms_of_entries(
        self, terms: Sequence[Sequence[Mapping[str, float]]]
    ) -> list[dict[str, float]]:
        """For every entry the terms it knows: 1 where asked for, less where only answered."""
        known: list[dict[str, float]] = []
        for number, phrasings in enumerate(terms):
            words: dict[str, float] = {}
            if number < len(self._entries):
                body = _TEMPLATE.sub(" ", self._entries[number][0].body)
                words = dict.fromkeys(self._reader.whole(body), _BODY)
            held = Counter(term for phrasing in phrasings for term in phrasing)
            once = 1.0 if len(phrasings) < _FEW else _ONCE
            words.update((term, 1.0 if by > 1 else once) for term, by in held.items())
            known.append(words)
        return known


def _centre(phrasings: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The middle of an entry's weighed phrasings, of length 1."""
    middle: dict[str, float] = {}
    for phrasing in phrasings:
        for term, weight in phrasing.items():
            middle[term] = middle.get(term, 0.0) + weight
    length = sqrt(sum(weight * weight for weight in middle.values())) or 1.0
    return {term: weight / length for term, weight in middle.items()}


def _is_kin(one: _Ranked, other: _Ranked) -> bool:
    """Whether one of two articles leads on to the other, so that either serves."""
    if one.article is None or other.article is None:
        return False
    return other.article.id in one.article.related or one.article.id in other.article.related


def _rarities(terms: Sequence[Sequence[Mapping[str, float]]]) -> dict[str, float]:
    held: dict[str, int] = {}
    for phrasings in terms:
        for term in {term for phrasing in phrasings for term in phrasing}:
            held[term] = held.get(term, 0) + 1
    every = len(terms)
    return {term: log(1 + (every - by + 0.5) / (by + 0.5)) for term, by in held.items()}


def _entries(articles: Iterable[Article]) -> list[tuple[Article, ...]]:
    """Articles one by one; those that only a province's name tells apart together."""
    found: list[tuple[Article, ...]] = []
    alike: dict[str, list[Article]] = {}
    for article in articles:
        if article.only_if_named:
            alike.setdefault(_placeless(article.title), []).append(article)
        else:
            found.append((article,))
    return found + [tuple(some) for some in alike.values()]


def _placeless(text: str) -> str:
    return set_apart(plain(text)).text


def _suits(article: Article, who: Situation, named: frozenset[str]) -> float:
    """How much better or worse an article is for this person than for anybody."""
    factor = 1.0
    provinces = set(named) or ({who.province} if who.province else set())
    for wanted, known in (
        (article.provinces, provinces),
        (article.subject_kinds, {who.subject_kind} if who.subject_kind else set()),
        (article.filing_kinds, {who.filing_kind} if who.filing_kind else set()),
    ):
        if wanted and known:
            factor *= _HERE if known & set(wanted) else _ELSEWHERE
        elif wanted:
            factor *= _UNKNOWN_WHERE
    if article.only_if_named:
        factor *= _BY_NAME
    if who.stage in article.stages:
        factor *= _AT_STAGE
    if who.step in article.steps:
        factor *= _AT_STEP
    return factor
