"""What a kind of deadline is: from when it runs, how long, and when people are reminded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from filing.event import Stage
from filing.rulebook import LegalSource, Rulebook

TimeUnit: TypeAlias = Literal["hours", "days", "working_days", "months", "told", "half"]
"""``told`` and ``half`` are offsets only: when the date was told, and half-way from there."""


@dataclass(frozen=True, slots=True)
class Offset:
    """A distance in time from a deadline's start; negative: before its date."""

    amount: int
    unit: TimeUnit

    def __str__(self) -> str:
        sign = "-" if self.amount < 0 else ""
        match self.unit:
            case "hours":
                return f"{sign}PT{abs(self.amount)}H"
            case "working_days":
                return f"W{self.amount}"
            case "months":
                return f"{sign}P{abs(self.amount)}M"
            case "told" | "half":
                return self.unit.upper()
            case _:
                return f"{sign}P{abs(self.amount)}D"


@dataclass(frozen=True, slots=True)
class DeadlineKind:
    """One kind of deadline. Exactly one of rule, provider and length is given."""

    key: str
    title: Mapping[str, str]  # by locale
    consequence: Mapping[str, str]
    next_step: Mapping[str, str]
    starts: str  # the event or date it runs from
    starts_else: str | None  # where the first is not known
    ends: str  # the event that settles it
    stages: frozenset[Stage]  # in which it runs; left behind in any other
    rule: str | None  # key of the rule holding the length; of a range its upper end counts
    provider: str | None  # field of the provider profile, a range: its upper end counts
    length: int | None
    unit: TimeUnit | None  # of length
    before: bool  # runs up to the date instead of from it
    margin: bool  # the length is what must be left at the date, which itself is the deadline
    waits: bool  # nothing is to be done until then: it says when to ask
    by_staff: bool  # only a person can see that it is settled
    remind: tuple[Offset, ...]
    source: LegalSource | None  # of length; a rule has its own
    urgent: Offset | None = None  # so long before its end it is told whoever has the conversation


@dataclass(frozen=True, slots=True)
class Length:
    """How long a deadline is in one case, and by which version of which source."""

    amount: int
    unit: TimeUnit
    source: LegalSource | None = None
    version: str = ""  # the day its rule holds from, ISO; empty for what is no rule


@dataclass(frozen=True, slots=True)
class DeadlineRules:
    """All kinds of deadlines with what their lengths are looked up in."""

    kinds: Mapping[str, DeadlineKind] = field(default_factory=dict)
    rulebook: Rulebook | None = None
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # of the provider
    provider_source: LegalSource | None = None

    def length(
        self, kind: DeadlineKind, on: date, province: str | None, subject: str | None
    ) -> Length | None:
        """The length that holds for a case on a day; None where no rule is in force."""
        if kind.length is not None and kind.unit is not None:
            return Length(kind.length, kind.unit, kind.source)
        if kind.provider is not None:
            low_high = self.ranges.get(kind.provider)
            if low_high is None:
                return None
            return Length(low_high[1], "working_days", self.provider_source)
        if kind.rule is None or self.rulebook is None:
            return None
        version = self.rulebook.find(kind.rule, on, province=province, subject=subject)
        if version is None:
            return None
        rule = self.rulebook.rule(kind.rule, on, province=province, subject=subject)
        unit = _UNITS.get(rule.unit or "", "days")
        most = version.field("max") if isinstance(version.value, Mapping) else version
        if most is None:
            return None
        return Length(most.number, unit, version.source, version.valid_from.isoformat())


_UNITS: Mapping[str, TimeUnit] = {
    "hours": "hours",
    "days": "days",
    "working_days": "working_days",
    "months": "months",
}
