"""Duties after approval, as declarations: guides to walk through, questions that decide.

Words stand in ``wording/<locale>/guides.toml``, sources in the rulebook.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from filing.event import EventType


@dataclass(frozen=True, slots=True)
class Guide:
    """Something done elsewhere, led through step by step. ``ends`` is reported when it is done."""

    key: str
    steps: tuple[str, ...]
    rule: str  # whose source is quoted
    deadline: str  # kind of the deadline it has
    ends: EventType


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Questions with yes or no. The duty applies as soon as one of them is answered yes."""

    key: str
    questions: tuple[str, ...]
    rule: str

    def verdict(self, answers: str) -> bool | None:
        """Whether it applies after some answers (``y`` and ``n``); None while more are needed."""
        if "y" in answers:
            return True
        return False if len(answers) >= len(self.questions) else None


_GUIDES: Final = (
    Guide(
        "police_filing",
        ("account", "documents", "subject", "website", "review", "number"),
        rule="public_security_filing_days",
        deadline="public_security_filing",
        ends=EventType.POLICE_FILED,
    ),
    Guide(
        "police_number",
        ("copy", "place"),
        rule="public_security_number_days",
        deadline="public_security_number",
        ends=EventType.POLICE_NUMBER_DISPLAYED,
    ),
)
_QUESTIONNAIRES: Final = (
    Questionnaire(
        "security_assessment",
        ("posting", "groups", "video", "mobilising"),
        rule="security_assessment_when",
    ),
    Questionnaire(
        "commercial_licence",
        ("paid_information", "platform", "paid_pages"),
        rule="commercial_licence_when",
    ),
)

GUIDES: Final[Mapping[str, Guide]] = MappingProxyType({one.key: one for one in _GUIDES})
QUESTIONNAIRES: Final[Mapping[str, Questionnaire]] = MappingProxyType(
    {one.key: one for one in _QUESTIONNAIRES}
)
