"""Articles: short answers to common questions, one Markdown file each, with sources and dates."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError

from filing.rulebook import LegalSource
from knowledge.errors import BrokenContent, Problem
from knowledge.templates import rules_in, text_environment, variables_of
from knowledge.toml_file import TomlFile, read_toml
from knowledge.toml_reader import LOCALES, TableReader, read_sources

_FRONT = re.compile(r"\+\+\+\n(.*?)\n\+\+\+\n", re.DOTALL)
_SYNTAX_LINE = re.compile(r"at line (\d+)")
_FEWEST_PHRASINGS = 6

BODY_VARIABLES = frozenset({"profile", "province", "provider", "rule"})
"""What an article's body may use; ``knowledge.answering.Knowledge`` gives them."""


@dataclass(frozen=True, slots=True)
class Article:
    """One answer. ``body`` is a template of plain text; see ``knowledge.answering``.

    ``ask`` holds ways people put the question. An article with ``provinces`` or
    ``subject_kinds`` speaks only of those; ``stages`` and ``steps`` say when it is likely
    to be asked for. Empty means any.
    """

    id: str
    locale: str
    title: str
    ask: tuple[str, ...]
    body: str
    sources: tuple[LegalSource, ...]
    related: tuple[str, ...]
    reviewed_on: date
    provinces: tuple[str, ...]
    subject_kinds: tuple[str, ...]
    stages: tuple[str, ...]
    steps: tuple[str, ...]
    file: str
    body_line: int  # where the body begins in its file

    @property
    def phrasings(self) -> tuple[str, ...]:
        """The title and every other way to ask."""
        return (self.title, *self.ask)


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
    problems: list[Problem] = []
    found: dict[str, Article] = {}
    for folder, name in _folders(extra_dir):
        sources = _sources(folder, name, problems)
        for path, file in _files(folder, name, locale):
            article = _read(path, file, locale, sources, problems)
            if article is not None:
                found[article.id] = article
    for article in found.values():
        for other in set(article.related) - found.keys():
            message = f"'related' names {other!r}, which is no article in {locale}"
            problems.append(Problem(article.file, 1, message, "correct the name or leave it out"))
    return found, tuple(problems)


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
        found |= read_sources(read_toml(path, shown), problems)
    return found


def _read(
    path: Traversable,
    name: str,
    locale: str,
    sources: Mapping[str, LegalSource],
    problems: list[Problem],
) -> Article | None:
    text = path.read_text(encoding="utf-8")
    front = _FRONT.match(text)
    if front is None:
        cure = "begin the file with TOML between two lines of +++"
        problems.append(Problem(name, 1, "there is no front matter", cure))
        return None
    try:
        # One line break for the +++ above keeps line numbers those of the file.
        data: Mapping[str, Any] = tomllib.loads("\n" + front[1])
    except tomllib.TOMLDecodeError as error:
        place = _SYNTAX_LINE.search(str(error))
        line = int(place[1]) if place else 1
        problems.append(Problem(name, line, f"not valid TOML: {error}", "correct the syntax"))
        return None
    before = len(problems)
    article = _article(
        TomlFile(name, "\n" + front[1], data), locale, text, front.end(), sources, problems
    )
    return article if len(problems) == before else None


def _article(
    file: TomlFile,
    locale: str,
    text: str,
    body_at: int,
    sources: Mapping[str, LegalSource],
    problems: list[Problem],
) -> Article:
    top = TableReader(file, problems, "", file.data)
    top.refuse_others("title", "ask", "sources", "related", "reviewed_on", "applies_to", "steps")
    applies = TableReader(file, problems, "applies_to", file.data.get("applies_to", {}))
    applies.refuse_others("province", "subject_kind", "stage")
    article = Article(
        id=file.name.rpartition("/")[2].removesuffix(".md"),
        locale=locale,
        title=top.text("title"),
        ask=top.texts("ask"),
        body=text[body_at:].strip("\n"),
        sources=tuple(sources[ref] for ref in top.texts("sources") if ref in sources),
        related=_optional(top, "related"),
        reviewed_on=file.data.get("reviewed_on", date.min),
        provinces=_optional(applies, "province"),
        subject_kinds=_optional(applies, "subject_kind"),
        stages=_optional(applies, "stage"),
        steps=_optional(top, "steps"),
        file=file.name,
        body_line=text.count("\n", 0, body_at) + 1,
    )
    problems += _faults(file, article, sources)
    return article


def _optional(reader: TableReader, entry: str) -> tuple[str, ...]:
    return reader.texts(entry) if entry in reader.table else ()


def _faults(
    file: TomlFile, article: Article, sources: Mapping[str, LegalSource]
) -> Iterator[Problem]:
    def wrong(entry: str, message: str, cure: str) -> Problem:
        return Problem(file.name, file.line_of_entry(entry), message, cure)

    named = file.data.get("sources")
    unknown = [ref for ref in named if ref not in sources] if isinstance(named, list) else []
    if unknown:
        yield wrong("sources", f"unknown sources {unknown}", "add them to sources.toml")
    if not named:
        yield wrong("sources", "there is no source", "say what the answer rests on")
    if len(article.ask) < _FEWEST_PHRASINGS:
        message = f"{len(article.ask)} ways to ask are too few to be found"
        yield wrong("ask", message, f"write at least {_FEWEST_PHRASINGS}")
    twice = {one for one in article.ask if article.ask.count(one) > 1}
    if twice:
        yield wrong("ask", f"{sorted(twice)} stand twice", "keep one of each")
    if article.reviewed_on == date.min or not isinstance(article.reviewed_on, date):
        yield wrong("reviewed_on", "must be a date", "write the day the facts were checked")
    if not article.body:
        yield Problem(file.name, article.body_line, "the answer is empty", "write it")


def article_problems(
    extra_dir: Path | None = None, rule_keys: frozenset[str] | None = None
) -> tuple[Problem, ...]:
    """Every problem in the articles of all locales, their bodies included.

    With ``rule_keys``, the keys the rulebook knows, rules quoted under another name are told.
    """
    problems: list[Problem] = []
    for locale in LOCALES:
        found, unreadable = read_articles(locale, extra_dir)
        problems += unreadable
        for article in found.values():
            problems += _body_faults(article, rule_keys)
    return tuple(problems)


def _body_faults(article: Article, rule_keys: frozenset[str] | None) -> Iterator[Problem]:
    def wrong(part: str, message: str, cure: str) -> Problem:
        above = article.body.partition(part)[0] if part in article.body else ""
        return Problem(article.file, article.body_line + above.count("\n"), message, cure)

    try:
        unknown = variables_of(text_environment(), article.body) - BODY_VARIABLES
    except TemplateSyntaxError as error:
        line = article.body_line + error.lineno - 1
        yield Problem(article.file, line, f"{error.message}", "mend the template")
        return
    for name in sorted(unknown):
        known = ", ".join(sorted(BODY_VARIABLES))
        yield wrong(name, f"{name!r} is never given", f"use one of {known}")
    for key in rules_in(article.body):
        if rule_keys is not None and key not in rule_keys:
            yield wrong(key, f"no rule is called {key!r}", "see rules/keys.toml")
