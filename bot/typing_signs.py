"""Who is typing, between the applicant's page and the desk."""

from dataclasses import dataclass

from desk.presence import APPLICANT, HOLDER, Presence
from dialogs.assistant import Assistant
from dialogs.message import Identity


@dataclass(frozen=True, slots=True)
class TypingSigns:
    """Passed on only while a colleague has the conversation; else nobody looks."""

    assistant: Assistant
    presence: Presence

    async def applicant_types(self, identity: Identity) -> bool:
        """Note that the applicant is typing; False if nobody looks."""
        case = await self.assistant.case(identity)
        if case.hold is None:
            return False
        now = self.assistant.clock()
        await self.presence.beat(case.conversation_id, APPLICANT, now, typing=True)
        return True

    async def staff_types(self, identity: Identity) -> bool:
        """Whether whoever has the conversation is writing to this person."""
        case = await self.assistant.case(identity)
        if case.hold is None:
            return False
        present = await self.presence.present(case.conversation_id, self.assistant.clock())
        return any(one.who == HOLDER and one.typing for one in present)
