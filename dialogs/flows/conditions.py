"""Conditions that several sections of the first filing share."""

from dialogs.flow import When
from filing.decision import Outcome
from filing.subject import SubjectKind

UNITS = tuple(kind.value for kind in SubjectKind if kind.is_unit)

UNIT = When("subject_kind", is_in=UNITS)
INDIVIDUAL = When("subject_kind", is_in=(SubjectKind.INDIVIDUAL.value,))
CONSENTED = When("consent_sensitive", is_in=("agree",))
FIRST = When("filing_kind", is_in=(Outcome.FIRST.value,))
"""The decision table says: a first filing."""
OTHER_MANAGER = When("site_manager_same", is_in=("no",))

SOMETHING = "-"
"""The likely answer to an open question: surely given, so what repeats it is not asked again."""
