"""What the stores in memory share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from desk.notebook import Note, SharedDraft
from desk.quality.ports import Review
from desk.statistics.ports import Help
from desk.tasks import Task
from dialogs.case import Case
from dialogs.message import Identity
from dialogs.ports import (
    WITHDRAWN,
    DeadLetter,
    Due,
    Entry,
    FormGrant,
    Outgoing,
    Receipt,
    StoredQuestion,
)
from scheduler.notices import CHAT_OF
from scheduler.ports import ADDRESS_ORDER
from storage.memory.listing import PlacedDocket
from storage.ports import StoredFile
from storage.wechat_ports import Budget
from storage.wecom_ports import Fetched, Session


@dataclass(slots=True)
class Waiting:
    """An outgoing message whose delivery is not settled."""

    outgoing: Outgoing
    due_at: datetime
    attempts: int = 0
    conversation: str = ""
    epoch: int = 0  # the conversation's when it was said
    fence: int = 0
    leased: bool = False
    reason: str | None = None

    def claim(self, until: datetime) -> Due:
        """Lease it to whoever asks."""
        self.due_at, self.leased = until, True
        self.attempts += 1
        self.fence += 1
        return Due(self.outgoing, self.attempts, self.fence, until)

    def is_overtaken(self, conversation: str, epoch: int) -> bool:
        """Whether it was said before the claim of that epoch, and must not be sent any more."""
        out = self.outgoing
        is_old = self.conversation == conversation and self.epoch < epoch
        return is_old and out.reply is not None and not out.urgent


@dataclass(slots=True)
class Delivery:
    """A delivery of WeChat: noted, perhaps answered itself, perhaps kept until it is dealt with."""

    at: datetime
    answer: tuple[str, ...] | None = None  # empty: a mere acknowledgement
    payload: bytes | None = None
    due: datetime | None = None


@dataclass(slots=True)
class Pulled:
    """Something pulled from WeCom; it waits while it has a ``due``."""

    place: int
    fetched: Fetched
    due: datetime | None


@dataclass(slots=True)
class Link:
    """A code by which a person joins another channel."""

    code_hash: str
    owner: Identity  # who asked for it
    target: str
    expires_at: datetime
    user: Identity | None = None
    settled: str | None = None


@dataclass(slots=True)
class KeptConsent:
    """A consent to one notice, spent once it names a message."""

    id: str
    person: str
    template_id: str
    key: str
    at: datetime
    outgoing_id: str | None = None


@dataclass(slots=True)
class Memory:
    """What all the stores share."""

    cases: dict[Identity, Case] = field(default_factory=dict)
    handled: dict[tuple[Identity, str], tuple[Outgoing, ...]] = field(default_factory=dict)
    entries: dict[Identity, list[Entry]] = field(default_factory=dict)
    sent: dict[str, Outgoing] = field(default_factory=dict)
    waiting: dict[str, Waiting] = field(default_factory=dict)  # oldest first
    forms: dict[str, FormGrant] = field(default_factory=dict)
    letters: list[DeadLetter] = field(default_factory=list)
    files: dict[str, tuple[Identity, StoredFile]] = field(default_factory=dict)
    # What became of outgoing messages: their final status, why, and when.
    outcomes: dict[str, tuple[str, str | None, datetime]] = field(default_factory=dict)
    platform_ids: dict[str, str] = field(default_factory=dict)  # of those delivered
    contacts: dict[Identity, str] = field(default_factory=dict)  # verified, by way: in which talk
    receipts: dict[str, tuple[Identity, Receipt]] = field(default_factory=dict)  # by key
    questions: list[StoredQuestion] = field(default_factory=list)
    answered_late: set[int] = field(default_factory=set)  # numbers of questions
    asked: int = 0  # questions ever kept
    routes: list[tuple[datetime, str]] = field(default_factory=list)  # how questions went
    reviews: dict[tuple[str, date], Review] = field(default_factory=dict)  # by conversation, week
    helps: list[Help] = field(default_factory=list)  # times somebody waited for a person
    # What was said of them, by conversation and since when they had waited.
    comments: dict[tuple[str, datetime], str] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)  # by key
    notes: list[Note] = field(default_factory=list)
    mentions: dict[tuple[str, str], bool] = field(default_factory=dict)  # note and agent: seen?
    drafts: dict[str, SharedDraft] = field(default_factory=dict)  # by conversation
    presence: dict[tuple[str, str], tuple[datetime, datetime | None]] = field(
        default_factory=dict
    )  # conversation and who: last seen, last typed
    dockets: dict[str, PlacedDocket] = field(default_factory=dict)  # by conversation
    budgets: dict[str, Budget] = field(default_factory=dict)  # by openid
    tried: dict[str, datetime] = field(default_factory=dict)  # when notices first were, by id
    deliveries: dict[tuple[str, str], Delivery] = field(default_factory=dict)  # by openid and key
    pulled: dict[tuple[str, str], Pulled] = field(default_factory=dict)  # by account and key
    sessions: dict[str, Session] = field(default_factory=dict)  # in WeCom, by person
    links: dict[str, Link] = field(default_factory=dict)  # codes to join channels by, by id
    consents: list[KeptConsent] = field(default_factory=list)  # to notices
    seq: int = 0

    def conversations(self) -> list[Case]:
        """Every conversation once, seen from where its applicant wrote last."""
        found: dict[str, Case] = {}
        for case in self.cases.values():
            known = found.get(case.conversation_id)
            if known is None or case.identity == case.last_on:
                found[case.conversation_id] = case
        return list(found.values())

    def keep(self, case: Case) -> None:
        """Keep a case for each of its applicant's channels."""
        for one in case.everywhere:
            self.cases[one] = case.seen_from(one)

    def parts(self, outgoing: Outgoing, conversation: str) -> bool:
        """Whether something said is for somebody who is no longer in that conversation."""
        to = outgoing.identity
        if outgoing.reply is None or to.channel in ADDRESS_ORDER:
            return False
        case = self.cases.get(Identity(CHAT_OF.get(to.channel, to.channel), to.external_id))
        return case is None or case.conversation_id != conversation

    def waits(self, outgoing_id: str) -> bool:
        """Whether a message waits in the outbox and nobody is sending it."""
        row = self.waiting.get(outgoing_id)
        return row is not None and not row.leased

    def withdraw(self, outgoing_id: str, now: datetime) -> None:
        """Take an outgoing message back, unless somebody is sending it."""
        waiting = self.waiting.get(outgoing_id)
        if waiting is not None and not (waiting.leased and waiting.due_at > now):
            del self.waiting[outgoing_id]
            self.outcomes[outgoing_id] = (WITHDRAWN, waiting.reason, now)

    def clear(self, conversation: str, epoch: int, now: datetime) -> int:
        """Withdraw what was said before the claim of that epoch; how many are being sent."""
        overtaken = [
            key for key, one in self.waiting.items() if one.is_overtaken(conversation, epoch)
        ]
        for key in overtaken:
            self.withdraw(key, now)
        return sum(key in self.waiting for key in overtaken)

    def knows(self, conversation_id: str) -> bool:
        """Whether there is such a conversation."""
        return any(case.conversation_id == conversation_id for case in self.conversations())

    def forget_side(self, conversations: set[str]) -> None:
        """Erase what staff wrote about some conversations."""
        gone = {one.id for one in self.notes if one.conversation_id in conversations}
        self.notes = [one for one in self.notes if one.id not in gone]
        self.mentions = {k: v for k, v in self.mentions.items() if k[0] not in gone}
        self.drafts = {k: v for k, v in self.drafts.items() if k not in conversations}
        self.presence = {k: v for k, v in self.presence.items() if k[0] not in conversations}
        self.dockets = {k: v for k, v in self.dockets.items() if k not in conversations}

    def addresses_of(self, chats: Sequence[Identity]) -> tuple[Identity, ...]:
        """The verified addresses of these people, in the order in which they are taken."""
        scopes = {self.cases[one].conversation_id for one in chats if one in self.cases}
        found = [way for way, scope in self.contacts.items() if scope in scopes]
        return tuple(sorted(found, key=lambda way: ADDRESS_ORDER.index(way.channel)))
