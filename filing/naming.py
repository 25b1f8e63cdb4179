"""Judging a website's name while it is being typed."""

from datetime import date

from filing.checks.base import Case
from filing.checks.site_name import CHECKS
from filing.finding import Finding
from filing.model import Filing, ResponsiblePerson, Subject, Website
from filing.rulebook import Rulebook
from filing.subject import SubjectKind


def judge_site_name(
    name: str,
    subject_kind: SubjectKind | None,
    subject_name: str | None,
    domain: str | None,
    rulebook: Rulebook,
    on: date,
    *,
    province: str | None = None,
    principal_name: str | None = None,
) -> tuple[Finding, ...]:
    """What is wrong with a name on a day, refusals first; empty if nothing is.

    What is still unknown (``None``) is not judged by. The findings are those the whole
    filing's checks would make, with ``field`` ``"website.name"``.
    """
    filing = Filing(
        subject=Subject(kind=subject_kind, name=subject_name, province=province),
        principal=ResponsiblePerson(name=principal_name),
        website=Website(name=name, domain=domain),
    )
    case = Case(filing, rulebook, on)
    found = (finding for check in CHECKS for finding in check.run(case))
    return tuple(sorted(found, key=lambda finding: finding.level))
