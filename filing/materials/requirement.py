"""What may have to be handed in, when, and what it must look like: the rules of the checklist."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from filing.materials.material import Slot
from filing.rulebook import LegalSource


def _nothing() -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Condition:
    """When something applies: everything stated must hold. Nothing stated holds always.

    ``facts`` are names of :data:`filing.materials.facts.FACTS`. ``rule`` is a key of the rulebook
    (or one field of its table, after a dot) that must be in force for the filing and say neither
    false nor none. ``findings`` are codes of pre-checks, one of which must strike; those whose
    parameters are not among ``where``, or are among ``unless``, are passed over.
    ``certificates`` are the types of which the paper must be one.
    """

    facts: tuple[str, ...] = ()
    rule: str | None = None
    findings: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=_nothing)
    unless: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=_nothing)
    certificates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedRule:
    """One thing a picture or paper must be, and where that is written."""

    code: str  # names its wording: material.need.<code>
    when: Condition
    source: LegalSource  # where no rule is named, or the rule's own is not wanted


@dataclass(frozen=True, slots=True)
class Requirement:
    """One paper that a filing may need, from a day on.

    ``documents`` names the parameter of the finding that lists the papers by name; ``any_of`` the
    parameter, or the rule, that lists what will do. ``certificate`` and ``validity`` are dotted
    fields of the filing: which paper it is, and its last valid day. ``margins`` are rules saying
    how much of its validity must be left.
    """

    slot: Slot
    when: Condition
    source: LegalSource
    valid_from: date
    valid_until: date | None = None  # the last day it holds
    advised: bool = False  # better to have it ready; the filing goes on without
    several: bool = False  # every picture counts, none replaces another
    needs: tuple[str, ...] = ()
    documents: str | None = None
    any_of: str | None = None
    certificate: str | None = None
    validity: str | None = None
    margins: tuple[str, ...] = ()

    def is_in_force(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


@dataclass(frozen=True, slots=True)
class MaterialRules:
    """Every requirement, in the console's order, and what papers must be."""

    requirements: tuple[Requirement, ...] = ()
    needs: Mapping[str, NeedRule] = field(default_factory=dict)

    @property
    def findings(self) -> frozenset[str]:
        """Codes of the pre-checks they look at."""
        return frozenset(code for one in self.requirements for code in one.when.findings)
