"""Whether something changed in a conversation, in memory."""

from desk.pulse import TAIL, Pulse
from storage.memory.shared import Memory
from storage.memory.talk import MemoryTranscript


class MemoryPulses:
    """``Pulses`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._transcript = MemoryTranscript(memory)

    async def of(self, conversation_id: str) -> Pulse | None:
        """See ``Pulses``."""
        memory = self._memory
        for case in memory.conversations():
            if case.conversation_id != conversation_id:
                continue
            lines = await self._transcript.latest(case.identity, TAIL)
            draft = memory.drafts.get(conversation_id)
            return Pulse(
                case.identity,
                case.version,
                case.hold,
                tuple((one.seq, one.status or "heard") for one in reversed(lines)),
                sum(one.conversation_id == conversation_id for one in memory.notes),
                draft.version if draft is not None else 0,
            )
        return None
