"""The groups into which articles fall, and how long an article counts as checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from knowledge.errors import BrokenContent, Problem
from knowledge.toml_file import TomlFile, read_toml
from knowledge.toml_reader import TableReader


@dataclass(frozen=True, slots=True)
class Topics:
    """``titles`` holds each topic's title by locale, in the order in which they are shown."""

    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    review_after: timedelta = timedelta()


def load_topics(extra_dir: Path | None = None) -> Topics:
    """All topics, an operator's own behind ours. Raises BrokenContent with every problem."""
    found, problems = read_topics(extra_dir)
    if problems:
        raise BrokenContent(problems)
    return found


def read_topics(extra_dir: Path | None = None) -> tuple[Topics, tuple[Problem, ...]]:
    """The readable topics, and what is wrong with the others."""
    problems: list[Problem] = []
    shipped = files("knowledge") / "articles" / "topics.toml"
    texts = [read_toml(shipped, "knowledge/articles/topics.toml")]
    own = extra_dir / "articles" / "topics.toml" if extra_dir is not None else None
    if own is not None and own.is_file():
        try:
            texts.append(read_toml(own, str(own)))
        except BrokenContent as error:
            problems += error.problems
    titles: dict[str, Mapping[str, str]] = {}
    days = 0
    for file in texts:
        top = TableReader(file, problems, "", file.data)
        top.refuse_others("review_after_days", "topics")
        if "review_after_days" in file.data:
            days = top.number("review_after_days")
        titles |= _titles(file, problems)
    return Topics(titles, timedelta(days=days)), tuple(problems)


def _titles(file: TomlFile, problems: list[Problem]) -> dict[str, Mapping[str, str]]:
    found = {}
    for key, table in file.data.get("topics", {}).items():
        reader = TableReader(file, problems, f"topics.{key}", table)
        reader.refuse_others("title")
        found[key] = reader.by_locale("title")
    return found
