"""The operator's own articles: whether a new one would be sound, how it reads, and putting it up.

What a draft is checked by is what ``beian check`` checks: all articles are read as they would be
with the draft among them.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Final

from jinja2 import TemplateError

from dialogs.world import World
from filing.rulebook import LegalSource
from knowledge.answering import Knowledge
from knowledge.article_checks import article_problems, telling_problems
from knowledge.articles import read_sources_of
from knowledge.errors import BrokenContent, Problem
from knowledge.telling import Hearer
from knowledge.topics import read_topics

_PUTTING_UP: Final = Lock()


class NoFolder(Exception):
    """The operator has no folder for articles of their own (``BEIAN_CONTENT``)."""


class NotSound(Exception):
    """An article that is wrong in something: it was not put up."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a look at a draft: what is wrong with it, or how it is told."""

    problems: tuple[Problem, ...] = ()
    told: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The articles of a running program. A look takes half a second: call it in a thread."""

    world: World

    @property
    def is_open(self) -> bool:
        """Whether articles can be put up."""
        return self.world.knowledge.extra_dir is not None

    def existing(self, article: str, locale: str) -> str | None:
        """The file of an article, an operator's own before ours; None if it is not written."""
        found = self.world.knowledge.articles(locale).get(article)
        if found is None or not found.front:
            return None
        return f"+++{found.front}\n+++\n{found.body}\n"

    def topics(self, locale: str) -> Mapping[str, str]:
        """The groups an article may stand in, with their titles."""
        topics, _ = read_topics(self.world.knowledge.extra_dir)
        return {key: title[locale] for key, title in topics.titles.items()}

    def sources(self) -> Mapping[str, LegalSource]:
        """What an article may rest on."""
        return read_sources_of(self.world.knowledge.extra_dir)

    def look(self, article: str, locale: str, text: str, on: date) -> Looked:
        """Whether the articles would be sound with this one, and how it would be told."""
        with TemporaryDirectory(prefix="beian-draft-") as name:
            folder = Path(name)
            _lay_out(folder, self.world.knowledge.extra_dir, article, locale, text)
            fresh, problems = self._read(folder, on)
            shown = tuple(_named(one, name) for one in problems)
            told = "" if fresh is None else _told(fresh, article, locale, on)
        return Looked(shown, told)

    def put_up(self, article: str, locale: str, text: str, on: date) -> None:
        """Write the file into the operator's folder and answer from it at once.

        Other processes see the file and take it over by themselves. Raises NoFolder or NotSound;
        then the folder is as it was.
        """
        folder = self.world.knowledge.extra_dir
        if folder is None:
            raise NoFolder
        place = folder / "articles" / locale / f"{article}.md"
        with _PUTTING_UP:
            before = place.read_bytes() if place.is_file() else None
            place.parent.mkdir(parents=True, exist_ok=True)
            _write(place, text)
            fresh, problems = self._read(folder, on)
            if fresh is None:
                if before is None:
                    place.unlink()
                else:
                    place.write_bytes(before)
                raise NotSound(problems)
            fresh.load()
            self.world.knowledge.take_over(fresh)

    def _read(self, folder: Path, on: date) -> tuple[Knowledge | None, Sequence[Problem]]:
        now = self.world.knowledge
        steps = frozenset(step.key for flow in self.world.flows.values() for step in flow.steps)
        fresh = Knowledge(now.rulebook, now.profile, folder)
        try:
            problems = article_problems(folder, now.rulebook.keys, steps)
            if not problems:
                problems = telling_problems(fresh, on, known=now)
        except BrokenContent as error:
            problems = error.problems
        return (None if problems else fresh), problems


def _lay_out(folder: Path, own: Path | None, article: str, locale: str, text: str) -> None:
    """An operator's articles as they would be with this one."""
    if own is not None and (own / "articles").is_dir():
        shutil.copytree(own / "articles", folder / "articles")
    place = folder / "articles" / locale
    place.mkdir(parents=True, exist_ok=True)
    _write(place / f"{article}.md", text)


def _write(place: Path, text: str) -> None:
    """Write a file whole: whoever reads meanwhile sees the old one or the new one."""
    half = place.with_suffix(".md.new")
    half.write_text(text, encoding="utf-8", newline="\n")
    os.replace(half, place)  # noqa: PTH105 - over a file that may be there


def _named(problem: Problem, folder: str) -> Problem:
    """A problem without the folder in which it was found."""
    return Problem(
        problem.file.replace(f"{folder}/", ""), problem.line, problem.message, problem.cure
    )


def _told(knowledge: Knowledge, article: str, locale: str, on: date) -> str:
    found = knowledge.articles(locale)[article]
    province = found.provinces[0] if found.provinces else None
    try:
        return knowledge.fill(found, Hearer(on, province, None))
    except (TemplateError, TypeError, ValueError, LookupError):
        return ""
