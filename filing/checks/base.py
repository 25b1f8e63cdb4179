"""What a check is, and what it may look at."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from types import MappingProxyType
from typing import Protocol, TypeAlias

from filing.finding import Basis, Finding, Level
from filing.invalid import Param
from filing.model import Certificate, Filing, ResponsiblePerson
from filing.rulebook import Rulebook, RuleVersion
from filing.subject import SubjectKind


class ProviderLimits(Protocol):
    """What the checks need to know of the access provider."""

    @property
    def unavailable_provinces(self) -> tuple[str, ...]:
        """Short names of provinces the provider cannot file in."""
        ...

    @property
    def resource_months_bought_min(self) -> int:
        """Months the server must have been bought for, in all."""
        ...

    @property
    def resource_months_left_min(self) -> int:
        """Months the server must still run when the filing is handed in."""
        ...

    @property
    def ips_per_website(self) -> int:
        """How many addresses one website may be filed with."""
        ...


@dataclass(frozen=True, slots=True)
class Case:
    """A filing on a day, under the rules in force for its province and subject."""

    filing: Filing
    rulebook: Rulebook
    today: date
    provider: ProviderLimits | None = None

    def rule(self, key: str) -> RuleVersion | None:
        """What the governing rule says, or None where none is in force."""
        subject = self.filing.subject
        return self.rulebook.find(key, self.today, province=subject.province, subject=subject.kind)

    def part(self, key: str, name: str) -> RuleVersion | None:
        """One stated field of a rule that is a table."""
        rule = self.rule(key)
        return None if rule is None else rule.field(name)

    def holds(self, key: str, name: str | None = None) -> RuleVersion | None:
        """The rule (or its field) if it says true, else None."""
        rule = self.rule(key) if name is None else self.part(key, name)
        return rule if rule is not None and rule.value is True else None

    def layers(self, key: str, name: str) -> tuple[Basis, ...]:
        """A field as the governing rule and, if that is the province's, the nation's state it."""
        national = self.rulebook.find(key, self.today, subject=self.filing.subject.kind)
        found: list[Basis] = []
        for version in (self.rule(key), national):
            stated = None if version is None else version.field(name)
            if stated is not None and all(stated != basis.version for basis in found):
                found.append(Basis(key, stated))
        return tuple(found)

    def nearest(self, key: str, name: str) -> Basis | None:
        """A field of the governing rule, or of the national one where that is silent."""
        return next(iter(self.layers(key, name)), None)

    def is_province_own(self, key: str) -> bool:
        """True if the governing rule is the province's, not the national default."""
        subject = self.filing.subject
        rule = self.rulebook.rule(key, self.today, province=subject.province, subject=subject.kind)
        return rule.province is not None

    @property
    def province(self) -> str:
        """Short name of the province filed in, empty while unknown: for wording."""
        return self.filing.subject.province or ""

    @property
    def is_individual(self) -> bool:
        """True if a natural person files."""
        return self.filing.subject.kind is SubjectKind.INDIVIDUAL

    @property
    def is_unit(self) -> bool:
        """True if a body files; false while that is unknown."""
        kind = self.filing.subject.kind
        return kind is not None and kind.is_unit

    @property
    def one_person(self) -> bool:
        """True if the principal is said to manage the website as well."""
        return self.filing.site_manager_same is True

    def persons(self) -> tuple[tuple[str, ResponsiblePerson], ...]:
        """The responsible persons with their paths, one in both roles only once."""
        principal = ("principal", self._principal())
        if self.one_person:
            return (principal,)
        return (principal, ("site_manager", self.filing.site_manager))

    def _principal(self) -> ResponsiblePerson:
        """The principal; an individual's certificate stands with the subject first."""
        principal, stated = self.filing.principal, self.filing.subject.certificate
        if not self.is_individual:
            return principal
        own = principal.certificate
        certificate = Certificate(
            type=own.type or stated.type,
            number=own.number or stated.number,
            address=own.address or stated.address,
            valid_until=own.valid_until or stated.valid_until,
        )
        return replace(principal, certificate=certificate)

    def get(self, path: str) -> object:
        """The value of a dotted field."""
        return attrgetter(path)(self.filing)


def _no_params() -> Mapping[str, Param]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a check strikes: ``at`` a field, by default the check's first."""

    at: str | None = None
    params: Mapping[str, Param] = field(default_factory=_no_params)
    bases: tuple[Basis, ...] = ()


def hit(at: str | None = None, /, *bases: Basis, **params: Param) -> Hit:
    """Build a :class:`Hit` with its parameters as keywords."""
    return Hit(at, MappingProxyType(params), bases)


Judge: TypeAlias = Callable[[Case], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Check:
    """One coded check.

    ``fields`` are what it looks at, the one to mend first; ``rules`` are the keys it rests on:
    where the first of them is not in force, the check is silent. ``params`` are the names its
    wording may use.
    """

    code: str
    level: Level
    fields: tuple[str, ...]
    rules: tuple[str, ...]
    params: tuple[str, ...]
    judge: Judge

    def run(self, case: Case) -> Iterable[Finding]:
        """The findings of this check."""
        if self.rules and case.rule(self.rules[0]) is None:
            return
        for struck in self.judge(case):
            yield Finding(
                code=self.code,
                level=self.level,
                field=struck.at or self.fields[0],
                params=struck.params,
                bases=struck.bases or self._bases(case),
            )

    def _bases(self, case: Case) -> tuple[Basis, ...]:
        versions = ((key, case.rule(key)) for key in self.rules)
        return tuple(Basis(key, version) for key, version in versions if version is not None)


def refuse(
    code: str, *fields: str, rules: tuple[str, ...] = (), params: tuple[str, ...] = ()
) -> Callable[[Judge], Check]:
    """Declare a check whose findings would be returned for certain."""
    return _declare(code, Level.REFUSE, fields, rules, params)


def warn(
    code: str, *fields: str, rules: tuple[str, ...] = (), params: tuple[str, ...] = ()
) -> Callable[[Judge], Check]:
    """Declare a check whose findings deserve a second look."""
    return _declare(code, Level.WARN, fields, rules, params)


def _declare(
    code: str,
    level: Level,
    fields: tuple[str, ...],
    rules: tuple[str, ...],
    params: tuple[str, ...],
) -> Callable[[Judge], Check]:
    def make(judge: Judge) -> Check:
        return Check(code, level, fields, rules, params, judge)

    return make
