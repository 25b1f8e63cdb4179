"""One rules file read into rules, with every mistake in it noted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final, TypeGuard, cast

from filing.rulebook import (
    ALL,
    UNIT,
    Confidence,
    LegalSource,
    Rule,
    RuleKind,
    RuleVersion,
    breadth,
)
from filing.subject import SubjectKind
from knowledge.errors import Problem
from knowledge.rules_schema import KeySpec, did_you_mean, freeze
from knowledge.toml_file import TomlFile

SUBJECT_WORDS: Final = frozenset({ALL, UNIT, *(kind.value for kind in SubjectKind)})
_FILE_ENTRIES: Final = frozenset({"province", "reviewed_on", "sources"})
_RULE_ENTRIES: Final = frozenset(
    {"description", "unit", "kind", "confidence", "subjects", "reviewed_on", "disagreement"}
)
_VERSION_ENTRIES: Final = frozenset({"valid_from", "value", "repealed", "source", "also", "note"})
_SOURCE_ENTRIES: Final = frozenset({"title", "article", "publisher", "date", "url", "ref"})


@dataclass(slots=True)
class RulesReader:
    """Reads the rules of one file; what is wrong goes to ``problems``, the rest is returned."""

    file: TomlFile
    keys: Mapping[str, KeySpec]
    problems: list[Problem]
    province: str | None = None
    _sources: dict[str, LegalSource] = field(default_factory=dict)

    def read(self) -> list[Rule]:
        """All rules of the file that can be used."""
        self._read_sources()
        rules: list[Rule] = []
        for key, entry in self.file.data.items():
            if key in _FILE_ENTRIES:
                continue
            if key not in self.keys:
                cure = f"{did_you_mean(key, self.keys)} New keys are described in keys.toml"
                self._report(key, 0, "no rule has this key", cure)
                continue
            tables = entry if isinstance(entry, list) else [entry]
            for index, table in enumerate(tables):
                if not isinstance(table, Mapping):
                    self._report(key, 0, "a rule must be a table", f"write it under [{key}]")
                    continue
                rule = self._read_rule(key, index, table)
                if rule is not None:
                    rules.append(rule)
        return rules

    def _read_sources(self) -> None:
        for ref, table in self.file.data.get("sources", {}).items():
            source = self._source_of(table, f"sources.{ref}", 0)
            if source is not None:
                self._sources[ref] = replace(source, ref=ref)

    def _read_rule(self, key: str, index: int, table: Mapping[str, Any]) -> Rule | None:
        before = len(self.problems)
        self._refuse_unknown(key, index, table, _RULE_ENTRIES | _VERSION_ENTRIES | {"versions"})
        spec = self.keys[key]
        versions = self._read_versions(key, index, table)
        subjects = self._read_subjects(key, index, table)
        kind = table.get("kind", "practice")
        if kind not in ("law", "practice"):
            self._report(key, index, f"kind is {kind!r}", "write 'law' or 'practice'", "kind")
        confidence = table.get("confidence", "high" if kind == "law" else "medium")
        if confidence not in ("high", "medium", "low"):
            cure = "write 'high', 'medium' or 'low'"
            self._report(key, index, f"confidence is {confidence!r}", cure, "confidence")
        reviewed = table.get("reviewed_on", self.file.data.get("reviewed_on"))
        if not is_day(reviewed):
            cure = "add 'reviewed_on = 2026-01-31' to the rule or at the top of the file"
            self._report(key, index, "nobody is said to have reviewed it", cure)
        for name in ("description", "unit", "disagreement"):
            if not isinstance(table.get(name, ""), str):
                self._report(key, index, f"{name!r} must be a text", "put it in quotes", name)
        if len(self.problems) > before:
            return None
        return Rule(
            key=key,
            description=table.get("description", spec.description),
            kind=cast(RuleKind, kind),
            confidence=cast(Confidence, confidence),
            subjects=subjects,
            reviewed_on=cast(date, reviewed),
            versions=versions,
            province=self.province,
            unit=table.get("unit", spec.unit),
            disagreement=table.get("disagreement"),
        )

    def _read_subjects(self, key: str, index: int, table: Mapping[str, Any]) -> tuple[str, ...]:
        subjects = table.get("subjects", [ALL])
        if not isinstance(subjects, list) or not subjects:
            cure = 'write subjects = ["unit"], or leave it out for all'
            self._report(key, index, "'subjects' must be a list", cure, "subjects")
            return (ALL,)
        for word in subjects:
            if word not in SUBJECT_WORDS:
                cure = did_you_mean(str(word), SUBJECT_WORDS)
                self._report(key, index, f"no subject is called {word!r}", cure, "subjects")
        return tuple(subjects)

    def _read_versions(
        self, key: str, index: int, table: Mapping[str, Any]
    ) -> tuple[RuleVersion, ...]:
        tables = table.get("versions", [table])
        own = [name for name in _VERSION_ENTRIES if name in table]
        if "versions" in table and own:
            cure = "move it into one of the versions"
            self._report(key, index, f"{own[0]!r} stands beside 'versions'", cure, own[0])
        if not isinstance(tables, list) or not tables:
            cure = f"write [[{key}.versions]] with 'valid_from', 'value' and 'source'"
            self._report(key, index, "it has no version", cure)
            return ()
        versions = [
            version
            for number, entry in enumerate(tables)
            if (version := self._read_version(key, index, number, entry, entry is not table))
        ]
        days = [version.valid_from for version in versions]
        if any(later <= earlier for earlier, later in pairwise(days)):
            cure = "sort them by 'valid_from', oldest first, each day once"
            self._report(key, index, "its versions are not in the order of their days", cure)
        return tuple(versions)

    def _read_version(
        self, key: str, index: int, number: int, table: Mapping[str, Any], separate: bool
    ) -> RuleVersion | None:
        if separate:
            self._refuse_unknown(key, index, table, _VERSION_ENTRIES)
        missing = [name for name in ("valid_from", "source") if name not in table]
        if missing or ("value" in table) == ("repealed" in table):
            found = ", ".join(sorted(table.keys() & _VERSION_ENTRIES)) or "nothing"
            self._report(
                key,
                index,
                "a version needs 'valid_from', 'source' and either 'value' or "
                f"'repealed = true'; found {found}",
                f"add {' and '.join(map(repr, missing)) or 'one of the two'}"
                + (f" to version {number + 1}" if separate else ""),
            )
            return None
        if not is_day(table["valid_from"]):
            self._report(key, index, "'valid_from' must be a day", "write 2026-01-31", "valid_from")
            return None
        if "value" in table:
            wrong = self.keys[key].check(table["value"])
            if wrong:
                self._report(key, index, f"the value {wrong}", "see keys.toml", "value")
                return None
        elif table["repealed"] is not True:
            self._report(key, index, "'repealed' can only be true", "leave it out", "repealed")
            return None
        source = self._source_of(table["source"], key, index)
        also = [self._source_of(one, key, index) for one in table.get("also", [])]
        note = table.get("note")
        if note is not None and not isinstance(note, str):
            self._report(key, index, "'note' must be a text", "put it in quotes", "note")
        if source is None:
            return None
        return RuleVersion(
            valid_from=table["valid_from"],
            value=freeze(table["value"]) if "value" in table else None,
            source=source,
            also=tuple(one for one in also if one is not None),
            note=note,
        )

    def _source_of(self, entry: Any, key: str, index: int) -> LegalSource | None:
        """A source written as the name of one of the file's sources, or as a table."""
        table = {"ref": entry} if isinstance(entry, str) else entry
        if not isinstance(table, Mapping) or not all(isinstance(x, str) for x in table.values()):
            cure = 'write source = "name" or source = { title = "…", article = "…" }'
            self._report(key, index, "a source must be a name or a table of texts", cure, "source")
            return None
        self._refuse_unknown(key, index, table, _SOURCE_ENTRIES)
        if "ref" not in table:
            if not table.get("title"):
                self._report(key, index, "a source needs a title", "add 'title'", "source")
                return None
            return LegalSource(**{name: table[name] for name in table.keys() & _SOURCE_ENTRIES})
        known = self._sources.get(table["ref"])
        if known is None:
            cure = f"add [sources.{table['ref']}] to the file, or correct the name"
            self._report(key, index, f"no source is called {table['ref']!r}", cure, "source")
            return None
        return replace(known, **{name: table[name] for name in table.keys() & _SOURCE_ENTRIES})

    def _refuse_unknown(
        self, key: str, index: int, table: Mapping[str, Any], known: frozenset[str]
    ) -> None:
        for name in table:
            if name not in known:
                cure = did_you_mean(name, known)
                self._report(key, index, f"unknown entry {name!r}", cure, name)

    def _report(
        self, key: str, index: int, message: str, cure: str, entry: str | None = None
    ) -> None:
        line = self.file.line_of(key, index, entry)
        self.problems.append(Problem(self.file.name, line, f"[{key}]: {message}", cure))


def is_day(value: object) -> TypeGuard[date]:
    """True for a calendar day; a moment with a time is not one."""
    return isinstance(value, date) and not isinstance(value, datetime)


def ambiguities(rules: Iterable[Rule]) -> list[tuple[Rule, Rule, str]]:
    """Pairs of rules of one key between which nothing decides, with a subject both govern."""
    found: list[tuple[Rule, Rule, str]] = []
    by_key: dict[str, list[Rule]] = {}
    for rule in rules:
        by_key.setdefault(rule.key, []).append(rule)
    for same_key in by_key.values():
        if len(same_key) < 2:
            continue
        pairs: dict[tuple[int, int], str] = {}
        for subject in (None, *(kind.value for kind in SubjectKind)):
            widths: dict[int, int] = {}
            for position, rule in enumerate(same_key):
                width = breadth(rule, subject)
                if width is None:
                    continue
                if width in widths:
                    pairs.setdefault((widths[width], position), subject or ALL)
                widths.setdefault(width, position)
        found.extend((same_key[one], same_key[two], who) for (one, two), who in pairs.items())
    return found
