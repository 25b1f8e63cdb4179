"""Typed entries of a content file's tables, every wrong one noted with its line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from filing.rulebook import LegalSource
from knowledge.errors import Problem
from knowledge.rules_schema import did_you_mean
from knowledge.toml_file import TomlFile

LOCALES = ("zh-CN", "en")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class TableReader:
    """One table of a file. A wrong or missing entry is reported and read as an empty value."""

    file: TomlFile
    problems: list[Problem]
    name: str  # of the table, dotted
    table: Mapping[str, Any]
    index: int = 0  # which of several tables of that name

    def text(self, entry: str) -> str:
        """A text that is not empty."""
        return self._read(entry, str, "a text in quotes") or self._empty(entry, "")

    def optional_text(self, entry: str) -> str | None:
        """A text, or None if the entry is left out."""
        return self.text(entry) if entry in self.table else None

    def number(self, entry: str) -> int:
        """A whole number from 0 up."""
        value = self._read(entry, int, "a whole number")
        if value is not None and (isinstance(value, bool) or value < 0):
            return self._refuse(entry, "must be a whole number from 0 up", 0)
        return value or 0

    def texts(self, entry: str) -> tuple[str, ...]:
        """A list of texts; it may be empty."""
        value = self._read(entry, list, "a list of texts") or []
        if not all(isinstance(item, str) and item for item in value):
            return self._refuse(entry, "must hold texts only", ())
        return tuple(value)

    def words(self, entry: str, known: frozenset[str]) -> tuple[str, ...]:
        """A list of words, each of them known."""
        words = self.texts(entry)
        for word in words:
            if word not in known:
                self.wrong(entry, f"holds {word!r}; {did_you_mean(word, known)}")
        return words

    def one_of(self, entry: str, known: frozenset[str]) -> str:
        """One known word."""
        word = self.text(entry)
        if word and word not in known:
            self.wrong(entry, f"is {word!r}; {did_you_mean(word, known)}")
        return word

    def flag(self, entry: str) -> bool:
        """True or false; false if the entry is left out."""
        return entry in self.table and self._read(entry, bool, "true or false") is True

    def range(self, entry: str) -> tuple[int, int]:
        """Two whole numbers, the smaller first."""
        value = self._read(entry, list, "two numbers such as [1, 2]")
        match value:
            case [int(low), int(high)] if 0 <= low <= high:
                return (low, high)
            case None:
                return (0, 0)
        return self._refuse(entry, "must be two numbers, the smaller first", (0, 0))

    def by_locale(self, entry: str) -> Mapping[str, str]:
        """A text in each locale: ``entry = { zh-CN = "…", en = "…" }``."""
        value = self._read(entry, dict, 'a table { zh-CN = "…", en = "…" }')
        if value is None:
            return dict.fromkeys(LOCALES, "")
        if set(value) != set(LOCALES) or not all(isinstance(x, str) and x for x in value.values()):
            wrong = f"must have a text for {' and '.join(LOCALES)}, and nothing else"
            return self._refuse(entry, wrong, dict.fromkeys(LOCALES, ""))
        return value

    def source(self, sources: Mapping[str, LegalSource]) -> LegalSource:
        """The source named by the entry ``source``."""
        ref = self.text("source")
        if ref and ref not in sources:
            self._refuse("source", f"names {ref!r}, which is not among the file's sources", None)
        return sources.get(ref, LegalSource(""))

    def refuse_others(self, *known: str) -> None:
        """Report entries that nobody reads."""
        for entry in self.table.keys() - set(known):
            self._refuse(entry, "is not read here", None)

    def wrong(self, entry: str, what: str) -> None:
        """Report an entry for a reason of the caller's."""
        self._refuse(entry, what, None)

    def _read(self, entry: str, kind: type[_T], wanted: str) -> _T | None:
        value = self.table.get(entry)
        if isinstance(value, kind):
            return value
        found = f"not {value!r}" if entry in self.table else "and is missing"
        return self._refuse(entry, f"must be {wanted}, {found}", None)

    def _empty(self, entry: str, value: _T) -> _T:
        if self.table.get(entry) == "":
            self._refuse(entry, "is empty", None)
        return value

    def _refuse(self, entry: str, what: str, value: _T) -> _T:
        line = self.file.line_of(self.name, self.index, entry) or self.file.line_of_entry(entry)
        where = f"[{self.name}]: " if self.name else ""
        cure = "add or correct it as in the shipped files"
        self.problems.append(Problem(self.file.name, line, f"{where}{entry!r} {what}", cure))
        return value


def read_sources(file: TomlFile, problems: list[Problem]) -> dict[str, LegalSource]:
    """The ``[sources.…]`` tables of a file, by their names."""
    found: dict[str, LegalSource] = {}
    for ref, table in file.data.get("sources", {}).items():
        reader = TableReader(file, problems, f"sources.{ref}", table)
        reader.refuse_others("title", "publisher", "date", "url", "article")
        found[ref] = LegalSource(
            title=reader.text("title"),
            article=reader.optional_text("article"),
            publisher=reader.optional_text("publisher"),
            date=reader.optional_text("date"),
            url=reader.optional_text("url"),
            ref=ref,
        )
    return found
