"""What the supervisors' pages work with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from desk.claims import Claims, Taken
from desk.docket import Docket
from desk.limits import Limits
from desk.staff import Agent
from dialogs.case import Colleague
from scheduler.ports import ReminderStore


@dataclass(frozen=True, slots=True)
class Supervision:
    """``dockets`` are all conversations as the desk lists them."""

    dockets: Callable[[], Iterable[Docket]]
    reminders: ReminderStore
    limits: Limits
    claims: Claims

    async def give(self, target: Agent, conversation: str, reason: str) -> Taken:
        """Let another colleague have a conversation, whoever has it now.

        Raises NoConversation or ReasonMissing.
        """
        who = Colleague(target.id, target.shown_as)
        return await self.claims.take_over(who, conversation, reason)
