"""The letters that can be handed out: for whom each is, when it is needed and how it is signed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from filing.letters.values import VALUES
from filing.materials.material import MaterialKind
from filing.provinces import PROVINCES
from filing.rulebook import LegalSource
from filing.subject import SubjectKind
from knowledge.errors import BrokenContent, Problem
from knowledge.toml_file import read_toml
from knowledge.toml_reader import LOCALES, TableReader, read_sources

FILE: Final = "letters/letters.toml"
_KINDS: Final = frozenset(kind.value for kind in MaterialKind)
_SUBJECTS: Final = frozenset(kind.value for kind in SubjectKind)
_PROVINCES: Final = frozenset(province.name for province in PROVINCES)
_UNITS: Final = frozenset(kind for kind in SubjectKind if kind.is_unit)


@dataclass(frozen=True, slots=True)
class LetterForm:
    """One letter as it is handed out. Its template is the file ``<key>.docx``.

    Texts are by locale. ``names`` are the variables the template must show; ``uses`` all that
    it shows.
    """

    key: str
    kind: MaterialKind
    title: Mapping[str, str]
    subjects: frozenset[SubjectKind]
    provinces: frozenset[str]  # short names
    names: tuple[str, ...]
    when: Mapping[str, str]
    sign: Mapping[str, tuple[str, ...]]  # step by step
    official: Mapping[str, str]  # whose own form goes before it; empty where nobody has one
    source: LegalSource
    uses: frozenset[str] = frozenset()

    def suits(self, subject: SubjectKind | None, province: str | None) -> bool:
        """Whether somebody may need it, as far as is known of them."""
        is_theirs = subject is None or subject in self.subjects
        return is_theirs and (
            province in self.provinces if province is not None else len(self.provinces) > 1
        )


@dataclass(frozen=True, slots=True)
class LetterBook:
    """All letters, by their keys, in the order of their file."""

    letters: Mapping[str, LetterForm] = field(default_factory=dict)

    def suitable(self, subject: SubjectKind | None, province: str | None) -> tuple[LetterForm, ...]:
        """Those that somebody may need, as far as is known of them."""
        return tuple(one for one in self.letters.values() if one.suits(subject, province))

    def with_uses(self, key: str, uses: frozenset[str]) -> "LetterBook":
        """The same with what one template shows."""
        letters = dict(self.letters)
        letters[key] = replace(letters[key], uses=uses)
        return LetterBook(letters)


def load_letter_book(extra_dir: Path | None = None) -> LetterBook:
    """Read ``letters/letters.toml``, an operator's own file first. Raises BrokenContent."""
    own = extra_dir / FILE if extra_dir is not None else None
    path: Traversable = own if own is not None and own.is_file() else files("knowledge") / FILE
    file = read_toml(path, FILE)
    problems: list[Problem] = []
    sources = read_sources(file, problems)
    letters: dict[str, LetterForm] = {}
    for index, table in enumerate(file.data.get("letter", [])):
        reader = TableReader(file, problems, "letter", table, index)
        letter = _letter(reader, sources)
        if letter.key in letters:
            reader.wrong("key", f"is {letter.key!r} a second time")
        letters[letter.key] = letter
    if problems:
        raise BrokenContent(problems)
    return LetterBook(letters)


def _letter(reader: TableReader, sources: Mapping[str, LegalSource]) -> LetterForm:
    reader.refuse_others(
        *("key", "kind", "title", "subjects", "provinces", "not_provinces"),
        *("names", "also", "when", "sign", "official", "source"),
    )
    kind = reader.one_of("kind", _KINDS)
    names = reader.words("names", frozenset(VALUES))
    also = reader.words("also", frozenset(VALUES)) if "also" in reader.table else ()
    return LetterForm(
        key=reader.text("key"),
        kind=MaterialKind(kind) if kind in _KINDS else MaterialKind.OTHER,
        title=reader.by_locale("title"),
        subjects=_subjects(reader),
        provinces=_provinces(reader),
        names=names,
        when=reader.by_locale("when"),
        sign=_steps(reader),
        official=reader.by_locale("official") if "official" in reader.table else {},
        source=reader.source(sources),
        uses=frozenset((*names, *also)),
    )


def _subjects(reader: TableReader) -> frozenset[SubjectKind]:
    match reader.table.get("subjects"):
        case "any":
            return frozenset(SubjectKind)
        case "unit":
            return _UNITS
        case "individual":
            return frozenset({SubjectKind.INDIVIDUAL})
        case str():
            reader.wrong("subjects", 'must be "any", "unit", "individual" or a list of kinds')
            return frozenset()
    words = reader.words("subjects", _SUBJECTS)
    return frozenset(SubjectKind(word) for word in words if word in _SUBJECTS)


def _provinces(reader: TableReader) -> frozenset[str]:
    if "provinces" in reader.table:
        return frozenset(reader.words("provinces", _PROVINCES))
    if "not_provinces" in reader.table:
        return _PROVINCES - frozenset(reader.words("not_provinces", _PROVINCES))
    return _PROVINCES


def _steps(reader: TableReader) -> Mapping[str, tuple[str, ...]]:
    table = reader.table.get("sign")
    if not isinstance(table, Mapping):
        reader.wrong("sign", f"must have a list of steps for {' and '.join(LOCALES)}")
        return dict.fromkeys(LOCALES, ())
    found = {}
    for locale in LOCALES:
        steps = table.get(locale)
        is_list = isinstance(steps, list) and steps and all(isinstance(one, str) for one in steps)
        if not is_list:
            reader.wrong("sign", f"must have a list of steps in {locale}")
        found[locale] = tuple(steps) if isinstance(steps, list) and is_list else ()
    return found
