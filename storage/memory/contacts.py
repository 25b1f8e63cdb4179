"""Addresses and calendar feeds in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_hex

from dialogs.message import Identity
from scheduler.ports import MAX_WRONG_CODES, TELEGRAM_LINK, Contact
from storage.memory.shared import Memory


@dataclass(slots=True)
class _Unproved:
    contact: Contact
    code_hash: str
    until: datetime
    wrong: int = 0


class MemoryContacts:
    """``ContactStore`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._unproved: dict[tuple[Identity, str], _Unproved] = {}
        self._known: dict[str, Contact] = {}
        self._feeds: dict[str, Identity] = {}

    async def add(
        self,
        whose: Identity,
        channel: str,
        address: str,
        code_hash: str,
        until: datetime,
        now: datetime,
        locale: str = "zh-CN",
    ) -> Contact | None:
        """See ``ContactStore``."""
        case = self._memory.cases.get(whose)
        if case is None:
            return None
        new = Contact(token_hex(10), channel, address, case.conversation_id, locale, verified=False)
        self._unproved[whose, channel] = _Unproved(new, code_hash, until)
        self._known[new.id] = new
        return new

    async def prove(self, whose: Identity, code_hash: str, now: datetime) -> Contact | None:
        """See ``ContactStore``."""
        waiting = [
            one
            for (person, _), one in self._unproved.items()
            if person == whose and one.until > now and one.wrong < MAX_WRONG_CODES
        ]
        for one in waiting:
            if one.code_hash == code_hash:
                proved = replace(one.contact, verified=True)
                del self._unproved[whose, proved.channel]
                for way, person in list(self._memory.contacts.items()):
                    if person == whose and way.channel == proved.channel:
                        del self._memory.contacts[way]
                        self._known.pop(way.external_id, None)
                self._known[proved.id] = proved
                self._memory.contacts[proved.way] = whose
                return proved
        for one in waiting:
            one.wrong += 1
        return None

    async def link(self, code_hash: str, chat: str, now: datetime) -> Identity | None:
        """See ``ContactStore``."""
        for (whose, channel), one in self._unproved.items():
            if channel == TELEGRAM_LINK and one.code_hash == code_hash and one.until > now:
                self._unproved[whose, channel] = replace(
                    one, contact=replace(one.contact, address=chat)
                )
                return whose if await self.prove(whose, code_hash, now) else None
        return None

    async def of_person(self, whose: Identity) -> Sequence[Contact]:
        """See ``ContactStore``."""
        case = self._memory.cases.get(whose)
        scope = case.conversation_id if case is not None else None
        waiting = {one.contact.id for one in self._unproved.values()}
        found = [
            one
            for one in self._known.values()
            if one.conversation_id == scope
            and not one.stopped
            and (one.verified or one.id in waiting)
        ]
        return sorted(found, key=lambda one: one.channel)

    async def get(self, contact_id: str) -> Contact | None:
        """See ``ContactStore``."""
        return self._known.get(contact_id)

    async def whose(self, contact_id: str) -> Identity | None:
        """See ``ContactStore``."""
        known = self._known.get(contact_id)
        cases = self._memory.cases.items()
        return next(
            (who for who, case in cases if known and case.conversation_id == known.conversation_id),
            None,
        )

    async def stop(self, contact_id: str, now: datetime) -> None:
        """See ``ContactStore``."""
        known = self._known.get(contact_id)
        if known is not None:
            self._known[contact_id] = replace(known, stopped=True)
            self._memory.contacts.pop(known.way, None)

    async def open_feed(self, whose: Identity, token_hash: str, now: datetime) -> None:
        """See ``ContactStore``."""
        self._feeds = {key: one for key, one in self._feeds.items() if one != whose}
        if whose in self._memory.cases:
            self._feeds[token_hash] = whose

    async def feed_of(self, token_hash: str) -> Identity | None:
        """See ``ContactStore``."""
        whose = self._feeds.get(token_hash)
        return whose if whose in self._memory.cases else None
