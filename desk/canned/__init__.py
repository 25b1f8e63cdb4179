"""Texts that staff send often, filled in from the case; what it does not know stays a blank."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from jinja2 import TemplateSyntaxError

from dialogs.wording import LOCALES
from knowledge.errors import BrokenContent, Problem
from knowledge.templates import ready, text_environment, tidied, variables_of
from knowledge.toml_file import TomlFile, read_toml

VARIABLES: Final = frozenset(
    {
        "agent", "contact", "deadline", "domain", "due", "filing", "filing_number", "left",
        "provider", "province", "question", "remaining", "returned", "site_name", "stage",
        "subject_name",
    }
)  # fmt: skip
"""What a text may mention; ``desk.facts`` works them out. None of them is a person's."""

NAMES: Final = "variables"
"""The table that says what staff read in place of a variable that is missing."""

_BLANK = re.compile(r"⟦([^⟦⟧]*)⟧")
_ENVIRONMENT = text_environment()


@dataclass(frozen=True, slots=True)
class CannedText:
    """One text as it was written."""

    id: str
    topic: str
    title: str
    template: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A text for one case. ``missing`` names, in the text's language, what is left blank."""

    text: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CannedTexts:
    """All texts by locale and id, the same ids in every locale."""

    texts: Mapping[str, Mapping[str, CannedText]]
    names: Mapping[str, Mapping[str, str]]  # locale -> variable -> what staff read

    def of(self, locale: str) -> tuple[CannedText, ...]:
        """The texts of a locale in the order they were written."""
        return tuple(self.texts.get(locale, self.texts[LOCALES[0]]).values())

    def fill(self, text_id: str, locale: str, facts: Mapping[str, str]) -> Filled:
        """A text with what is known of the case. Raises KeyError for an unknown id.

        What is not known stands in it as ``⟦name⟧`` and is listed: see :func:`blanks_in`.
        """
        locale = locale if locale in self.texts else LOCALES[0]
        template = self.texts[locale][text_id].template
        missing = sorted(variables_of(_ENVIRONMENT, template) - {k for k, v in facts.items() if v})
        names = {one: self.names[locale].get(one, one) for one in missing}
        given = {**facts, **{one: f"⟦{name}⟧" for one, name in names.items()}}
        text = tidied(ready(_ENVIRONMENT, template).render(given))
        return Filled(text, tuple(names.values()))


def blanks_in(text: str) -> tuple[str, ...]:
    """What is still to be filled in; a text with any of these must not be sent."""
    return tuple(dict.fromkeys(_BLANK.findall(text)))


def load_canned(extra: Path | None = None) -> CannedTexts:
    """The texts, with an operator's ``canned/<locale>.toml`` over them, text by text.

    Raises BrokenContent with every problem.
    """
    texts, problems = read_canned(extra)
    if problems:
        raise BrokenContent(problems)
    return texts


def read_canned(extra: Path | None = None) -> tuple[CannedTexts, tuple[Problem, ...]]:
    """The texts that can be used, and everything that is wrong with the files."""
    texts: dict[str, dict[str, CannedText]] = {locale: {} for locale in LOCALES}
    names: dict[str, dict[str, str]] = {locale: {} for locale in LOCALES}
    problems: list[Problem] = []
    files_read: dict[str, list[TomlFile]] = {locale: [] for locale in LOCALES}
    for locale in LOCALES:
        for path, name in _sources(locale, extra):
            try:
                found = read_toml(path, name)
            except BrokenContent as error:
                problems += error.problems
                continue
            files_read[locale].append(found)
            reader = _Reader(found)
            texts[locale] |= reader.texts()
            names[locale] |= reader.names()
            problems += reader.problems
    if not problems:
        problems += _unlike(texts, files_read)
    return CannedTexts(texts, names), tuple(problems)


def _sources(locale: str, extra: Path | None) -> Iterable[tuple[Traversable, str]]:
    yield files("desk.canned") / f"{locale}.toml", f"desk/canned/{locale}.toml"
    if extra is not None and (own := extra / "canned" / f"{locale}.toml").is_file():
        yield own, str(own)


@dataclass(slots=True)
class _Reader:
    """One file being read."""

    file: TomlFile
    problems: list[Problem] = field(default_factory=list)

    def texts(self) -> dict[str, CannedText]:
        found: dict[str, CannedText] = {}
        for text_id, table in self.file.data.items():
            if text_id == NAMES:
                continue
            if not isinstance(table, dict):
                self._refuse(text_id, f"{text_id!r} is no table", "write it as [id] with its text")
                continue
            parts = {key: table.get(key) for key in ("topic", "title", "text")}
            for key, value in parts.items():
                if not isinstance(value, str) or not value.strip():
                    self._refuse(text_id, f"{text_id}: no {key}", f'write {key} = "…"')
            for key in sorted(table.keys() - parts.keys()):
                self._refuse(text_id, f"{text_id}: {key!r} means nothing", "take it out", key)
            template = parts["text"]
            if isinstance(template, str) and self._is_sound(text_id, template):
                one = CannedText(text_id, str(parts["topic"]), str(parts["title"]), template)
                found[text_id] = one
        return found

    def names(self) -> dict[str, str]:
        table = self.file.data.get(NAMES, {})
        if not isinstance(table, dict):
            self._refuse(NAMES, f"{NAMES!r} is no table", f"write [{NAMES}]")
            return {}
        for name in sorted(table.keys() - VARIABLES):
            listed = ", ".join(sorted(VARIABLES))
            self._refuse(NAMES, f"there is no variable {name!r}", f"use one of {listed}", name)
        return {name: str(value) for name, value in table.items()}

    def _is_sound(self, text_id: str, template: str) -> bool:
        try:
            used = variables_of(_ENVIRONMENT, template)
        except TemplateSyntaxError as error:
            self._refuse(text_id, f"{text_id}: {error.message}", "mend the template", "text")
            return False
        unknown = sorted(used - VARIABLES)
        if unknown:
            message = f"{text_id} uses {', '.join(unknown)}, which no case has"
            cure = f"use one of {', '.join(sorted(VARIABLES))}"
            self._refuse(text_id, message, cure, "text")
        if blanks_in(template):
            message = f"{text_id}: ⟦…⟧ marks what is missing when a text is filled in"
            self._refuse(text_id, message, "write it with other brackets", "text")
        return not unknown

    def _refuse(self, text_id: str, message: str, cure: str, entry: str | None = None) -> None:
        line = self.file.line_of(text_id, entry=entry) or self.file.line_of_entry(text_id)
        self.problems.append(Problem(self.file.name, line, message, cure))


def _unlike(
    texts: Mapping[str, Mapping[str, CannedText]], read: Mapping[str, list[TomlFile]]
) -> Iterable[Problem]:
    """Texts that a locale lacks, or that ask for other variables there than elsewhere."""
    first = LOCALES[0]
    every = {text_id: None for locale in LOCALES for text_id in texts[locale]}
    for text_id in every:
        for locale in LOCALES:
            if text_id not in texts[locale]:
                name = read[locale][-1].name
                message = f"the text {text_id!r} is missing"
                yield Problem(name, 0, message, f"write it in {locale} too, or take it out")
        if any(text_id not in texts[locale] for locale in LOCALES):
            continue
        wanted = variables_of(_ENVIRONMENT, texts[first][text_id].template)
        for locale in LOCALES[1:]:
            used = variables_of(_ENVIRONMENT, texts[locale][text_id].template)
            if used != wanted:
                file = next(f for f in reversed(read[locale]) if text_id in f.data)
                differ = ", ".join(sorted(used ^ wanted))
                message = f"{text_id}: {differ} stands in one language and not in the other"
                line = file.line_of(text_id, entry="text")
                yield Problem(file.name, line, message, "use the same in both")
