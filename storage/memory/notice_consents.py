"""Consents to one-time notices in memory."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from scheduler.notices import NoticeConsent
from storage.memory.shared import KeptConsent, Memory


@dataclass(slots=True)
class MemoryNoticeConsents:
    """``NoticeConsents`` in memory."""

    memory: Memory

    async def granted(self, person: str, template_id: str, key: str, at: datetime) -> None:
        """See ``NoticeConsents``."""
        if all(one.key != key for one in self.memory.consents):
            self.memory.consents.append(KeptConsent(token_hex(10), person, template_id, key, at))

    async def spend(
        self, person: str, template_ids: Sequence[str], outgoing_id: str, now: datetime
    ) -> NoticeConsent | None:
        """See ``NoticeConsents``."""
        mine = [
            one
            for one in self.memory.consents
            if one.person == person
            and one.template_id in template_ids
            and one.outgoing_id in (None, outgoing_id)
        ]
        taken = next((one for one in mine if one.outgoing_id == outgoing_id), None)
        if taken is not None:
            return NoticeConsent(taken.id, taken.template_id, was_taken=True)
        if mine:
            mine.sort(key=lambda one: (template_ids.index(one.template_id), one.at))
            taken = mine[0]
        else:
            return None
        taken.outgoing_id = outgoing_id
        return NoticeConsent(taken.id, taken.template_id)

    async def give_back(self, consent_id: str) -> None:
        """See ``NoticeConsents``."""
        for one in self.memory.consents:
            if one.id == consent_id:
                one.outgoing_id = None

    async def void(self, person: str, template_id: str) -> None:
        """See ``NoticeConsents``."""
        self.memory.consents = [
            one
            for one in self.memory.consents
            if (one.person, one.template_id) != (person, template_id) or one.outgoing_id
        ]

    async def left(self, persons: Sequence[str]) -> Mapping[str, int]:
        """See ``NoticeConsents``."""
        unspent = (one.person for one in self.memory.consents if one.outgoing_id is None)
        return Counter(person for person in unspent if person in persons)
