"""Conversations, their transcript and delivery in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_hex

from dialogs.case import Case
from dialogs.message import Identity
from dialogs.ports import (
    DeadLetter,
    Due,
    DuplicateCall,
    DuplicateInbound,
    Entry,
    FormGrant,
    Outgoing,
    SpentForm,
    StaleCase,
    StoredQuestion,
    TurnRecord,
)
from scheduler.ports import ADDRESS_CHANNELS
from storage.changes import check_turn, ends_hold, last_on, moment_of, takes_conversation
from storage.instant import to_micros
from storage.memory.handovers import note_comment, note_handover
from storage.memory.reminders import MemoryReminders
from storage.memory.shared import Memory, Waiting
from storage.owning import owner_mark
from storage.ports import LEASE, StorePolicy
from storage.turnback import Looks


class MemoryCases:
    """``CaseStore`` in memory."""

    def __init__(
        self,
        memory: Memory,
        policy: StorePolicy,
        reminders: MemoryReminders,
        lease: timedelta = LEASE,
    ) -> None:
        self._memory = memory
        self._policy = policy
        self._reminders = reminders
        self._lease = lease

    async def open(self, identity: Identity, now: datetime, locale: str) -> Case:
        """See ``CaseStore``."""
        case = self._memory.cases.get(identity)
        return case or Case(token_hex(16), token_hex(16), identity, locale)

    async def commit(self, turn: TurnRecord) -> tuple[Due, ...]:
        """See ``CaseStore``."""
        memory, identity = self._memory, turn.after.identity
        at = moment_of(turn)
        inbound = turn.inbound
        check_turn(turn)
        if inbound and (inbound.identity, inbound.message_id) in memory.handled:
            raise DuplicateInbound(f"a message on {inbound.identity.channel} was handled before")
        receipt = turn.receipt
        if receipt is not None and receipt.key in memory.receipts:
            raise DuplicateCall(f"the call {receipt.key} was answered before")
        stored = memory.cases.get(identity)
        if (stored.version if stored else 0) != turn.before.version:
            raise StaleCase(f"conversation {turn.before.conversation_id} has changed")
        if stored and stored.conversation_id != turn.before.conversation_id:
            raise StaleCase("this identity has another conversation by now")
        if turn.form is not None:
            grant = memory.forms.get(turn.form)
            if grant is None or grant.expires_at <= at:
                raise SpentForm("this secure form was sent before, or has run out")
        self._reminders.check(turn.settled)
        version = turn.before.version + 1
        memory.keep(replace(turn.after, version=version, last_on=last_on(turn)))
        if inbound:
            memory.handled[inbound.identity, inbound.message_id] = turn.outgoing
        if turn.heard is not None:
            files = tuple(one for one in inbound.files if one.file_id) if inbound else ()
            message_id = inbound.message_id if inbound else None
            self._tell(identity, Entry(0, at, heard=turn.heard, message_id=message_id, files=files))
        if turn.form is not None:
            del memory.forms[turn.form]
        memory.forms.update((form.token_hash, form) for form in turn.forms)
        conversation, epoch = turn.after.conversation_id, turn.after.epoch
        if takes_conversation(turn):
            memory.clear(conversation, epoch, at)
        self._reminders.settle(turn.settled, turn.tasks, at)
        self._reminders.plan(turn.reminders, at)
        if ends_hold(turn):
            self._reminders.release(turn.after.filings, at)
        if receipt is not None:
            memory.receipts[receipt.key] = (identity, receipt)
        for question in turn.questions:
            memory.asked += 1
            memory.questions.append(StoredQuestion(memory.asked, identity, at, question))
        memory.routes += [(at, route) for route in turn.routes]
        note_handover(memory.helps, turn, at)
        note_comment(memory.helps, memory.comments, turn)
        memory.answered_late |= {late.question for late in turn.late_answers}
        behind = any(one.outgoing.identity == identity for one in memory.waiting.values())
        claimed: list[Due] = []
        for out in turn.outgoing:
            if out.reply is not None and out.identity.channel not in ADDRESS_CHANNELS:
                self._tell(
                    identity, Entry(0, at, said=out.reply, outgoing_id=out.id, author=out.author)
                )
            memory.sent[out.id] = out
            if out.identity.channel in self._policy.pulled_channels:
                continue
            waiting = memory.waiting[out.id] = Waiting(out, at, 0, conversation, epoch)
            if turn.hand_over and not behind:
                claimed.append(waiting.claim(at + self._lease))
        return tuple(claimed)

    async def recorded(self, identity: Identity, message_id: str) -> tuple[Outgoing, ...]:
        """See ``CaseStore``."""
        return self._memory.handled.get((identity, message_id), ())

    def evict(self, identity: Identity | None = None) -> None:
        """See ``CaseStore``: nothing is kept beside the store."""

    def _tell(self, identity: Identity, entry: Entry) -> None:
        self._memory.seq += 1
        lines = self._memory.entries.setdefault(identity, [])
        lines.append(replace(entry, seq=self._memory.seq))  # joined channels share the list


class MemoryOutbox:
    """``Outbox`` in memory."""

    def __init__(self, memory: Memory, lease: timedelta = LEASE) -> None:
        self._memory = memory
        self._lease = lease
        self._looks = Looks()

    async def claim(self, channel: str, now: datetime, limit: int) -> Sequence[Due]:
        """See ``Outbox``."""
        self._withdraw(now)
        self._come_near(channel, now)
        heads: dict[Identity, Waiting] = {}
        for waiting in self._memory.waiting.values():
            if waiting.outgoing.identity.channel == channel:
                heads.setdefault(waiting.outgoing.identity, waiting)
        ready = [head for head in heads.values() if head.due_at <= now]
        claimed = sorted(ready, key=lambda head: head.due_at)[:limit]
        return [head.claim(now + self._lease) for head in claimed]

    async def delivered(self, due: Due, platform_id: str | None, now: datetime) -> None:
        """See ``Outbox``."""
        waiting = self._memory.waiting.get(due.outgoing.id)
        if waiting is not None and self._settle(due, None):
            self._memory.outcomes[due.outgoing.id] = ("sent", waiting.reason, now)
            if platform_id is not None:
                self._memory.platform_ids[due.outgoing.id] = platform_id

    async def retry(self, due: Due, at: datetime, reason: str | None = None) -> None:
        """See ``Outbox``."""
        if self._settle(due, at) and reason is not None:
            self._memory.waiting[due.outgoing.id].reason = reason

    async def undeliverable(self, due: Due, reason: str, now: datetime) -> None:
        """See ``Outbox``."""
        if self._settle(due, None):
            self._memory.outcomes[due.outgoing.id] = ("undeliverable", reason, now)

    async def find(self, outgoing_id: str) -> Outgoing | None:
        """See ``Outbox``."""
        return self._memory.sent.get(outgoing_id)

    async def hurry(self, identity: Identity, now: datetime) -> None:
        """See ``Outbox``."""
        for waiting in self._memory.waiting.values():
            if waiting.outgoing.identity == identity and not waiting.leased:
                waiting.due_at = min(waiting.due_at, now)

    def _come_near(self, channel: str, now: datetime) -> None:
        """After the clock was put back: see ``storage.outbox``."""
        at = to_micros(now)
        since = self._looks.set_since(channel, at)
        if since == 0:
            for one in self._memory.waiting.values():
                if one.outgoing.identity.channel == channel:
                    one.due_at = min(one.due_at, now + self._lease if one.leased else now)
        self._looks.looked(channel, at, since)

    def _withdraw(self, now: datetime) -> None:
        """Take back what was said before somebody took the conversation, or a channel left."""
        memory = self._memory
        for case in memory.conversations():
            if case.epoch:
                memory.clear(case.conversation_id, case.epoch, now)
        for key, one in list(memory.waiting.items()):
            if memory.parts(one.outgoing, one.conversation):
                memory.withdraw(key, now)

    def _settle(self, due: Due, again_at: datetime | None) -> bool:
        row = self._memory.waiting.get(due.outgoing.id)
        if row is None or not row.leased or row.fence != due.fence:
            return False
        if again_at is None:
            del self._memory.waiting[due.outgoing.id]
        else:
            row.due_at, row.leased = again_at, False
        return True


class MemoryTranscript:
    """``Transcript`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def owner(self, identity: Identity) -> str:
        """See ``Transcript``."""
        case = self._memory.cases.get(identity)
        return "" if case is None else owner_mark(case.conversation_id, case.everywhere)

    async def since(self, identity: Identity, seq: int, limit: int = 200) -> Sequence[Entry]:
        """See ``Transcript``."""
        lines = self._memory.entries.get(identity, ())
        return [self._as_it_is(entry) for entry in lines if entry.seq > seq][:limit]

    async def latest(
        self, identity: Identity, limit: int, before: int | None = None
    ) -> Sequence[Entry]:
        """See ``Transcript``."""
        lines = self._memory.entries.get(identity, ())
        older = [one for one in lines if before is None or one.seq < before]
        return [self._as_it_is(entry) for entry in older[-limit:]]

    def _as_it_is(self, entry: Entry) -> Entry:
        """The line with what became of what was said."""
        if entry.outgoing_id is None:
            return entry
        waiting = self._memory.waiting.get(entry.outgoing_id)
        if waiting is not None:
            status = "sending" if waiting.leased else "due"
            return replace(entry, status=status, reason=waiting.reason)
        status, reason, _ = self._memory.outcomes.get(entry.outgoing_id, ("shown", None, None))
        return replace(entry, status=status, reason=reason)


class MemoryForms:
    """``FormStore`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def find(self, token_hash: str, now: datetime) -> FormGrant | None:
        """See ``FormStore``."""
        grant = self._memory.forms.get(token_hash)
        return grant if grant and grant.expires_at > now else None

    async def use(self, token_hash: str, now: datetime) -> bool:
        """See ``FormStore``."""
        grant = self._memory.forms.pop(token_hash, None)
        return grant is not None and grant.expires_at > now


class MemoryDeadLetters:
    """``DeadLetters`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def put(self, letter: DeadLetter) -> None:
        """See ``DeadLetters``."""
        self._memory.letters.append(letter)

    async def latest(self, limit: int = 50) -> Sequence[DeadLetter]:
        """The newest letters, newest first."""
        return self._memory.letters[: -limit - 1 : -1]
