"""Ways to ask that are collected beside those in the articles themselves."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from knowledge.errors import BrokenContent, Problem
from knowledge.phrasing import same_question
from knowledge.rules_schema import did_you_mean
from knowledge.toml_file import TomlFile, read_toml
from knowledge.toml_reader import TableReader


@dataclass(frozen=True, slots=True)
class Further:
    """What one file holds: ways to ask by the article they belong to."""

    file: TomlFile
    phrasings: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a way to ask stands; its line is looked for only when it is to be told."""

    file: TomlFile
    article: str
    phrasing: str

    @property
    def line(self) -> int:
        return self.file.line_of_item(self.article, self.phrasing)

    def __str__(self) -> str:
        return f"{self.file.name}:{self.line}"


def further_phrasings(locale: str) -> Mapping[str, tuple[str, ...]]:
    """Ways to ask by article, from every file of a locale: found by the search, shown nowhere.

    Raises BrokenContent with every problem.
    """
    read, problems = read_further(locale)
    if problems:
        raise BrokenContent(problems)
    found: dict[str, tuple[str, ...]] = {}
    for one in read:
        for article, phrasings in one.phrasings.items():
            found[article] = (*found.get(article, ()), *phrasings)
    return found


def read_further(
    locale: str, folder: Traversable | None = None
) -> tuple[tuple[Further, ...], tuple[Problem, ...]]:
    """The readable files of a locale in ``folder`` (ours, if none), and what is wrong with others.

    They are ``<locale>.toml`` and every file of ``<locale>/``; an article may stand in several.
    """
    problems: list[Problem] = []
    read = []
    for path, name in _files(folder or files("knowledge") / "phrasings", locale):
        try:
            file = read_toml(path, name)
        except BrokenContent as error:
            problems += error.problems
            continue
        table = TableReader(file, problems, "", file.data)
        read.append(Further(file, {article: table.texts(article) for article in file.data}))
    return tuple(read), tuple(problems)


def misplaced(
    read: Iterable[Further], articles: Mapping[str, object], asked: Mapping[str, str]
) -> Iterator[Problem]:
    """Ways to ask for an article that is not there, and those that stand somewhere twice.

    ``asked`` tells, for a question as ``same_question`` leaves it, the file it stands in.
    """
    seen: dict[str, object] = dict(asked)
    for one in read:
        name = one.file.name
        for article, phrasings in one.phrasings.items():
            if article not in articles:
                cure = did_you_mean(article, frozenset(articles))
                yield Problem(
                    name, one.file.line_of_entry(article), f"no article is {article!r}", cure
                )
            for phrasing in phrasings:
                here = _Place(one.file, article, phrasing)
                before = seen.setdefault(same_question(phrasing), here)
                if before != here or phrasings.count(phrasing) > 1:
                    message = f"{phrasing!r} is asked in {before} as well"
                    yield Problem(name, here.line, message, "keep it where it is answered best")


def _files(folder: Traversable, locale: str) -> Iterator[tuple[Traversable, str]]:
    shown = "knowledge/phrasings"
    whole, topics = folder / f"{locale}.toml", folder / locale
    if whole.is_file():
        yield whole, f"{shown}/{locale}.toml"
    if topics.is_dir():
        for path in sorted(topics.iterdir(), key=lambda path: path.name):
            if path.name.endswith(".toml"):
                yield path, f"{shown}/{locale}/{path.name}"
