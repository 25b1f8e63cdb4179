"""The rules of the checklist: which papers, when, and what they must be, from their file."""

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from filing.checks import CHECKS
from filing.materials.facts import FACTS
from filing.materials.material import WHOSE, MaterialKind, Slot
from filing.materials.requirement import Condition, MaterialRules, NeedRule, Requirement
from filing.model import Filing
from filing.subject import CertificateType
from knowledge.errors import BrokenContent, Problem
from knowledge.rules_loader import MATERIALS_FILE, load_keys
from knowledge.toml_file import TomlFile, read_toml
from knowledge.toml_reader import TableReader, read_sources

_KINDS: Final = frozenset(kind.value for kind in MaterialKind)
_FACTS: Final = frozenset(FACTS)
_CODES: Final = frozenset(check.code for check in CHECKS)
_CERTIFICATES: Final = frozenset(kind.value for kind in CertificateType)
_WHEN: Final = ("facts", "rule", "findings", "where", "unless")
_ENTRIES: Final = (
    *("kind", "whose", "valid_from", "valid_until", "source", "advised", "several", "needs"),
    *("documents", "any_of", "certificate", "validity", "margins"),
    *_WHEN,
)


def load_material_rules(extra_dir: Path | None = None) -> MaterialRules:
    """Read ``rules/materials.toml``, an operator's own in place of the shipped one.

    Raises BrokenContent with every problem.
    """
    own = extra_dir / "rules" / MATERIALS_FILE if extra_dir is not None else None
    if own is not None and own.is_file():
        file = read_toml(own, str(own))
    else:
        file = read_toml(files("knowledge") / "rules" / MATERIALS_FILE, f"rules/{MATERIALS_FILE}")
    return _Reader(file, frozenset(load_keys(extra_dir))).read()


class _Reader:
    """Reads one file, collecting its problems."""

    def __init__(self, file: TomlFile, keys: frozenset[str]) -> None:
        self.file = file
        self.keys = keys
        self.problems: list[Problem] = []
        self.sources = read_sources(file, self.problems)

    def read(self) -> MaterialRules:
        """Everything in the file. Raises BrokenContent."""
        needs = {
            code: self._need(code, table) for code, table in self.file.data.get("needs", {}).items()
        }
        requirements = tuple(
            self._requirement(
                TableReader(self.file, self.problems, "materials", table, index), frozenset(needs)
            )
            for index, table in enumerate(self.file.data.get("materials", []))
        )
        if not requirements:
            message = "no [[materials]] is stated, so that no filing would need any paper"
            self.problems.append(Problem(self.file.name, 0, message, "state them as we do"))
        if self.problems:
            raise BrokenContent(self.problems)
        return MaterialRules(requirements, needs)

    def _need(self, code: str, table: Mapping[str, Any]) -> NeedRule:
        reader = TableReader(self.file, self.problems, f"needs.{code}", table)
        reader.refuse_others("facts", "rule", "certificates", "source")
        return NeedRule(code, self._condition(reader), reader.source(self.sources))

    def _requirement(self, reader: TableReader, needs: frozenset[str]) -> Requirement:
        reader.refuse_others(*_ENTRIES)
        kind = reader.one_of("kind", _KINDS)
        is_whose = "whose" in reader.table
        whose = reader.one_of("whose", frozenset(WHOSE)) if is_whose else "subject"
        when = self._condition(reader)
        documents = reader.optional_text("documents")
        any_of = reader.optional_text("any_of")
        if documents is not None:
            self._judge_params(reader, "documents", when, (documents,))
        if any_of is not None and any_of not in self.keys:
            self._judge_params(reader, "any_of", when, (any_of,))
        margins = reader.texts("margins") if "margins" in reader.table else ()
        for key in margins:
            self._judge_rule(reader, "margins", key)
        return Requirement(
            slot=Slot(MaterialKind(kind) if kind in _KINDS else MaterialKind.OTHER, whose),
            when=when,
            source=reader.source(self.sources),
            valid_from=_day(reader, "valid_from") or date.min,
            valid_until=_day(reader, "valid_until") if "valid_until" in reader.table else None,
            advised=reader.flag("advised"),
            several=reader.flag("several"),
            needs=reader.words("needs", needs) if "needs" in reader.table else (),
            documents=documents,
            any_of=any_of,
            certificate=self._path(reader, "certificate"),
            validity=self._path(reader, "validity"),
            margins=margins,
        )

    def _condition(self, reader: TableReader) -> Condition:
        table = reader.table
        rule = reader.optional_text("rule")
        if rule is not None:
            self._judge_rule(reader, "rule", rule)
        when = Condition(
            facts=reader.words("facts", _FACTS) if "facts" in table else (),
            rule=rule,
            findings=reader.words("findings", _CODES) if "findings" in table else (),
            where=_choices(reader, "where"),
            unless=_choices(reader, "unless"),
            certificates=reader.words("certificates", _CERTIFICATES)
            if "certificates" in table
            else (),
        )
        for entry, choices in (("where", when.where), ("unless", when.unless)):
            self._judge_params(reader, entry, when, tuple(choices))
        return when

    def _judge_rule(self, reader: TableReader, entry: str, rule: str) -> None:
        if rule.partition(".")[0] not in self.keys:
            reader.wrong(entry, f"names the rule {rule!r}; the keys are in rules/keys.toml")

    def _judge_params(
        self, reader: TableReader, entry: str, when: Condition, names: tuple[str, ...]
    ) -> None:
        """Report a parameter that none of the findings has."""
        known = {name for check in CHECKS if check.code in when.findings for name in check.params}
        for name in names:
            if name not in known:
                listed = ", ".join(sorted(known)) or "none"
                reader.wrong(entry, f"names {name!r}; the findings' parameters are: {listed}")

    def _path(self, reader: TableReader, entry: str) -> str | None:
        path = reader.optional_text(entry)
        if path:
            try:
                attrgetter(path)(Filing())
            except AttributeError:
                reader.wrong(entry, f"is {path!r}, which no filing has; see filing/model.py")
                return None
        return path


def _choices(reader: TableReader, entry: str) -> Mapping[str, tuple[str, ...]]:
    found = reader.table.get(entry, {})
    if isinstance(found, Mapping) and all(
        isinstance(words, list) and all(isinstance(word, str) for word in words)
        for words in found.values()
    ):
        return {name: tuple(words) for name, words in found.items()}
    reader.wrong(entry, 'must be a table such as { province = ["江苏"] }')
    return {}


def _day(reader: TableReader, entry: str) -> date | None:
    found = reader.table.get(entry)
    if isinstance(found, date):
        return found
    reader.wrong(entry, "must be a date such as 2026-11-20")
    return None
