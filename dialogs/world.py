"""What every turn may look up: flows, rules, wording, provider and knowledge, loaded once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dialogs.flow import Flow
from dialogs.reminding import Rings
from dialogs.wording import Wording
from filing.deadline_kind import DeadlineRules
from filing.materials.requirement import MaterialRules
from filing.rulebook import Rulebook
from knowledge.answering import Knowledge
from knowledge.keeping import AnswerKeeping
from knowledge.kinds import KindExplanations
from knowledge.letter_book import LetterBook
from knowledge.provider import ProviderProfile
from knowledge.rejections import RejectionBook

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Every date in a filing is a date in China."""

OUTSIDE = frozenset({"telegram", "wechat", "wecom"})
"""Channels whose messages lie with others, out of the operator's reach."""


def day_of(moment: datetime) -> date:
    """The date in China at an aware moment."""
    return moment.astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is read at start-up and never changes while a turn runs.

    Messages of ``cautious_channels`` lie with others: there, sensitive answers are collected by
    the operator's own form (if ``has_forms``) or typed only after a consent of its own. On
    ``abroad_channels`` that is one to data leaving the country. What people wrote can be deleted
    for them on ``recalling_channels``; elsewhere they are asked to do it.
    ``reads_papers`` where answers can be read from photos: then that is offered.
    """

    flows: Mapping[str, Flow]
    rulebook: Rulebook
    wording: Wording
    provider: ProviderProfile
    knowledge: Knowledge
    kinds: KindExplanations
    operator: str = ""  # as the operator set it; else the provider is named
    contact: str = ""
    rejections: RejectionBook = field(default_factory=lambda: RejectionBook({}))
    deadlines: DeadlineRules = field(default_factory=DeadlineRules)
    materials: MaterialRules = field(default_factory=MaterialRules)
    letters: LetterBook = field(default_factory=LetterBook)
    has_forms: bool = False
    reads_papers: bool = False
    cautious_channels: frozenset[str] = field(default=OUTSIDE)
    abroad_channels: frozenset[str] = field(default=frozenset({"telegram"}))
    recalling_channels: frozenset[str] = field(default=frozenset({"telegram"}))
    # Pictures of identity papers come by the operator's page alone, whatever may be typed.
    outside_channels: frozenset[str] = field(default=OUTSIDE)
    notice_url: str = ""  # where the privacy notice can be read
    rings: Rings = field(default_factory=Rings)
    keeping: AnswerKeeping = field(default_factory=AnswerKeeping)
    first_flow: str = "first_filing"

    def operated_by(self, locale: str) -> str:
        """Who runs this assistant and answers for the data."""
        return self.operator or self.provider.full_name(locale)

    def reached_by(self, locale: str) -> str:
        """How to reach a person."""
        return self.contact or self.provider.help_text("contact", locale)
