"""What every turn may look up: flows, rules, wording, provider and knowledge, loaded once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dialogs.flow import Flow
from dialogs.wording import Wording
from filing.rulebook import Rulebook
from knowledge.answering import Knowledge
from knowledge.kinds import KindExplanations
from knowledge.provider import ProviderProfile

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Every date in a filing is a date in China."""


def day_of(moment: datetime) -> date:
    """The date in China at an aware moment."""
    return moment.astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is read at start-up and never changes while a turn runs.

    ``cautious_channels`` keep messages abroad: there, sensitive answers are collected by the
    operator's own form (if ``has_forms``) or typed only after a consent of its own.
    """

    flows: Mapping[str, Flow]
    rulebook: Rulebook
    wording: Wording
    provider: ProviderProfile
    knowledge: Knowledge
    kinds: KindExplanations
    operator: str
    contact: str
    has_forms: bool = False
    cautious_channels: frozenset[str] = field(default=frozenset({"telegram"}))
    first_flow: str = "first_filing"
