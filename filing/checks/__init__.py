"""The checks a filing goes through before it is handed in, each with a code and its rules."""

from collections.abc import Collection
from datetime import date
from functools import lru_cache

from filing.checks import (
    contacts,
    domain,
    letters,
    persons,
    pre_approval,
    principal,
    residence,
    resources,
    site_manager,
    site_name,
    subject,
    website,
)
from filing.checks.base import Case, Check, ProviderLimits
from filing.finding import Basis, Finding, Level
from filing.model import Filing
from filing.rulebook import Rulebook

__all__ = ["CHECKS", "Basis", "Check", "Finding", "Level", "ProviderLimits", "run_checks"]

CHECKS: tuple[Check, ...] = (
    *subject.CHECKS,
    *residence.CHECKS,
    *principal.CHECKS,
    *persons.CHECKS,
    *contacts.CHECKS,
    *domain.CHECKS,
    *site_name.CHECKS,
    *website.CHECKS,
    *pre_approval.CHECKS,
    *resources.CHECKS,
    *site_manager.CHECKS,
    *letters.CHECKS,
)
"""Every check, in the order of the console's pages."""


def run_checks(
    filing: Filing,
    rulebook: Rulebook,
    today: date,
    provider: ProviderLimits | None = None,
    *,
    fields: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """All findings over a filing on a day, in the order of the checks.

    What is not filled in yet is not judged, except where its absence is the point. Without a
    ``provider`` its own limits are not checked. ``fields`` (dotted) keeps to the checks that
    look at one of them.
    """
    case = Case(filing, rulebook, today, provider)
    checks = CHECKS if fields is None else _looking_at(frozenset(fields))
    return tuple(finding for check in checks for finding in check.run(case))


@lru_cache(maxsize=1024)  # as many as there are ways to answer several things at once
def _looking_at(fields: frozenset[str]) -> tuple[Check, ...]:
    return tuple(check for check in CHECKS if not fields.isdisjoint(check.fields))
