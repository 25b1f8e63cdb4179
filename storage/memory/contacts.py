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
        self._unproved: dict[tuple[str, str], _Unproved] = {}  # by conversation and channel
        self._known: dict[str, Contact] = {}
        self._feeds: dict[str, str] = {}  # conversations by token

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
        self._unproved[case.conversation_id, channel] = _Unproved(new, code_hash, until)
        self._known[new.id] = new
        return new

    async def prove(self, whose: Identity, code_hash: str, now: datetime) -> Contact | None:
        """See ``ContactStore``."""
        case = self._memory.cases.get(whose)
        scope = case.conversation_id if case is not None else None
        waiting = [
            one
            for (place, _), one in self._unproved.items()
            if place == scope and one.until > now and one.wrong < MAX_WRONG_CODES
        ]
        for one in waiting:
            if one.code_hash == code_hash:
                proved = replace(one.contact, verified=True)
                del self._unproved[proved.conversation_id, proved.channel]
                for way, place in list(self._memory.contacts.items()):
                    if place == scope and way.channel == proved.channel:
                        del self._memory.contacts[way]
                        self._known.pop(way.external_id, None)
                self._known[proved.id] = proved
                self._memory.contacts[proved.way] = proved.conversation_id
                return proved
        for one in waiting:
            one.wrong += 1
        return None

    async def link(self, code_hash: str, chat: str, now: datetime) -> Identity | None:
        """See ``ContactStore``."""
        for place, one in self._unproved.items():
            if place[1] == TELEGRAM_LINK and one.code_hash == code_hash and one.until > now:
                self._unproved[place] = replace(one, contact=replace(one.contact, address=chat))
                whose = await self.whose(one.contact.id)
                return whose if whose and await self.prove(whose, code_hash, now) else None
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
        cases = self._memory.conversations()
        scope = known.conversation_id if known is not None else None
        return next((case.identity for case in cases if case.conversation_id == scope), None)

    async def stop(self, contact_id: str, now: datetime) -> None:
        """See ``ContactStore``."""
        known = self._known.get(contact_id)
        if known is not None:
            self._known[contact_id] = replace(known, stopped=True)
            self._memory.contacts.pop(known.way, None)

    async def open_feed(self, whose: Identity, token_hash: str, now: datetime) -> None:
        """See ``ContactStore``."""
        case = self._memory.cases.get(whose)
        if case is not None:
            scope = case.conversation_id
            self._feeds = {key: one for key, one in self._feeds.items() if one != scope}
            self._feeds[token_hash] = scope

    async def feed_of(self, token_hash: str) -> Identity | None:
        """See ``ContactStore``."""
        scope = self._feeds.get(token_hash)
        cases = self._memory.conversations()
        return next((case.identity for case in cases if case.conversation_id == scope), None)

    def bring(self, earlier: str, kept: str) -> None:
        """Give what a conversation has to the one it is joined to."""
        self._feeds = {key: kept if one == earlier else one for key, one in self._feeds.items()}
        for key, one in self._known.items():
            if one.conversation_id == earlier:
                self._known[key] = replace(one, conversation_id=kept)
        for place, waiting in list(self._unproved.items()):
            if place[0] == earlier:
                moved = replace(waiting.contact, conversation_id=kept)
                del self._unproved[place]
                self._unproved.setdefault((kept, place[1]), replace(waiting, contact=moved))
        for way, scope in self._memory.contacts.items():
            if scope == earlier:
                self._memory.contacts[way] = kept
