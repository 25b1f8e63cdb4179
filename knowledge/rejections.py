"""Why filings are returned (R01 to R38): the cause, the cure and what to look at again."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from filing.model import Filing
from filing.rulebook import LegalSource
from knowledge.errors import BrokenContent, Problem
from knowledge.toml_file import read_toml
from knowledge.toml_reader import TableReader, read_sources

REDO: Final = frozenset(
    {
        "change_type",  # another kind of filing
        "close_site",
        "face_check",
        "footer",
        "sms",
        "upload_papers",
        "wait",  # until a registry has followed
        "withdraw_other",  # settle another filing first
    }
)
"""What a cure may ask for besides new answers."""

_GAP: Final = r"[^\n。；;！!]{0,%d}?"
_FAR, _FAR_IN_LATIN = 10, 24  # characters: Latin words need more of them


@dataclass(frozen=True, slots=True)
class Rejection:
    """One reason for a return. Texts are by locale."""

    code: str  # R18
    cause: Mapping[str, str]
    cure: Mapping[str, str]
    fields: tuple[str, ...]  # dotted fields of filing.model.Filing to correct
    redo: tuple[str, ...]  # of REDO
    source: LegalSource
    phrases: tuple[re.Pattern[str], ...] = ()  # how reviewers put it, over plain text
    over: tuple[str, ...] = ()  # codes not meant where this one is found


@dataclass(frozen=True, slots=True)
class RejectionBook:
    """Every reason by code, and what reviews say around their reasons."""

    rejections: Mapping[str, Rejection]
    courtesies: tuple[re.Pattern[str], ...] = ()
    reviewed_on: date = date.min  # the day causes and cures were last checked


def load_rejections() -> Mapping[str, Rejection]:
    """All reasons by code. Raises BrokenContent."""
    return load_rejection_book().rejections


@cache
def load_rejection_book() -> RejectionBook:
    """All reasons with what stands around them. Raises BrokenContent."""
    file = read_toml(files("knowledge") / "rules" / "rejections.toml", "rules/rejections.toml")
    problems: list[Problem] = []
    sources = read_sources(file, problems)
    known = frozenset(filing_fields())
    found: dict[str, Rejection] = {}
    for index, table in enumerate(file.data.get("rejections", [])):
        reader = TableReader(file, problems, "rejections", table, index)
        reader.refuse_others("code", "fields", "redo", "source", "cause", "cure", "phrases", "over")
        rejection = Rejection(
            code=reader.text("code"),
            cause=reader.by_locale("cause"),
            cure=reader.by_locale("cure"),
            fields=reader.words("fields", known),
            redo=reader.words("redo", REDO),
            source=reader.source(sources),
            phrases=_patterns(reader, "phrases"),
            over=reader.texts("over") if "over" in table else (),
        )
        if rejection.code in found:
            reader.wrong("code", f"{rejection.code!r} stands twice")
        found[rejection.code] = rejection
    for rejection in found.values():
        for code in rejection.over:
            if code not in found:
                problems.append(
                    Problem(file.name, 0, f"{rejection.code}: no code {code!r}", "use R01 to R38")
                )
    whole = TableReader(file, problems, "", file.data)
    courtesies = _patterns(whole, "courtesies")
    if problems:
        raise BrokenContent(problems)
    return RejectionBook(found, courtesies, file.data["reviewed_on"])


def _patterns(reader: TableReader, entry: str) -> tuple[re.Pattern[str], ...]:
    """Patterns in which ``*`` stands for a few characters of one sentence."""
    found = []
    for text in reader.texts(entry):
        try:
            gap = _GAP % (_FAR_IN_LATIN if text.isascii() else _FAR)
            found.append(re.compile(text.replace("*", gap)))
        except re.error as error:
            reader.wrong(entry, f"holds {text!r}, which is no pattern: {error}")
    return tuple(found)


def filing_fields(of: object = None, prefix: str = "") -> Iterator[str]:
    """Every dotted field of a filing: ``subject.certificate.number``."""
    part = Filing() if of is None else of
    if not is_dataclass(part):
        return
    for field in fields(part):
        value = getattr(part, field.name)
        yield f"{prefix}{field.name}"
        yield from filing_fields(value, f"{prefix}{field.name}.") if value is not None else ()
