"""Why filings are returned (R01 to R38): the cause, the cure and what to look at again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
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


@dataclass(frozen=True, slots=True)
class Rejection:
    """One reason for a return. Texts are by locale."""

    code: str  # R18
    cause: Mapping[str, str]
    cure: Mapping[str, str]
    fields: tuple[str, ...]  # dotted fields of filing.model.Filing to correct
    redo: tuple[str, ...]  # of REDO
    source: LegalSource


def load_rejections() -> Mapping[str, Rejection]:
    """All reasons by code. Raises BrokenContent."""
    file = read_toml(files("knowledge") / "rules" / "rejections.toml", "rules/rejections.toml")
    problems: list[Problem] = []
    sources = read_sources(file, problems)
    known = frozenset(filing_fields())
    found: dict[str, Rejection] = {}
    for index, table in enumerate(file.data.get("rejections", [])):
        reader = TableReader(file, problems, "rejections", table, index)
        reader.refuse_others("code", "fields", "redo", "source", "cause", "cure")
        rejection = Rejection(
            code=reader.text("code"),
            cause=reader.by_locale("cause"),
            cure=reader.by_locale("cure"),
            fields=reader.words("fields", known),
            redo=reader.words("redo", REDO),
            source=reader.source(sources),
        )
        if rejection.code in found:
            reader.wrong("code", f"{rejection.code!r} stands twice")
        found[rejection.code] = rejection
    if problems:
        raise BrokenContent(problems)
    return found


def filing_fields(of: object = None, prefix: str = "") -> Iterator[str]:
    """Every dotted field of a filing: ``subject.certificate.number``."""
    part = Filing() if of is None else of
    if not is_dataclass(part):
        return
    for field in fields(part):
        value = getattr(part, field.name)
        yield f"{prefix}{field.name}"
        yield from filing_fields(value, f"{prefix}{field.name}.") if value is not None else ()
