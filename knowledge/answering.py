"""Answering questions: the fitting article, filled in with the rules in force for whoever asks."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias

from filing.rulebook import Rulebook
from knowledge.articles import Article, load_articles
from knowledge.finding import find
from knowledge.further import further_phrasings
from knowledge.manners import smalltalk, wants_a_person
from knowledge.places import provinces_spoken_of
from knowledge.provider import ProviderProfile
from knowledge.province_articles import province_articles, unruled_articles
from knowledge.reading import subject_kinds_named
from knowledge.rejections import load_rejection_book
from knowledge.return_reading import Reasons
from knowledge.return_telling import explain, letter_of_return
from knowledge.search import Index, Route, Situation
from knowledge.telling import Citation, Hearer, Teller, Told, places
from knowledge.toml_reader import LOCALES

__all__ = ["Asked", "Citation", "Found", "Knowledge", "Route", "Suggestion", "Told"]

_HAN = re.compile(r"[\u3400-\u9fff]")
_Phrasings: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]  # by article or kind of stranger
_TOLD_FOR = {"zh-CN": "（按{where}的规定）", "en": "(By the rules of {where}.)"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what is known of whoever asks: ``None`` where it is not."""

    question: str
    locale: str
    on: date  # the day whose rules are told
    province: str | None = None
    subject_kind: str | None = None
    stage: str | None = None
    step: str | None = None
    filing_kind: str | None = None
    topic: str | None = None  # the article told last, for questions that go on from it

    @property
    def hearer(self) -> Hearer:
        """Whom the answer is for."""
        return Hearer(self.on, self.province, self.subject_kind)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An article to offer."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a question.

    ``text`` and ``citations`` are set only for ``Route.ANSWER``; ``article`` is then the first
    one told, for ``Route.CLARIFY`` the nearest. ``suggestions`` are further reading, or what
    may have been meant. Of a message that asks several things all that can be are answered, and
    ``unanswered`` holds the rest. ``talk`` is the kind of small talk.
    """

    route: Route
    confidence: float  # 0 to 1
    article: str | None = None
    text: str = ""
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    unanswered: tuple[str, ...] = ()
    talk: str | None = None


@dataclass(slots=True)
class Knowledge:
    """All articles, read when first asked for.

    Bodies may use ``provider`` (its short name), ``profile`` (the whole ProviderProfile),
    ``province`` (``""`` if unknown), ``rule(key)``, ``rule(key, subject)`` or
    ``rule(key, subject, province)``: the value in force for them, or None (for the province
    None what holds everywhere), and ``differs(key)``: a sentence on where sources disagree on
    that rule, or ``""``. ``province_rules(province, topic)`` tells a province's rules,
    ``provinces_where(key, values…)`` names the provinces whose rule says so,
    ``numbers_by_province(key)`` those whose number is not the nation's, ``rejection(code)`` tells
    cause and cure of a return.

    ``extra_dir`` is an operator's content folder with ``articles/<locale>``.
    """

    rulebook: Rulebook
    profile: ProviderProfile
    extra_dir: Path | None = None
    _articles: dict[str, Mapping[str, Article]] = field(init=False, default_factory=dict)
    _indexes: dict[str, Index] = field(init=False, default_factory=dict)
    _teller: Teller = field(init=False)

    def __post_init__(self) -> None:
        """Be ready to fill in bodies."""
        self._teller = Teller(self.rulebook, self.profile, self.extra_dir)

    def answer(self, asked: Asked) -> Found:
        """Answer a question, offer what may be meant, or say that it is not known here."""
        talk = smalltalk(asked.question)
        if talk is not None:
            return Found(Route.SMALLTALK, 1.0, talk=talk)
        if wants_a_person(asked.question):
            return Found(Route.HANDOVER, 1.0)
        locale = self._language(asked)
        returned = letter_of_return(asked.question, load_rejection_book())
        if returned is not None:
            return self._explained(returned, asked)
        before, asked = asked, _as_said(asked)
        who = Situation(
            asked.province, asked.subject_kind, asked.stage, asked.step, asked.filing_kind
        )
        topic = self.articles(locale).get(self.id_today(asked.topic)) if asked.topic else None
        found = find(self._index(locale), asked.question, who, topic)
        match = found.best
        suggestions = tuple(
            Suggestion(one.id, self._spoken(one, asked).title) for one in match.suggestions
        )
        if match.article is None or match.route is not Route.ANSWER:
            nearest = None if match.article is None else match.article.id
            return Found(match.route, match.confidence, nearest, suggestions=suggestions)
        told = [self.tell_article(self._spoken(one.article, asked), asked)
                for one in found.matches if one.article is not None]  # fmt: skip
        language = self._spoken(match.article, asked).locale
        return Found(
            Route.ANSWER,
            min(one.confidence for one in found.matches),
            told[0].article,
            "\n\n".join((*_asked_for(before, asked, language), *(one.text for one in told))),
            tuple(dict.fromkeys(citation for one in told for citation in one.citations)),
            suggestions if len(told) == 1 else (),
            found.unanswered,
        )

    def _explained(self, returned: Reasons, asked: Asked) -> Found:
        """A letter of return: each of its reasons with the cure."""
        book = load_rejection_book()
        text = explain(returned, book, asked.locale)
        sources = [book.rejections[code].source for code in returned.codes]
        cited = (Citation(s.title, s.url or "", book.reviewed_on.isoformat()) for s in sources)
        alone = f"rejection_{returned.codes[0].lower()}" if len(returned.codes) == 1 else ""
        article = alone if alone in self.articles(LOCALES[0]) else "returned"
        return Found(Route.ANSWER, 1.0, article, text, tuple(dict.fromkeys(cited)))

    def tell(
        self,
        article_id: str,
        *,
        locale: str,
        on: date,
        province: str | None = None,
        subject_kind: str | None = None,
    ) -> Told | None:
        """One article by its id, or None if there is none: in ``locale``, else in Chinese."""
        article_id = self.id_today(article_id)
        for language in (locale, LOCALES[0]):
            article = self.articles(language).get(article_id)
            if article is not None:
                return self._teller.tell(article, Hearer(on, province, subject_kind))
        return None

    def title(self, article_id: str, locale: str) -> str | None:
        """An article's title, in ``locale`` if it is written in it; None if there is none."""
        article_id = self.id_today(article_id)
        for language in (locale, *LOCALES):
            article = self.articles(language).get(article_id)
            if article is not None:
                return article.title
        return None

    def near(self, article_id: str, locale: str) -> tuple[Suggestion, ...]:
        """The articles that one is related to."""
        article_id = self.id_today(article_id)
        article = self.articles(locale).get(article_id) or self.articles(LOCALES[0]).get(article_id)
        related = article.related if article is not None else ()
        titles = ((one, self.title(one, locale)) for one in related)
        return tuple(Suggestion(one, title) for one, title in titles if title is not None)

    def at_step(
        self,
        step: str,
        locale: str,
        *,
        province: str | None = None,
        subject_kind: str | None = None,
    ) -> tuple[Suggestion, ...]:
        """The articles written for a question of the form, the most particular first."""
        found = [
            article
            for article in self.articles(locale).values()
            if step in article.steps
            and (not article.provinces or province in article.provinces)
            and (not article.subject_kinds or subject_kind in article.subject_kinds)
        ]
        found.sort(
            key=lambda one: (
                not one.provinces,
                not one.subject_kinds,
                one.topic != "form",  # how to fill it in comes before what else there is to say
                len(one.steps),
            )
        )
        return tuple(Suggestion(article.id, article.title) for article in found)

    def articles(self, locale: str) -> Mapping[str, Article]:
        """The articles of a locale by id; empty for a locale nobody writes in."""
        if locale not in LOCALES:
            return {}
        found = self._articles.get(locale)
        if found is None:
            written = load_articles(locale, self.extra_dir)
            made = province_articles(self.rulebook, locale)
            unruled = unruled_articles(self.rulebook, locale, written)
            found = self._articles[locale] = {**made, **unruled, **written}
        return found

    def id_today(self, article_id: str) -> str:
        """The id of the article that holds what one of that id said, if it was merged since."""
        if any(article_id in self.articles(locale) for locale in LOCALES):
            return article_id
        merged = (one for locale in LOCALES for one in self.articles(locale).values())
        return next((one.id for one in merged if article_id in one.formerly), article_id)

    def load(self) -> None:
        """Read everything now. Raises BrokenContent if an article cannot be used."""
        for locale in LOCALES:
            self._index(locale)

    def take_over(self, read: "Knowledge") -> None:
        """Answer from what another one has read, from the next question on."""
        self._articles, self._indexes, self._teller = read._articles, read._indexes, read._teller

    def _language(self, asked: Asked) -> str:
        """The language to search in: that of the question, whatever the conversation's is."""
        if _HAN.search(asked.question) or self._index(LOCALES[0]).is_meant(asked.question):
            return LOCALES[0]
        return LOCALES[1]

    def _spoken(self, article: Article, asked: Asked) -> Article:
        """The same article in the conversation's language, where it exists.

        Whoever asks a whole sentence in English is answered in it: Chinese is only spoken
        where no language was chosen.
        """
        if article.locale != LOCALES[0] and len(asked.question.split()) > 2:
            return article
        return self.articles(asked.locale).get(article.id, article)

    def _index(self, locale: str) -> Index:
        found = self._indexes.get(locale)
        if found is None:
            found = self._indexes[locale] = _index_of(
                locale,
                tuple(self.articles(locale).values()),
                tuple(strangers(locale).items()),
                tuple(further_phrasings(locale).items()),
            )
        return found

    def tell_article(self, article: Article, asked: Asked) -> Told:
        """An article filled in for whoever asks."""
        return self._teller.tell(article, asked.hearer)

    def fill(self, article: Article, hearer: Hearer) -> str:
        """An article's text alone. Raises what ``Teller.fill`` does where it cannot be told."""
        return self._teller.fill(article, hearer)

    def is_same_for_all(self, article: Article) -> bool:
        """Whether an article that was filled in today asked nothing of its hearer."""
        return self._teller.is_same_for_all(article)


@lru_cache(maxsize=len(LOCALES))
def _index_of(
    locale: str, articles: tuple[Article, ...], strange: _Phrasings, further: _Phrasings
) -> Index:
    """An index never changes: what was not edited is not indexed again, whoever asks for it."""
    return Index(articles, locale, dict(strange), dict(further))


def _as_said(asked: Asked) -> Asked:
    """What is asked for whom the question itself names, else for whoever asks."""
    provinces = provinces_spoken_of(asked.question)
    kinds, _ = subject_kinds_named(asked.question)
    return replace(
        asked,
        province=next(iter(provinces)) if len(provinces) == 1 else asked.province,
        subject_kind=kinds[0] if len(kinds) == 1 else asked.subject_kind,
    )


def _asked_for(before: Asked, asked: Asked, locale: str) -> tuple[str, ...]:
    """For which province an answer is, where the question names another than the asker's."""
    if asked.province is None or before.province in (None, asked.province):
        return ()
    return (_TOLD_FOR[locale].format(where=places((asked.province,), locale)),)


def strangers(locale: str) -> Mapping[str, tuple[str, ...]]:
    """Questions of a locale that sound like ours and are not, by kind."""
    text = (files("knowledge") / "neighbours.toml").read_text(encoding="utf-8")
    return {kind: tuple(some) for kind, some in tomllib.loads(text)[locale].items()}


def neighbours(locale: str) -> tuple[str, ...]:
    """All of them."""
    return tuple(one for some in strangers(locale).values() for one in some)
