"""What the supervisors' pages work with."""

from dataclasses import dataclass

from desk.claims import Claims, Taken
from desk.limits import Limits
from desk.listing import Listing
from desk.staff import Agent
from dialogs.case import Colleague
from scheduler.ports import ReminderStore


@dataclass(frozen=True, slots=True)
class Supervision:
    """``listing`` has all conversations as the desk lists them."""

    listing: Listing
    reminders: ReminderStore
    limits: Limits
    claims: Claims

    async def give(self, target: Agent, conversation: str, reason: str) -> Taken:
        """Let another colleague have a conversation, whoever has it now.

        Raises NoConversation or ReasonMissing.
        """
        who = Colleague(target.id, target.shown_as)
        return await self.claims.take_over(who, conversation, reason)
