"""材料清单: which papers a filing needs, why, what each must be, and how each stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import Protocol

from filing.checks import CHECKS, Check, ProviderLimits
from filing.checks.base import Case
from filing.finding import Finding, Level
from filing.invalid import Param
from filing.materials.facts import FACTS, Looked
from filing.materials.material import (
    Material,
    MaterialKind,
    PictureFinding,
    Side,
    Slot,
    Verdict,
)
from filing.materials.requirement import Condition, MaterialRules, NeedRule, Requirement
from filing.materials.versions import Pieces, last_verdicts, pieces_of
from filing.model import PERMANENT, Filing
from filing.months import months_after
from filing.rulebook import LegalSource, Rulebook
from filing.subject import CertificateType


class State(StrEnum):
    """How a slot stands."""

    MISSING = "missing"  # nothing, or not all of it, was received
    RECEIVED = "received"  # nothing is known against it; staff may still look
    PROBLEM = "problem"  # a check or staff asks for another
    ACCEPTED = "accepted"  # by staff
    EXPIRING = "expiring"  # valid, but not for as long as the rules ask


class PictureLimits(ProviderLimits, Protocol):
    """What the access provider takes of pictures, beside its other limits."""

    @property
    def picture_formats(self) -> tuple[str, ...]:
        """As the console calls them: jpg, png."""
        ...

    @property
    def picture_max_megabytes(self) -> int:
        """The most megabytes of one picture."""
        ...

    @property
    def sources(self) -> Mapping[str, LegalSource]:
        """Where its limits are written; those of pictures under ``pictures``."""
        ...


@dataclass(frozen=True, slots=True)
class Need:
    """One thing a paper must be (``material.need.<code>``), with its source."""

    code: str
    params: Mapping[str, Param]
    source: LegalSource


@dataclass(frozen=True, slots=True)
class Item:
    """One slot of a filing's checklist.

    ``because`` are the pre-checks that ask for it; where there are none, ``source`` is what does.
    ``current`` are the pieces that count: a page, two sides of a card, several papers.
    """

    slot: Slot
    required: bool
    source: LegalSource
    because: tuple[Finding, ...] = ()
    certificate: CertificateType | None = None  # which paper it is, where the filing says so
    documents: tuple[str, ...] = ()  # the papers by the names the province gives them
    any_of: tuple[str, ...] = ()  # kinds of proof any one of which will do
    several: bool = False
    needs: tuple[Need, ...] = ()
    state: State = State.MISSING
    current: tuple[Material, ...] = ()
    replaced: tuple[Material, ...] = ()
    lacks: tuple[Side, ...] = ()
    findings: tuple[PictureFinding, ...] = ()  # on what is current, refusing ones first
    verdict: Verdict | None = None  # the staff's on what is current; a refusal before others
    valid_until: date | None = None
    valid_enough_until: date | None = None  # the last valid day must lie behind this

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state in (State.MISSING, State.PROBLEM, State.EXPIRING)

    @property
    def versions(self) -> tuple[Material, ...]:
        """Everything received for it, oldest first."""
        return tuple(sorted((*self.replaced, *self.current), key=lambda one: one.at))


def checklist(
    filing: Filing,
    rules: MaterialRules,
    rulebook: Rulebook,
    provider: PictureLimits,
    today: date,
    *,
    materials: Sequence[Material] = (),
    verdicts: Sequence[Verdict] = (),
    websites: int = 1,
) -> tuple[Item, ...]:
    """What a filing needs on a day, in the console's order, and how each paper stands.

    Only what the answers so far make sure is listed: a filing that is not filled in yet may come
    to need more. ``websites`` counts those of the same subject, this one included.
    """
    asked = _Asked(Looked(Case(filing, rulebook, today, provider), websites), rules, provider)
    items: dict[Slot, Item] = {}
    for requirement in rules.requirements:
        if not requirement.is_in_force(today):
            continue
        item = asked.item(requirement)
        if item is None:
            continue
        known = items.get(item.slot)
        items[item.slot] = item if known is None else _joined(known, item)
    return tuple(_standing(item, materials, verdicts, today) for item in items.values())


def is_complete(items: Iterable[Item]) -> bool:
    """Whether everything required is there and nothing is known against it."""
    return all(not item.is_open for item in items if item.required)


def next_open(items: Iterable[Item]) -> Item | None:
    """The first required item that is still open, if any."""
    return next((item for item in items if item.required and item.is_open), None)


@dataclass(slots=True)
class _Asked:
    """One filing being asked which requirements apply to it."""

    looked: Looked
    rules: MaterialRules
    provider: PictureLimits
    _found: dict[str, tuple[Finding, ...]] = field(default_factory=dict)  # by code, run once

    def item(self, requirement: Requirement) -> Item | None:
        case, when = self.looked.case, requirement.when
        struck = self._struck(when)
        if not self._holds(when, struck, None):
            return None
        certificate = _certificate(case.filing, requirement.certificate)
        enough = self._enough(requirement)
        return Item(
            slot=requirement.slot,
            required=not requirement.advised,
            source=self._source(when, struck, requirement.source),
            because=struck,
            certificate=certificate,
            documents=_listed(struck, requirement.documents, "、"),
            any_of=self._any_of(requirement.any_of, struck),
            several=requirement.several,
            needs=self._needs(requirement, certificate),
            valid_until=_validity(case.filing, requirement.validity),
            valid_enough_until=enough,
        )

    def _holds(
        self, when: Condition, struck: tuple[Finding, ...], certificate: CertificateType | None
    ) -> bool:
        if not all(FACTS[fact](self.looked) for fact in when.facts):
            return False
        if when.rule is not None and not self._says(when.rule):
            return False
        if when.certificates and (certificate is None or certificate not in when.certificates):
            return False
        return bool(struck) or not when.findings

    def _says(self, rule: str) -> bool:
        key, _, name = rule.partition(".")
        version = self.looked.case.part(key, name) if name else self.looked.case.rule(key)
        return version is not None and version.value not in (False, "false", "none", "not_needed")

    def _struck(self, when: Condition) -> tuple[Finding, ...]:
        return tuple(
            finding
            for code in when.findings
            for finding in self._findings(code)
            if all(str(finding.params.get(name)) in words for name, words in when.where.items())
            and not any(
                str(finding.params.get(name)) in words for name, words in when.unless.items()
            )
        )

    def _findings(self, code: str) -> tuple[Finding, ...]:
        if code not in self._found:
            self._found[code] = tuple(
                finding for check in _checks(code) for finding in check.run(self.looked.case)
            )
        return self._found[code]

    def _source(
        self, when: Condition, struck: tuple[Finding, ...], own: LegalSource
    ) -> LegalSource:
        """The nearest: of the finding's rules, of the rule named, else the requirement's own."""
        for finding in struck:
            if finding.sources:
                return finding.sources[0]
        if when.rule is not None:
            version = self.looked.case.rule(when.rule.partition(".")[0])
            if version is not None:
                return version.source
        return own

    def _any_of(self, name: str | None, struck: tuple[Finding, ...]) -> tuple[str, ...]:
        if name is None:
            return ()
        listed = _listed(struck, name, ",")
        rule = self.looked.case.rule(name) if not listed and not struck else None
        return rule.words if rule is not None else listed

    def _needs(
        self, requirement: Requirement, certificate: CertificateType | None
    ) -> tuple[Need, ...]:
        is_identity = requirement.slot.kind is MaterialKind.IDENTITY_DOCUMENT
        paper = certificate or (CertificateType.ID_CARD if is_identity else None)  # the usual one
        found = [
            self._need(self.rules.needs[code], requirement)
            for code in requirement.needs
            if self._holds(self.rules.needs[code].when, (), paper)
        ]
        if margin := self._margin(requirement):
            amount, unit, source = margin
            params: dict[str, Param] = {"amount": amount, "unit": unit}
            found.append(Need("validity", MappingProxyType(params), source))
        pictures = self.provider.sources.get("pictures", requirement.source)
        formats: dict[str, Param] = {
            "formats": ",".join(self.provider.picture_formats),
            "megabytes": self.provider.picture_max_megabytes,
        }
        return (*found, Need("format", MappingProxyType(formats), pictures))

    def _need(self, need: NeedRule, requirement: Requirement) -> Need:
        params: dict[str, Param] = {"whose": requirement.slot.whose}
        return Need(need.code, MappingProxyType(params), self._source(need.when, (), need.source))

    def _margin(self, requirement: Requirement) -> tuple[int, str, LegalSource] | None:
        """How much validity must be left: the most that a rule in force asks for."""
        case, subject = self.looked.case, self.looked.case.filing.subject
        found: list[tuple[date, int, str, LegalSource]] = []
        for key in requirement.margins:
            version = case.rule(key)
            if version is None:
                continue
            rule = case.rulebook.rule(
                key, case.today, province=subject.province, subject=subject.kind
            )
            unit = "months" if rule.unit == "months" else "days"
            last = _after(case.today, version.number, unit)
            found.append((last, version.number, unit, version.source))
        if not found:
            return None
        _, amount, unit, source = max(found, key=lambda one: one[0])
        return amount, unit, source

    def _enough(self, requirement: Requirement) -> date | None:
        margin = self._margin(requirement)
        return None if margin is None else _after(self.looked.case.today, margin[0], margin[1])


def _after(day: date, amount: int, unit: str) -> date:
    return months_after(day, amount) if unit == "months" else day + timedelta(days=amount)


@lru_cache
def _checks(code: str) -> tuple[Check, ...]:
    return tuple(check for check in CHECKS if check.code == code)


def _listed(struck: tuple[Finding, ...], name: str | None, comma: str) -> tuple[str, ...]:
    """What the findings name under a parameter, each once."""
    texts = (str(finding.params.get(name, "")) for finding in struck) if name else ()
    names = (one.strip() for text in texts for one in text.split(comma))
    return tuple(dict.fromkeys(one for one in names if one))


def _certificate(filing: Filing, path: str | None) -> CertificateType | None:
    found = attrgetter(path)(filing) if path else None
    return found if isinstance(found, CertificateType) else None


def _validity(filing: Filing, path: str | None) -> date | None:
    found = attrgetter(path)(filing) if path else None
    return found if isinstance(found, date) else None


def _joined(one: Item, other: Item) -> Item:
    """One slot asked for twice: for all the reasons, with all that each asks for."""
    needs = {need.code: need for need in (*one.needs, *other.needs)}
    return replace(
        one,
        required=one.required or other.required,
        because=(*one.because, *(new for new in other.because if new not in one.because)),
        documents=tuple(dict.fromkeys((*one.documents, *other.documents))),
        any_of=one.any_of or other.any_of,
        several=one.several or other.several,
        needs=tuple(needs.values()),
    )


def _standing(
    item: Item, materials: Sequence[Material], verdicts: Sequence[Verdict], today: date
) -> Item:
    """The item with what was received for it."""
    pieces = pieces_of(item.slot.key, materials, verdicts, several=item.several)
    last = last_verdicts(verdicts)
    judged = [last[one.id] for one in pieces.current if one.id in last]
    refused = next((one for one in judged if not one.accepted), None)
    findings = [one for piece in pieces.current for one in piece.findings if piece.id not in last]
    read = [one.valid_until for one in pieces.current if one.valid_until is not None]
    standing = replace(
        item,
        current=pieces.current,
        replaced=pieces.replaced,
        lacks=pieces.lacks,
        findings=tuple(sorted(findings, key=lambda one: one.level is not Level.REFUSE)),
        verdict=refused or (judged[-1] if judged else None),
        valid_until=min(read) if read else item.valid_until,
    )
    return replace(standing, state=_state(standing, pieces, len(judged), today))


def _state(item: Item, pieces: Pieces, judged: int, today: date) -> State:
    until = item.valid_until
    if not pieces.current:
        return State.MISSING
    if item.verdict is not None and not item.verdict.accepted:
        return State.PROBLEM
    if any(one.level is Level.REFUSE for one in item.findings):
        return State.PROBLEM
    if until is not None and until < today:
        return State.PROBLEM
    if pieces.lacks or (item.several and len(pieces.current) < len(item.documents)):
        return State.MISSING
    if until not in (None, PERMANENT) and _is_short(until, item.valid_enough_until):
        return State.EXPIRING
    return State.ACCEPTED if judged == len(pieces.current) else State.RECEIVED


def _is_short(until: date | None, enough: date | None) -> bool:
    return until is not None and enough is not None and until <= enough
