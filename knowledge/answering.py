"""Answering questions: the fitting article, filled in with the rules in force for whoever asks."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, Template

from filing.rulebook import Rulebook
from knowledge.articles import Article, load_articles
from knowledge.places import provinces_spoken_of
from knowledge.provider import ProviderProfile
from knowledge.province_articles import province_articles, tell_province
from knowledge.rejection_wording import tell_rejection
from knowledge.rule_telling import RuleTelling
from knowledge.rule_wording import load_statements
from knowledge.search import Index, Route, Situation
from knowledge.templates import text_environment
from knowledge.toml_reader import LOCALES

__all__ = ["Asked", "Citation", "Found", "Knowledge", "Route", "Suggestion", "Told"]

_HAN = re.compile(r"[\u3400-\u9fff]")
_BLANK_LINES = re.compile(r"\n{3,}")
_TRAILING_BLANKS = re.compile(r"[ \t]+$", re.MULTILINE)


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


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer comes from, and the ISO date its facts were last checked."""

    title: str
    url: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An article to offer."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Told:
    """An article as it is told to one person."""

    article: str
    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a question.

    ``article``, ``text`` and ``citations`` are set only for ``Route.ANSWER``; ``suggestions``
    are then further reading, for ``Route.CLARIFY`` what may have been meant.
    """

    route: Route
    confidence: float  # 0 to 1
    article: str | None = None
    text: str = ""
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


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
    _environment: Environment = field(init=False, default_factory=text_environment)
    _templates: dict[tuple[str, str], Template] = field(init=False, default_factory=dict)

    def answer(self, asked: Asked) -> Found:
        """Answer a question, offer what may be meant, or say that it is not known here."""
        locale = self._language(asked)
        if asked.province is None and len(spoken_of := provinces_spoken_of(asked.question)) == 1:
            asked = replace(asked, province=next(iter(spoken_of)))
        who = Situation(asked.province, asked.subject_kind, asked.stage, asked.step)
        match = self._index(locale).ask(asked.question, who)
        suggestions = tuple(
            Suggestion(one.id, self._spoken(one, asked.locale).title) for one in match.suggestions
        )
        if match.article is None or match.route is not Route.ANSWER:
            return Found(match.route, match.confidence, suggestions=suggestions)
        told = self.tell_article(self._spoken(match.article, asked.locale), asked)
        return Found(
            match.route, match.confidence, told.article, told.text, told.citations, suggestions
        )

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
        for language in (locale, LOCALES[0]):
            article = self.articles(language).get(article_id)
            if article is not None:
                asked = Asked("", locale, on, province=province, subject_kind=subject_kind)
                return self.tell_article(article, asked)
        return None

    def title(self, article_id: str, locale: str) -> str | None:
        """An article's title, in ``locale`` if it is written in it; None if there is none."""
        for language in (locale, *LOCALES):
            article = self.articles(language).get(article_id)
            if article is not None:
                return article.title
        return None

    def near(self, article_id: str, locale: str) -> tuple[Suggestion, ...]:
        """The articles that one is related to."""
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
            made = province_articles(self.rulebook, locale)
            found = self._articles[locale] = {**made, **load_articles(locale, self.extra_dir)}
        return found

    def load(self) -> None:
        """Read everything now. Raises BrokenContent if an article cannot be used."""
        for locale in LOCALES:
            self._index(locale)

    def take_over(self, read: "Knowledge") -> None:
        """Answer from what another one has read, from the next question on."""
        self._articles, self._indexes, self._templates = (
            read._articles,
            read._indexes,
            read._templates,
        )

    def _language(self, asked: Asked) -> str:
        """The language to search in: that of the question, whatever the conversation's is."""
        return LOCALES[0] if _HAN.search(asked.question) else LOCALES[1]

    def _spoken(self, article: Article, locale: str) -> Article:
        """The same article in the conversation's language, where it exists."""
        return self.articles(locale).get(article.id, article)

    def _index(self, locale: str) -> Index:
        found = self._indexes.get(locale)
        if found is None:
            articles = self.articles(locale).values()
            found = self._indexes[locale] = Index(articles, locale, neighbours(locale))
        return found

    def tell_article(self, article: Article, asked: Asked) -> Told:
        """An article filled in for whoever asks."""

        def rule(
            key: str,
            subject: str | None = asked.subject_kind,
            province: str | None = asked.province,
        ) -> object:
            version = self.rulebook.find(key, asked.on, province=province, subject=subject)
            return None if version is None else version.value

        told = RuleTelling(
            self.rulebook,
            load_statements(self.extra_dir),
            article.locale,
            asked.on,
            asked.subject_kind,
            self.extra_dir,
        )

        def differs(key: str, subject: str | None = asked.subject_kind) -> str:
            return told.differs(key, asked.province, subject)

        def province_rules(province: str, topic: str) -> str:
            return tell_province(told, province, topic, self.profile)

        text = self._template(article).render(
            provider=self.profile.short_name(article.locale),
            profile=self.profile,
            province=asked.province or "",
            rule=rule,
            differs=differs,
            province_rules=province_rules,
            rejection=partial(tell_rejection, locale=article.locale),
            provinces_where=told.where,
            numbers_by_province=told.by_province,
        )
        return Told(
            article.id,
            _BLANK_LINES.sub("\n\n", _TRAILING_BLANKS.sub("", text)).strip(),
            _citations(article),
        )

    def _template(self, article: Article) -> Template:
        key = (article.locale, article.id)
        found = self._templates.get(key)
        if found is None:
            found = self._templates[key] = self._environment.from_string(article.body)
        return found


def _citations(article: Article) -> tuple[Citation, ...]:
    checked = article.reviewed_on.isoformat()
    return tuple(
        Citation(
            " · ".join(part for part in (source.title, source.publisher) if part),
            source.url or "",
            checked,
        )
        for source in article.sources
    )


def neighbours(locale: str) -> tuple[str, ...]:
    """Questions of a locale that sound like ours and are not."""
    text = (files("knowledge") / "neighbours.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)[locale])
