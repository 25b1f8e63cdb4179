"""SMS verification (短信核验): who gets a code, what each types beside it, and until when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from filing.decision import DECISIONS, FilingKind, Outcome
from filing.event import EventType, Person
from filing.model import Filing, ResponsiblePerson
from filing.rulebook import Rulebook, RuleVersion
from filing.stage import BOTH_PERSONS, StageState
from filing.subject import CertificateType

Paper: TypeAlias = Literal["own", "permit_number", "hk_mo_identity_card_number"]
"""Whose last characters are typed: the person's own certificate, or which number of a permit."""

_FIRST: Final = FilingKind.FIRST.value
_WHOLE: Final[Mapping[str, str]] = MappingProxyType(
    {FilingKind.CHANGE: "change_both", FilingKind.CANCEL: "cancel_subject"}
)


@dataclass(frozen=True, slots=True)
class SmsRules:
    """What the rules say of SMS verification on one day, in one province."""

    window: timedelta
    tail: int  # characters of the certificate's number to type
    max_wrong: int
    max_resends: int
    resend_after: timedelta
    senders: tuple[str, ...]
    site: str
    hk_mo_paper: Paper
    source: RuleVersion  # of the window


@dataclass(frozen=True, slots=True)
class SmsTask:
    """One person's SMS verification.

    ``due_at`` is None while no code can have come yet. ``counted_from`` tells what the time
    runs from: the code's arrival, or, as long as nobody told it, the hand-over to the bureau
    or the arrival of the other person's (:meth:`StageState.sms_stands_in`).
    """

    person: Person
    mobile: str | None
    certificate: CertificateType | None
    paper: Paper
    received_at: datetime | None
    due_at: datetime | None
    counted_from: EventType | None
    is_verified: bool
    is_estimate: bool = False  # the person's own code is not known to have come

    def is_overdue(self, now: datetime) -> bool:
        """Whether the time ran out without a verification."""
        return not self.is_verified and self.due_at is not None and now >= self.due_at


def sms_rules(rulebook: Rulebook, on: date, province: str | None = None) -> SmsRules:
    """The rules in force. Raises ``filing.rulebook.RulebookError`` if one is missing."""

    def at(key: str) -> RuleVersion:
        return rulebook.at(key, on, province=province)

    window = at("sms_window_hours")
    on_the_back = at("sms_hk_mo_id_tail").word == "hk_mo_identity_card_number"
    return SmsRules(
        window=timedelta(hours=window.number),
        tail=at("sms_id_tail_characters").number,
        max_wrong=at("sms_max_wrong").number,
        max_resends=at("sms_max_resends").number,
        resend_after=timedelta(minutes=at("sms_resend_after_minutes").number),
        senders=at("sms_senders").words,
        site=at("sms_site").word,
        hk_mo_paper="hk_mo_identity_card_number" if on_the_back else "permit_number",
        source=window,
    )


def sms_window(rulebook: Rulebook, on: date) -> timedelta | None:
    """How long a code may be answered; None where no rule says it."""
    version = rulebook.find("sms_window_hours", on)
    return None if version is None else timedelta(hours=version.number)


def sms_recipients(
    rulebook: Rulebook, on: date, kind: str | None, province: str | None = None
) -> frozenset[Person]:
    """To whom a filing of this kind sends a code; as for a first one while it is not known.

    ``kind`` is a key of the rule, a filing kind, or the outcome of the decision on one.
    """
    rule = rulebook.find("sms_recipients", on, province=province)
    if rule is None:
        return BOTH_PERSONS
    told = rule.field(_key_of(kind)) or rule.field(_FIRST)
    return BOTH_PERSONS if told is None else frozenset(map(Person, told.words))


def _key_of(kind: str | None) -> str:
    """The rule's key for a kind; of a change or a cancelling the one with most recipients."""
    if kind in tuple(Outcome):
        decided = DECISIONS[Outcome(kind)]
        kind = decided.kind or decided.then
    return _WHOLE.get(kind or _FIRST, kind or _FIRST)


def sms_tasks(
    filing: Filing, state: StageState, persons: Iterable[Person], rules: SmsRules
) -> tuple[SmsTask, ...]:
    """The verification of each person who has one, the principal's first."""
    stands_in = state.sms_stands_in(rules.window)
    is_code = stands_in is not None and stands_in == state.when(EventType.SMS_RECEIVED)
    wanted = frozenset(persons)
    found = []
    for person in Person:
        if person not in wanted:
            continue
        who = _of(filing, person)
        received = state.sms_received(person)
        since = received or stands_in
        counted = EventType.SMS_RECEIVED if received or is_code else EventType.SUBMITTED_TO_BUREAU
        found.append(
            SmsTask(
                person=person,
                mobile=who.mobile,
                certificate=who.certificate.type,
                paper=_paper(who.certificate.type, rules),
                received_at=received,
                due_at=since + rules.window if since is not None else None,
                counted_from=counted if since is not None else None,
                is_verified=person in state.verified,
                is_estimate=since is not None and received is None,
            )
        )
    return tuple(found)


def _of(filing: Filing, person: Person) -> ResponsiblePerson:
    return filing.principal if person is Person.PRINCIPAL else filing.site_manager


def _paper(certificate: CertificateType | None, rules: SmsRules) -> Paper:
    return rules.hk_mo_paper if certificate is CertificateType.HK_MO_PERMIT else "own"
