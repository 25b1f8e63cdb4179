"""The pages of one language, from the articles as they are told to somebody unknown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.site.blocks import Block, blocks_of
from bot.site.differences import Variant, by_province, by_subject
from bot.site.search_index import Searched
from dialogs.world import World
from filing.provinces import PROVINCES
from filing.rulebook import LegalSource
from knowledge.answering import Asked
from knowledge.article import Article
from knowledge.topics import Topics

PROVINCES_TOPIC: Final = "provinces"


@dataclass(frozen=True, slots=True)
class Link:
    """A page to go to; ``foreign`` is the language it is written in, if another."""

    address: str
    title: str
    foreign: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One article on a page. ``variants`` say where and for whom it is another answer."""

    id: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    provinces: tuple[tuple[Variant, tuple[Block, ...]], ...]
    subjects: tuple[tuple[Variant, tuple[Block, ...]], ...]
    applies_to: tuple[str, ...]
    stages: tuple[str, ...]  # when people ask for it
    asked: tuple[str, ...]
    sources: tuple[LegalSource, ...]
    related: tuple[Link, ...]
    reviewed_on: date
    review_by: date


@dataclass(frozen=True, slots=True)
class Page:
    """One page: an article, or a province with one section for each thing people ask."""

    name: str  # of its file, without .html
    title: str
    topic: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """All pages of a language: by name, by topic in the topics' order, and the search's places."""

    locale: str
    pages: Mapping[str, Page]
    topics: tuple[tuple[str, tuple[Link, ...]], ...]  # title, pages
    searched: tuple[Searched, ...]


def shelf_of(
    world: World, locale: str, on: date, topics: Topics, texts: Mapping[str, str]
) -> Shelf:
    """The pages of ``locale`` with the rules of a day; ``texts`` are the site's own words."""
    return _Builder(world, locale, on, topics, texts).shelf()


@dataclass(frozen=True, slots=True)
class _Builder:
    world: World
    locale: str
    on: date
    topics: Topics
    texts: Mapping[str, str]

    def shelf(self) -> Shelf:
        pages = {page.name: page for page in sorted(self._pages(), key=_most_asked)}
        titles = {key: title[self.locale] for key, title in self.topics.titles.items()}
        titles[""] = self.texts["other_topic"]
        by_topic = {
            title: tuple(
                Link(f"{one.name}.html", one.title) for one in pages.values() if one.topic == key
            )
            for key, title in titles.items()
        }
        filled = tuple((title, links) for title, links in by_topic.items() if links)
        searched = tuple(
            self._searched(page, section, titles[page.topic])
            for page in pages.values()
            for section in page.sections
        )
        return Shelf(self.locale, pages, filled, searched)

    def _pages(self) -> Iterator[Page]:
        articles = self.world.knowledge.articles(self.locale)
        for article in articles.values():
            if page_of(article) == article.id and not article.only_if_named:
                topic = article.topic if article.topic in self.topics.titles else ""
                yield Page(article.id, article.title, topic or "", (self._section(article),))
        for province in PROVINCES:
            made = [
                one
                for one in articles.values()
                if one.only_if_named and one.provinces == (province.name,)
            ]
            if made:
                name = self.world.wording.label("province", province.name, self.locale)
                sections = tuple(map(self._section, made))
                yield Page(page_of(made[0]), name, PROVINCES_TOPIC, sections)

    def _section(self, article: Article) -> Section:
        knowledge, wording = self.world.knowledge, self.world.wording
        province = article.provinces[0] if article.provinces else None
        told = knowledge.tell_article(article, Asked("", self.locale, self.on, province=province))
        return Section(
            article.id,
            article.title,
            told.text,
            blocks_of(told.text),
            _with_blocks(by_province(knowledge, article, self.on, wording)),
            _with_blocks(by_subject(knowledge, article, self.on, wording)),
            self._applies_to(article),
            tuple(wording.say(f"stage.name.{one}", self.locale) for one in article.stages),
            article.ask,
            article.sources,
            tuple(self._links(article.related)),
            article.reviewed_on,
            article.review_by,
        )

    def _applies_to(self, article: Article) -> tuple[str, ...]:
        label = self.world.wording.label
        return (
            *(label("province", one, self.locale) for one in article.provinces),
            *(label("subject_kind", one, self.locale) for one in article.subject_kinds),
            *(self.texts[f"kind_{one}"] for one in article.filing_kinds),
        )

    def _links(self, ids: Sequence[str]) -> Iterator[Link]:
        articles = self.world.knowledge.articles(self.locale)
        for one in ids:
            article = articles.get(one)
            if article is not None:
                yield Link(address_of(article), article.title)

    def _searched(self, page: Page, section: Section, under: str) -> Searched:
        address = f"{page.name}.html" + (f"#{section.id}" if len(page.sections) > 1 else "")
        # Of a province's sections the first tells all; the others are found by what is asked.
        said = section.text if section.id == page.name else ""
        return Searched(address, section.title, under, section.asked, said)


def _most_asked(page: Page) -> int:
    """Articles that people ask for in many ways come first, provinces stay in their order."""
    return 0 if len(page.sections) > 1 else -len(page.sections[0].asked)


def page_of(article: Article) -> str:
    """The name of the page that holds an article: a province's articles share one."""
    if article.only_if_named:
        return "_".join(article.id.split("_")[:2])
    return article.id


def address_of(article: Article) -> str:
    """Where an article stands on the site of its language."""
    page = page_of(article)
    return f"{page}.html" + (f"#{article.id}" if article.only_if_named else "")


def _with_blocks(
    variants: tuple[Variant, ...],
) -> tuple[tuple[Variant, tuple[Block, ...]], ...]:
    return tuple((variant, blocks_of(variant.text)) for variant in variants)
