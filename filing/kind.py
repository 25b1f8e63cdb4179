"""Which kind of filing an applicant needs, decided from what the records hold already."""

from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Final

from filing.decision import DECISIONS, Decision, FilingKind, Outcome
from filing.rulebook import Rulebook

__all__ = [
    "DECISIVE_SUBJECT_RECORDS",
    "Decision",
    "DomainRecord",
    "FilingKind",
    "Outcome",
    "ServerLocation",
    "SubjectRecord",
    "decide",
    "is_settled",
]

SHELL_RULE: Final = "shell_entity_can_add_service"


class SubjectRecord(StrEnum):
    """What the records hold about the subject (its certificate number)."""

    NONE = "none"  # never filed
    HERE = "here"  # filed through this provider
    ELSEWHERE = "elsewhere"  # filed through others only
    HERE_OTHER_ACCOUNT = "here_other_account"  # at this provider, under another account
    SHELL = "shell"  # 空壳主体: a number without any website
    SHELL_WEBSITE = "shell_website"  # 空壳网站: a website without any access provider
    IN_PROGRESS = "in_progress"  # an application under way somewhere
    CODE_CHANGED = "code_changed"  # filed under a unified code it no longer has
    INDIVIDUAL_TO_UNIT = "individual_to_unit"  # filed as a person, now to be a unit
    UNSURE = "unsure"


class DomainRecord(StrEnum):
    """What the records hold about the domain."""

    NONE = "none"
    SAME_SUBJECT_ELSEWHERE = "same_subject_elsewhere"  # filed for this subject through others
    SAME_SUBJECT_HERE = "same_subject_here"  # filed for this subject through this provider
    OTHER_SUBJECT = "other_subject"  # filed for somebody else
    UNSURE = "unsure"


class ServerLocation(StrEnum):
    """Where the website is served from."""

    MAINLAND = "mainland"
    OVERSEAS = "overseas"  # Hong Kong, Macao and Taiwan included
    NONE = "none"  # a domain alone


_S, _D, _O = SubjectRecord, DomainRecord, Outcome

# What the state of the subject settles, whatever is known of the domain.
_BY_SUBJECT: Final = {
    _S.IN_PROGRESS: _O.IN_PROGRESS,
    _S.CODE_CHANGED: _O.CODE_CHANGED,
    _S.INDIVIDUAL_TO_UNIT: _O.INDIVIDUAL_TO_UNIT,
}
DECISIVE_SUBJECT_RECORDS: Final = tuple(record.value for record in _BY_SUBJECT)
"""What settles the kind of filing before the domain's record is known."""

# A domain filed for the subject proves that the subject is on record.
_BY_DOMAIN: Final = {
    _D.SAME_SUBJECT_ELSEWHERE: _O.ADD_ACCESS,
    _D.SAME_SUBJECT_HERE: _O.ALREADY_FILED,
    _D.UNSURE: _O.LOOK_UP,
}
_SAME_SUBJECT = (_D.SAME_SUBJECT_ELSEWHERE, _D.SAME_SUBJECT_HERE)


def decide(
    subject_record: str,
    domain_record: str,
    server_location: str,
    province: str | None,
    rulebook: Rulebook,
    on: date,
) -> Decision:
    """The one decision for these facts on a day.

    The first three are values of SubjectRecord, DomainRecord and ServerLocation (others raise
    ValueError).
    ``province`` (short name) decides only for a subject without websites; without it such a
    subject is told to cancel first, the stricter of the two customs.
    """
    server = ServerLocation(server_location)
    outcome = _outcome(SubjectRecord(subject_record), DomainRecord(domain_record))
    if server is ServerLocation.OVERSEAS:
        return DECISIONS[Outcome.SERVER_OVERSEAS]
    if server is ServerLocation.NONE:
        return DECISIONS[Outcome.NO_SERVER]
    if outcome is Outcome.SHELL_SUBJECT_MAY_ADD:
        return _shell_subject(province, rulebook, on)
    return DECISIONS[outcome]


def is_settled(server: str, subject: str | None, domain: str | None) -> bool:
    """Whether what is known so far (None: not yet) is enough for :func:`decide`."""
    if server != ServerLocation.MAINLAND or subject in DECISIVE_SUBJECT_RECORDS:
        return True
    return subject is not None and domain is not None


def _outcome(subject: SubjectRecord, domain: DomainRecord) -> Outcome:
    if subject in _BY_SUBJECT:
        return _BY_SUBJECT[subject]
    if subject is _S.NONE:
        return _never_filed(domain)
    if domain is _D.OTHER_SUBJECT:
        return _O.DOMAIN_TAKEN if subject is _S.UNSURE else _O.DOMAIN_TAKEN_FROM_FILED_SUBJECT
    if subject is _S.SHELL_WEBSITE:
        return _O.SHELL_WEBSITE
    if subject is _S.HERE_OTHER_ACCOUNT:
        return _O.OTHER_ACCOUNT
    if subject is _S.SHELL:
        return _shell(domain)
    if domain is _D.NONE:
        return _new_domain(subject)
    return _BY_DOMAIN[domain]


def _never_filed(domain: DomainRecord) -> Outcome:
    if domain in _SAME_SUBJECT:
        return _O.CONTRADICTION
    if domain is _D.OTHER_SUBJECT:
        return _O.DOMAIN_TAKEN
    return _O.FIRST if domain is _D.NONE else _O.LOOK_UP


def _shell(domain: DomainRecord) -> Outcome:
    if domain in _SAME_SUBJECT:
        return _O.CONTRADICTION
    return _O.SHELL_SUBJECT_MAY_ADD if domain is _D.NONE else _O.LOOK_UP


def _new_domain(subject: SubjectRecord) -> Outcome:
    if subject is _S.HERE:
        return _O.ADD_WEBSITE
    return _O.ADD_WEBSITE_FROM_ELSEWHERE if subject is _S.ELSEWHERE else _O.LOOK_UP


def _shell_subject(province: str | None, rulebook: Rulebook, on: date) -> Decision:
    rule = rulebook.find(SHELL_RULE, on, province=province)
    may_add = rule is not None and rule.flag
    outcome = _O.SHELL_SUBJECT_MAY_ADD if may_add else _O.SHELL_SUBJECT_CANCELS_FIRST
    return replace(DECISIONS[outcome], source=None if rule is None else rule.source)
