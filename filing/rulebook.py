"""The dated, sourced rules of filing, and which of them governs whom, where and when.

Among rules of one key the narrowest that is in force governs: a province's before the
nation's, and within each a rule naming the subject's own kind before one for all units
(``"unit"``) before one for ``"all"``. Of two rules naming the kind the one naming fewer kinds
is narrower. A rule for enterprises also covers a sole proprietor (个体工商户, filed under the
same ministry code) unless one names him.

    RulebookError (LookupError)
    ├── UnknownRule        nobody ever wrote a rule of this key
    ├── UnknownProvince    not one of the 31 short names
    └── RuleNotInForce     the key is known, but nothing governs this case on this day
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal, TypeAlias

from filing.provinces import province_named
from filing.subject import SubjectKind

RuleValue: TypeAlias = bool | int | str | tuple["RuleValue", ...] | Mapping[str, "RuleValue"]
"""What a rule may say: a flag, a number, a word, several of them, or a table of them."""

Confidence: TypeAlias = Literal["high", "medium", "low"]
RuleKind: TypeAlias = Literal["law", "practice"]

ALL = "all"
UNIT = "unit"


class RulebookError(LookupError):
    """A question the rulebook cannot answer."""


class UnknownRule(RulebookError):
    """No rule of this key exists, in force or not."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no rule is called {key!r}; the keys are listed in rules/keys.toml")
        self.key = key


class UnknownProvince(RulebookError):
    """A province was named other than by its short name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no province is called {name!r}; use a short name such as '江苏'")
        self.name = name


class RuleNotInForce(RulebookError):
    """The key is known, but no rule of it governs the case on that day."""

    def __init__(self, key: str, on: date, province: str | None, subject: str | None) -> None:
        super().__init__(
            f"no rule {key!r} is in force on {on.isoformat()} "
            f"for province={province or 'any'}, subject={subject or 'any'}"
        )
        self.key = key
        self.on = on
        self.province = province
        self.subject = subject


class WrongValue(TypeError):
    """A rule's value was read as another type than it has: a mistake in the caller."""


@dataclass(frozen=True, slots=True)
class LegalSource:
    """Where a rule can be read: a regulation, or a page of a bureau or access provider."""

    title: str
    article: str | None = None  # 第十二条
    publisher: str | None = None
    date: str | None = None  # as the source shows it; ISO where it is exact
    url: str | None = None
    ref: str | None = None  # its name in the data files


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """What a rule says from a day on. A value of None means it is repealed."""

    valid_from: date
    value: "RuleValue | None"
    source: LegalSource
    also: tuple[LegalSource, ...] = ()  # further sources, agreeing or not
    note: str | None = None  # what key and value cannot express
    _parts: dict[str, "RuleVersion | None"] = dataclasses.field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def flag(self) -> bool:
        """The value, which must be true or false."""
        if isinstance(self.value, bool):
            return self.value
        raise self._wrong("true or false")

    @property
    def number(self) -> int:
        """The value, which must be a whole number."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return self.value
        raise self._wrong("a number")

    @property
    def word(self) -> str:
        """The value, which must be one word or text."""
        if isinstance(self.value, str):
            return self.value
        raise self._wrong("a word")

    @property
    def words(self) -> tuple[str, ...]:
        """The value, which must be a list of words or texts."""
        if isinstance(self.value, tuple):
            words = tuple(word for word in self.value if isinstance(word, str))
            if len(words) == len(self.value):
                return words
        raise self._wrong("a list of words")

    @property
    def table(self) -> Mapping[str, RuleValue]:
        """The value, which must be a table of named fields."""
        if isinstance(self.value, Mapping):
            return self.value
        raise self._wrong("a table")

    def field(self, name: str) -> "RuleVersion | None":
        """One field of a table, with the same dates and sources; None if it is not stated."""
        if name not in self._parts:
            value = self.table.get(name)
            self._parts[name] = None if value is None else replace(self, value=value)
        return self._parts[name]

    def _wrong(self, wanted: str) -> WrongValue:
        return WrongValue(f"{self.value!r} from {self.source.title} is not {wanted}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule through time, for some subjects, in one province or (None) everywhere."""

    key: str
    description: str
    kind: RuleKind
    confidence: Confidence
    subjects: tuple[str, ...]  # SubjectKind values, "unit" or "all"
    reviewed_on: date
    versions: tuple[RuleVersion, ...]  # oldest first
    province: str | None = None  # short name
    unit: str | None = None  # of a number: days, working_days, years, …
    disagreement: str | None = None  # what other sources say instead

    def version_on(self, on: date) -> RuleVersion | None:
        """The version in force on a day; None before the first and while repealed."""
        for version in reversed(self.versions):
            if version.valid_from <= on:
                return version if version.value is not None else None
        return None


def breadth(rule: Rule, subject: str | None) -> int | None:
    """How widely a rule is cast for this subject, smaller being narrower; None if it misses.

    Without a subject only rules for ``"all"`` apply.
    """
    if subject is not None:
        if subject in rule.subjects:
            return len(rule.subjects)
        if subject == SubjectKind.SOLE_PROPRIETOR and SubjectKind.ENTERPRISE in rule.subjects:
            return 50 + len(rule.subjects)
        if UNIT in rule.subjects and subject != SubjectKind.INDIVIDUAL:
            return 100
    return 200 if ALL in rule.subjects else None


class Rulebook:
    """All rules, asked by key, day, province and subject.

    ``provinces`` maps a short name to that province's rules. It may be lazy: each province is
    read at most once, when first asked about.
    """

    def __init__(self, national: Iterable[Rule], provinces: Mapping[str, tuple[Rule, ...]]) -> None:
        self._national = tuple(national)
        self._provinces = provinces
        self._by_key: dict[str | None, dict[str, list[Rule]]] = {None: _by_key(self._national)}
        self._orders: dict[tuple[str, str | None, str | None], tuple[Rule, ...]] = {}
        self._found: dict[tuple[str, str | None, str | None], RuleVersion | None] = {}
        self._found_on: date | None = None

    def at(
        self, key: str, on: date, *, province: str | None = None, subject: str | None = None
    ) -> RuleVersion:
        """What the governing rule says on a day.

        Raises UnknownRule, UnknownProvince, or RuleNotInForce when nothing governs the case.
        """
        version = self.find(key, on, province=province, subject=subject)
        if version is None:
            raise RuleNotInForce(key, on, province, subject)
        return version

    def find(
        self, key: str, on: date, *, province: str | None = None, subject: str | None = None
    ) -> RuleVersion | None:
        """Like :meth:`at`, but None when no rule governs the case on that day."""
        if on != self._found_on:  # what was found holds for one day
            self._found, self._found_on = {}, on
        case = (key, province, subject)
        if case not in self._found:
            versions = (rule.version_on(on) for rule in self._candidates(*case))
            self._found[case] = next((one for one in versions if one is not None), None)
        return self._found[case]

    def rule(
        self, key: str, on: date, *, province: str | None = None, subject: str | None = None
    ) -> Rule:
        """The governing rule itself: its confidence, kind, review date and disagreement."""
        for rule in self._candidates(key, province, subject):
            if rule.version_on(on) is not None:
                return rule
        raise RuleNotInForce(key, on, province, subject)

    def national_rules(self) -> tuple[Rule, ...]:
        """The rules that hold everywhere, in the order they are written."""
        return self._national

    def province_rules(self, province: str) -> tuple[Rule, ...]:
        """A province's own rules, in the order they are written."""
        if province_named(province) is None:
            raise UnknownProvince(province)
        return self._provinces.get(province, ())

    def rules_of(self, key: str, province: str | None = None) -> tuple[Rule, ...]:
        """The rules of a key that a province has of its own; with None those of the nation."""
        return tuple(self._keys_of(province).get(key, ()))

    def is_researched(self, province: str, key: str) -> bool:
        """True if the province has a rule of its own; else only the national default is known."""
        return key in self._keys_of(province)

    def across_provinces(
        self, key: str, on: date, *, subject: str | None = None
    ) -> dict[str, RuleVersion]:
        """What governs in each province on a day, by short name; provinces without are left out."""
        found = {
            name: self.find(key, on, province=name, subject=subject) for name in self._provinces
        }
        return {name: version for name, version in found.items() if version is not None}

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every key some rule has, national or of any province (reads all provinces)."""
        everywhere = (rule for rules in self._provinces.values() for rule in rules)
        return frozenset(rule.key for rule in (*self._national, *everywhere))

    def _candidates(self, key: str, province: str | None, subject: str | None) -> tuple[Rule, ...]:
        """The rules that could govern, narrowest first."""
        case = (key, province, subject)
        order = self._orders.get(case)
        if order is None:
            scopes = [self._keys_of(None)]
            if province is not None:
                scopes.insert(0, self._keys_of(province))
            order = tuple(
                rule for scope in scopes for rule in _narrowest_first(scope.get(key, ()), subject)
            )
            if not order and not self._knows(key):
                raise UnknownRule(key)
            self._orders[case] = order
        return order

    def _knows(self, key: str) -> bool:
        """Like ``key in self.keys``; reads no more provinces than it takes to find one."""
        return any(key in self._keys_of(place) for place in (None, *self._provinces))

    def _keys_of(self, province: str | None) -> Mapping[str, list[Rule]]:
        if province not in self._by_key:
            self._by_key[province] = _by_key(self.province_rules(province or ""))
        return self._by_key[province]


def _by_key(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    index: dict[str, list[Rule]] = {}
    for rule in rules:
        index.setdefault(rule.key, []).append(rule)
    return index


def _narrowest_first(rules: Iterable[Rule], subject: str | None) -> tuple[Rule, ...]:
    ranked = [(width, rule) for rule in rules if (width := breadth(rule, subject)) is not None]
    return tuple(rule for _, rule in sorted(ranked, key=lambda pair: pair[0]))
