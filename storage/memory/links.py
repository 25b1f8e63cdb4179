"""Joined channels in memory."""

from dataclasses import replace
from datetime import datetime
from secrets import token_urlsafe

from dialogs.case import Case, FilingRecord
from dialogs.linking import AGREE_WITHIN, LINK_LIFE, Settlement, Use
from dialogs.message import Identity
from storage.memory.contacts import MemoryContacts
from storage.memory.shared import Link, Memory


class MemoryLinks:
    """``LinkStore`` in memory."""

    def __init__(self, memory: Memory, contacts: MemoryContacts) -> None:
        self._memory = memory
        self._contacts = contacts

    async def open(self, whose: Identity, code_hash: str, target: str, now: datetime) -> str | None:
        """See ``LinkStore``."""
        case = self._memory.cases.get(whose)
        if case is None:
            return None
        links = self._memory.links
        for key in [key for key, one in links.items() if one.owner in case.everywhere]:
            del links[key]
        link_id = token_urlsafe(9)
        links[link_id] = Link(code_hash, whose, target, now + LINK_LIFE)
        return link_id

    async def use(self, code_hash: str, by: Identity, now: datetime) -> Use | None:
        """See ``LinkStore``."""
        links = self._memory.links.items()
        known = (key for key, one in links if one.code_hash == code_hash and one.expires_at > now)
        link_id = next(known, None)
        if link_id is None:
            return None
        link = self._memory.links[link_id]
        kept = self._memory.cases[link.owner]
        owner = kept.last_on if kept.last_on in kept.everywhere else kept.everywhere[0]
        assert owner is not None
        if by in kept.everywhere:
            return Use("own", link_id, owner)
        is_meant = link.target in ("", by.channel)
        if link.settled is not None or link.user not in (None, by) or not is_meant:
            link.settled = link.settled or ("refused" if link.user is None else None)
            return Use("foreign", link_id, owner)
        earlier = self._memory.cases.get(by)
        if _is_attended(kept, earlier):
            return Use("busy", link_id, owner)
        if link.user is None:
            link.user, link.expires_at = by, now + AGREE_WITHIN
        return Use("waits", link_id, owner, len(_begun(earlier)))

    async def settle(
        self, link_id: str, owner: Identity, now: datetime, *, agrees: bool
    ) -> Settlement:
        """See ``LinkStore``."""
        link, kept = self._memory.links.get(link_id), self._memory.cases.get(owner)
        if link is None or link.user is None or kept is None or link.owner not in kept.everywhere:
            return Settlement("over")
        if link.settled == "joined":
            return Settlement("joined", link.user)
        if link.settled is not None or link.expires_at <= now:
            return Settlement("over", link.user)
        if not agrees:
            link.settled = "refused"
            return Settlement("refused", link.user)
        earlier = self._memory.cases.get(link.user)
        if _is_attended(kept, earlier):
            return Settlement("busy", link.user)
        self._join(kept, link.user, earlier)
        link.settled = "joined"
        return Settlement("joined", link.user)

    async def unlink(self, whose: Identity, gone: Identity, now: datetime) -> bool:
        """See ``LinkStore``."""
        memory = self._memory
        case = memory.cases.get(whose)
        if case is None or gone not in case.everywhere or not case.linked:
            return False
        left = tuple(one for one in case.everywhere if one != gone)
        heir = case.last_on if case.last_on in left else left[0]
        assert heir is not None
        memory.keep(
            replace(
                case,
                identity=heir,
                linked=tuple(one for one in left if one != heir),
                last_on=heir,
                version=case.version + 1,
            )
        )
        del memory.cases[gone]
        memory.entries.pop(gone, None)
        for key, one in list(memory.waiting.items()):
            if memory.parts(one.outgoing, one.conversation):
                memory.withdraw(key, now)
        memory.forms = {k: v for k, v in memory.forms.items() if v.identity != gone}
        memory.links = {k: v for k, v in memory.links.items() if v.owner != gone}
        for key, (owner, kept) in memory.files.items():
            if owner == gone:
                memory.files[key] = (heir, kept)
        memory.letters = [
            replace(one, identity=heir) if one.identity == gone else one for one in memory.letters
        ]
        memory.questions = [
            replace(one, identity=heir) if one.identity == gone else one for one in memory.questions
        ]
        memory.receipts = {
            key: (heir if owner == gone else owner, kept)
            for key, (owner, kept) in memory.receipts.items()
        }
        return True

    def _join(self, kept: Case, user: Identity, earlier: Case | None) -> None:
        memory = self._memory
        newcomers = (user,) if earlier is None else earlier.everywhere
        if user in kept.everywhere:
            return
        brought = {one.id: one for one in _begun(earlier)}
        active, filings = kept.active, {**kept.filings, **brought}
        if earlier is not None and not _begun(kept) and earlier.active in brought:
            active, filings = earlier.active, brought
        consents = (*kept.consents, *(earlier.consents if earlier else ()))
        joined = replace(
            kept,
            linked=(*kept.linked, *newcomers),
            filings=filings,
            active=active,
            consents=consents,
            version=kept.version + 1,
        )
        lines = memory.entries.setdefault(kept.identity, [])
        lines += memory.entries.get(user, [])
        lines.sort(key=lambda entry: entry.seq)
        for one in joined.everywhere:
            memory.entries[one] = lines
        if earlier is not None:
            self._bring(earlier.conversation_id, kept.conversation_id)
            gone = [key for key, one in memory.links.items() if one.owner in earlier.everywhere]
            for key in gone:
                del memory.links[key]
        memory.keep(joined)

    def _bring(self, earlier: str, kept: str) -> None:
        """Give what is kept beside a conversation to the one it is joined to."""
        memory = self._memory
        self._contacts.bring(earlier, kept)
        memory.helps[:] = [
            replace(one, conversation=kept) if one.conversation == earlier else one
            for one in memory.helps
        ]
        memory.comments = {
            (kept if scope == earlier else scope, since): words
            for (scope, since), words in memory.comments.items()
        }
        memory.notes = [
            replace(one, conversation_id=kept) if one.conversation_id == earlier else one
            for one in memory.notes
        ]
        memory.dockets.pop(earlier, None)
        for one in memory.waiting.values():
            if one.conversation == earlier:
                one.conversation = kept


def _begun(case: Case | None) -> list[FilingRecord]:
    """The filings in which there is something."""
    filings = case.filings.values() if case is not None else ()
    return [one for one in filings if one.answers or one.events or one.materials]


def _is_attended(kept: Case, earlier: Case | None) -> bool:
    if kept.hold is not None or kept.erasing is not None:
        return True
    if earlier is not None and earlier.erasing is not None:
        return True
    return earlier is not None and (earlier.handover is not None)
