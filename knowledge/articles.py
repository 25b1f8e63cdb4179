"""All articles: the shipped ones and an operator's own over them."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from filing.rulebook import LegalSource
from knowledge.article import Article, Shelf, read_article
from knowledge.errors import BrokenContent, Problem
from knowledge.toml_file import read_toml
from knowledge.toml_reader import read_sources
from knowledge.topics import read_topics

__all__ = ["Article", "load_articles", "read_articles"]


def load_articles(locale: str, extra_dir: Path | None = None) -> Mapping[str, Article]:
    """All articles of a locale by id, an operator's own from ``extra_dir/articles`` over ours.

    Raises BrokenContent with every problem.
    """
    found, problems = read_articles(locale, extra_dir)
    if problems:
        raise BrokenContent(problems)
    return found


def read_articles(
    locale: str, extra_dir: Path | None = None
) -> tuple[Mapping[str, Article], tuple[Problem, ...]]:
    """The readable articles of a locale, and what is wrong with the others."""
    topics, unknown = read_topics(extra_dir)
    problems = list(unknown)
    found: dict[str, Article] = {}
    for folder, name in _folders(extra_dir):
        shelf = Shelf(locale, _sources(folder, name, problems), topics)
        for path, file in _files(folder, name, locale):
            article = read_article(path, file, shelf, problems)
            if article is not None:
                found[article.id] = article
    return found, tuple(problems)


def read_sources_of(extra_dir: Path | None = None) -> Mapping[str, LegalSource]:
    """Every source an article may name, by its name: the shared ones and an operator's own."""
    found: dict[str, LegalSource] = {}
    for folder, name in _folders(extra_dir):
        found |= _sources(folder, name, [])
    return found


def _folders(extra_dir: Path | None) -> Iterator[tuple[Traversable, str]]:
    yield files("knowledge") / "articles", "knowledge/articles"
    if extra_dir is not None:
        yield extra_dir / "articles", str(extra_dir / "articles")


def _files(folder: Traversable, name: str, locale: str) -> Iterator[tuple[Traversable, str]]:
    inside = folder / locale
    if inside.is_dir():
        for path in sorted(inside.iterdir(), key=lambda path: path.name):
            if path.name.endswith(".md"):
                yield path, f"{name}/{locale}/{path.name}"


def _sources(folder: Traversable, name: str, problems: list[Problem]) -> dict[str, LegalSource]:
    """The shared sources, and in an operator's folder further ones."""
    shipped = files("knowledge") / "articles" / "sources.toml"
    places = {str(shipped): (shipped, "knowledge/articles/sources.toml")}
    own = folder / "sources.toml"
    if own.is_file():
        places[str(own)] = (own, f"{name}/sources.toml")
    found: dict[str, LegalSource] = {}
    for path, shown in places.values():
        try:
            found |= read_sources(read_toml(path, shown), problems)
        except BrokenContent as error:
            problems += error.problems
    return found
