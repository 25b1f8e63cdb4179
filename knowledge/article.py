"""One article: an answer to a common question, as its Markdown file says it."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from typing import Any, Final

from filing.decision import FilingKind
from filing.event import Stage
from filing.provinces import PROVINCES
from filing.rulebook import LegalSource
from filing.subject import SubjectKind
from knowledge.errors import Problem
from knowledge.toml_file import TomlFile
from knowledge.toml_reader import TableReader
from knowledge.topics import Topics

_FRONT = re.compile(r"\+\+\+\n(.*?)\n\+\+\+\n", re.DOTALL)
_SYNTAX_LINE = re.compile(r"at line (\d+)")
_FEWEST_PHRASINGS = 6

APPLIES_TO: Final = {
    "province": frozenset(province.name for province in PROVINCES),
    "subject_kind": frozenset(SubjectKind),
    "stage": frozenset(Stage),
    "filing_kind": frozenset(FilingKind),
}
"""What an article may be limited to, and the words for it."""


@dataclass(frozen=True, slots=True)
class Article:
    """One answer. ``body`` is a template of plain text; see ``knowledge.answering``.

    ``ask`` holds ways people put the question. An article with ``provinces``,
    ``subject_kinds`` or ``filing_kinds`` speaks only of those; ``stages`` and ``steps`` say
    when it is likely to be asked for. Empty means any. Its facts count as checked until
    ``review_by``.
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
    filing_kinds: tuple[str, ...] = ()
    topic: str | None = None  # of knowledge.topics
    review_by: date = date.max
    front: str = ""  # the front matter as written, to point at a place in it
    only_if_named: bool = False  # answers only questions that name its province
    formerly: tuple[str, ...] = ()  # ids of articles that were merged into this one

    @property
    def phrasings(self) -> tuple[str, ...]:
        """The title and every other way to ask."""
        return (self.title, *self.ask)

    def line_of(self, entry: str, item: str = "") -> int:
        """The line in the file of an entry of the front matter, or of an item of its list."""
        return TomlFile(self.file, self.front, {}).line_of_item(entry, item)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the articles of one folder and locale share."""

    locale: str
    sources: Mapping[str, LegalSource]
    topics: Topics


def read_article(
    path: Traversable, name: str, shelf: Shelf, problems: list[Problem]
) -> Article | None:
    """The article in a file; None if anything is wrong with it, which ``problems`` then tells."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        problems.append(Problem(name, 0, "the file is not UTF-8", "save it as UTF-8"))
        return None
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
    file = TomlFile(name, "\n" + front[1], data)
    article = _article(file, text, front.end(), shelf, problems)
    return article if len(problems) == before else None


def _article(
    file: TomlFile, text: str, body_at: int, shelf: Shelf, problems: list[Problem]
) -> Article:
    top = TableReader(file, problems, "", file.data)
    top.refuse_others(
        "title",
        "ask",
        "sources",
        "related",
        "reviewed_on",
        "review_by",
        "topic",
        "applies_to",
        "steps",
        "formerly",
    )
    applies = TableReader(file, problems, "applies_to", file.data.get("applies_to", {}))
    applies.refuse_others(*APPLIES_TO)
    reviewed_on = _day(top, "reviewed_on") or date.min
    article = Article(
        id=file.name.rpartition("/")[2].removesuffix(".md"),
        locale=shelf.locale,
        title=top.text("title"),
        ask=top.texts("ask"),
        body=text[body_at:].strip("\n"),
        sources=tuple(shelf.sources[ref] for ref in top.texts("sources") if ref in shelf.sources),
        related=_optional(top, "related"),
        reviewed_on=reviewed_on,
        provinces=_limit(applies, "province"),
        subject_kinds=_limit(applies, "subject_kind"),
        stages=_limit(applies, "stage"),
        steps=_optional(top, "steps"),
        file=file.name,
        body_line=text.count("\n", 0, body_at) + 1,
        filing_kinds=_limit(applies, "filing_kind"),
        topic=top.one_of("topic", frozenset(shelf.topics.titles)) if "topic" in top.table else None,
        front=file.text,
        formerly=_optional(top, "formerly"),
        review_by=(_day(top, "review_by") if "review_by" in top.table else None)
        or reviewed_on + shelf.topics.review_after,
    )
    problems += _faults(file, article, shelf.sources)
    return article


def _optional(reader: TableReader, entry: str) -> tuple[str, ...]:
    return reader.texts(entry) if entry in reader.table else ()


def _limit(applies: TableReader, entry: str) -> tuple[str, ...]:
    return applies.words(entry, APPLIES_TO[entry]) if entry in applies.table else ()


def _day(reader: TableReader, entry: str) -> date | None:
    value = reader.table.get(entry)
    if type(value) is date:
        return value
    reader.wrong(entry, "must be a date such as 2026-11-24")
    return None


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
    if not article.body:
        yield Problem(file.name, article.body_line, "the answer is empty", "write it")
