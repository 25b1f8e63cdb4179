"""What the conversation needs from the outside, as small protocols beside their user."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from dialogs.case import ASSISTANT, Case
from dialogs.message import Identity, Inbound, IncomingFile, Reply
from dialogs.reminding import Fulfilment, Reminder, Settled, StaffTask, Wish
from filing.invalid import Param
from filing.materials.material import MaterialKind, PictureFinding, Side
from filing.page import Page
from filing.subject import CertificateType


class StaleCase(Exception):
    """The case changed in the store since it was loaded; load it and take the turn again."""


class NewerCase(StaleCase):
    """A newer version of this program wrote something in the case that this one does not know.

    Nothing is decided by half a case: whoever brought the message shall bring it again, until a
    process of the newer version takes it.
    """

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} was written by a newer version of this program: stop this process, the "
            "newer ones go on"
        )


class DuplicateInbound(Exception):
    """This message was handled before; its recorded replies are in the store."""


class LostClaim(Exception):
    """A reminder this turn would settle was claimed by another sweeper, or cancelled."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing to deliver to an identity, in order: a reply, or the deletion of a message.

    ``id`` is random and public (it may stand in a button's callback data); ``delete`` is the
    platform's id of an inbound message that must vanish because it held a sensitive value.
    ``urgent`` is what the assistant may say even while a person holds the conversation.
    """

    id: str
    identity: Identity
    reply: Reply | None = None
    delete: str | None = None
    author: str = ASSISTANT  # or a Colleague's
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class FormGrant:
    """Permission to fill some steps once through the operator's own secure page.

    Or to fetch something there: then ``steps`` holds the keys of letters, each after ``letter:``,
    or ``copy:all``.
    """

    token_hash: str  # SHA-256 hex of the token in the address; the token itself is not stored
    filing_id: str
    steps: tuple[str, ...]
    expires_at: datetime
    identity: Identity | None = None  # who asked for it: the page answers in their name
    locale: str = "zh-CN"


@dataclass(frozen=True, slots=True)
class Question:
    """A question that found no answer, or of which the asker said whether the answer helped.

    ``text`` is masked (``dialogs.understanding.masking``). ``route`` is what the assistant did:
    ``answer``, ``clarify`` or ``fallback``; ``helped`` is None where nothing was said of it.
    """

    text: str
    route: str
    locale: str
    helped: bool | None = None
    article: str | None = None  # the one told
    province: str | None = None
    subject_kind: str | None = None
    filing_kind: str | None = None
    stage: str | None = None
    step: str | None = None


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """A stored question (by its number) that an article has now answered."""

    question: int
    article: str


class DuplicateCall(Exception):
    """A call of another program with this key was answered before; its receipt is in the store."""


class SpentForm(Exception):
    """The secure form this turn fills was sent before, or has run out."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What another program's call was answered, so that a repeat of it gets the same."""

    key: str  # the caller's idempotency key
    answer: str  # JSON, without personal data


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """Everything one turn changed, stored in one transaction or not at all.

    ``before.version`` must still be the stored version; ``after`` is the case as it then is.
    Stores write what ``after`` has beyond ``before``, also where a turn touches two filings.
    ``hand_over`` asks for ``outgoing`` to be claimed for this process, which delivers it.

    ``reminders`` are all that should exist of the filings named: the store plans, moves and
    cancels by the difference (``scheduler.reconcile``). ``settled`` are claimed reminders this
    turn gives or drops. ``routes`` are how its questions were dealt with, to be counted: nothing of
    what was asked, or by whom. ``rating`` is how the applicant rates the help of a person they had
    last, 1 to 5, and ``rating_comment`` what they say of it; a later word replaces either.
    ``form`` is the hash of a secure form's token that this turn uses up.
    """

    before: Case
    after: Case
    inbound: Inbound | None
    outgoing: tuple[Outgoing, ...] = ()
    forms: tuple[FormGrant, ...] = ()
    heard: str | None = None  # the applicant's words for the transcript (sensitive, encrypted)
    at: datetime | None = None
    hand_over: bool = False
    reminders: Mapping[str, tuple[Reminder, ...]] = field(default_factory=dict)
    settled: tuple[Settled, ...] = ()
    tasks: tuple[StaffTask, ...] = ()
    questions: tuple[Question, ...] = ()
    late_answers: tuple[LateAnswer, ...] = ()
    receipt: Receipt | None = None
    routes: tuple[str, ...] = ()
    rating: int | None = None
    rating_comment: str | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What is to become of claimed reminders: messages, outcomes and tasks, stored together."""

    outgoing: tuple[Outgoing, ...] = ()
    settled: tuple[Settled, ...] = ()
    tasks: tuple[StaffTask, ...] = ()
    reminders: Mapping[str, tuple[Reminder, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Due:
    """An outgoing row claimed for delivery under a lease: not to be sent once that is over."""

    outgoing: Outgoing
    attempt: int
    fence: int
    until: datetime  # the lease's end


class Planner(Protocol):
    """Says which reminders should exist after a turn; pure."""

    def __call__(
        self, before: Case, after: Case, now: datetime
    ) -> Mapping[str, tuple[Reminder, ...]]:
        """All that should exist, for each filing where the turn may have changed them."""
        ...


class WaitingLine(Protocol):
    """Everybody who waits for a person."""

    async def ahead(self, since: datetime) -> int:
        """How many have waited longer than somebody who began to wait then."""
        ...


class AddressBook(Protocol):
    """Fulfils wishes about where reminders go."""

    async def fulfil(self, whose: Identity, wish: Wish, locale: str) -> Fulfilment:
        """Send a code, prove an address by it, stop, or open a calendar or link. Raises nothing."""
        ...

    async def link(self, code: str, chat: str) -> Identity | None:
        """Connect the chat in which a link's code came back; whose link it was, if it was one."""
        ...


class CaseStore(Protocol):
    """Where cases live. All adapters pass one contract suite.

    Times read back are the same instants in UTC: choose a zone before taking a date from one.
    """

    async def open(self, identity: Identity, now: datetime, locale: str) -> Case:
        """The identity's case, or a fresh one (version 0, not stored before its first commit)."""
        ...

    async def commit(self, turn: TurnRecord) -> tuple[Due, ...]:
        """Store one turn durably.

        With ``turn.hand_over``, ``turn.outgoing`` comes back claimed, in order. It does not
        where earlier messages to that person wait: then it waits in the outbox behind them.

        A turn that raises the case's epoch withdraws, in the same transaction, what waits to be
        sent in that conversation and nobody has begun to send; urgent messages and deletions
        stay. One that ends a hold makes the reminders put off under it due again.

        Raises StaleCase if the stored version differs from ``turn.before.version``,
        DuplicateInbound if the inbound's id was stored before, DuplicateCall if the receipt's key
        was, SpentForm if the form it fills is used up or over, and LostClaim if a reminder it
        settles is no longer leased under that fence; then nothing is stored.
        """
        ...

    async def recorded(self, identity: Identity, message_id: str) -> tuple[Outgoing, ...]:
        """What was answered to a message handled before."""
        ...

    def evict(self, identity: Identity | None = None) -> None:
        """Read this case anew when it is opened next: another process may have changed it.

        Without an identity, every case.
        """
        ...


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message whose turn raised: kept with its masked traceback for staff."""

    identity: Identity
    message_id: str
    at: datetime
    error: str  # exception type and place, never a value


class DeadLetters(Protocol):
    """Where turns that failed are put aside."""

    async def put(self, letter: DeadLetter) -> None:
        """Keep one."""
        ...


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """A question kept, with who asked it and when. ``number`` rises and never repeats."""

    number: int
    identity: Identity
    at: datetime
    question: Question


class Questions(Protocol):
    """Questions kept by turns. They go with whoever asked them, when their data is erased."""

    async def unanswered(self, since: datetime | None = None) -> Sequence[StoredQuestion]:
        """Those without an answer that helped, oldest first; answered late ones left out."""
        ...

    async def votes(self) -> Mapping[str, tuple[int, int]]:
        """By article: how many people it helped, and how many it did not."""
        ...


class FormStore(Protocol):
    """Secure-form permissions."""

    async def find(self, token_hash: str, now: datetime) -> FormGrant | None:
        """An unused, unexpired grant, or None."""
        ...

    async def use(self, token_hash: str, now: datetime) -> bool:
        """Mark it used; False if it was used or has expired meanwhile."""
        ...


class Receipts(Protocol):
    """Answers given to other programs."""

    async def find(self, key: str) -> Receipt | None:
        """The receipt of a call answered before, or None."""
        ...


class Outbox(Protocol):
    """Messages waiting for their channel, in order per identity."""

    async def claim(self, channel: str, now: datetime, limit: int) -> Sequence[Due]:
        """Lease the next due rows: at most the oldest unfinished one of each identity.

        What was said before a person took the conversation is withdrawn instead.
        """
        ...

    async def delivered(self, due: Due, platform_id: str | None, now: datetime) -> None:
        """Record success and the platform's message id."""
        ...

    async def retry(self, due: Due, at: datetime, reason: str | None = None) -> None:
        """Try again at ``at``; later messages of this identity wait behind it.

        A ``reason`` (``unknown``: it may have arrived) stays noted, whatever comes of it.
        """
        ...

    async def undeliverable(self, due: Due, reason: str, now: datetime) -> None:
        """Give up on it; the next message of this identity may go."""
        ...

    async def find(self, outgoing_id: str) -> Outgoing | None:
        """A message by its public id, for resolving a pressed button."""
        ...

    async def hurry(self, identity: Identity, now: datetime) -> None:
        """Let what waits for a later try be due: this person can be reached again."""
        ...


WITHDRAWN = "withdrawn"
"""Final status of a message taken back before anybody began to send it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the transcript. ``seq`` rises by conversation and never repeats."""

    seq: int
    at: datetime
    heard: str | None = None  # the applicant's words (masked where sensitive values were typed)
    said: Reply | None = None
    outgoing_id: str | None = None
    message_id: str | None = None  # of what was heard: a page knows its own message by it
    author: str = ASSISTANT  # of what was said
    status: str | None = None  # of what was said: shown, due, sending, sent or …
    reason: str | None = None  # why it was not delivered
    files: tuple[IncomingFile, ...] = ()  # that came with what was heard, and were kept

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was said but never sent: a person had taken the conversation."""
        return self.status == WITHDRAWN


class Transcript(Protocol):
    """What was said in a conversation."""

    async def owner(self, identity: Identity) -> str:
        """A mark that changes when other lines become somebody's: channels were joined or parted,
        or all was erased. It says nothing else; empty where nothing is kept of them."""
        ...

    async def since(self, identity: Identity, seq: int, limit: int = 200) -> Sequence[Entry]:
        """Entries after ``seq``, oldest first."""
        ...

    async def latest(
        self, identity: Identity, limit: int, before: int | None = None
    ) -> Sequence[Entry]:
        """The last entries, or the last before the entry ``before``; oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class PageRefused:
    """A page that could not be had. ``code`` names the wording ``footer.fetch.<code>``."""

    code: str
    params: Mapping[str, Param]


class PageFetcher(Protocol):
    """Home pages of filed websites."""

    async def fetch(self, address: str) -> Page | PageRefused:
        """The page at an address or domain, as its reader sees it before scripts run."""
        ...

    async def read(self, html: str) -> Page | PageRefused:
        """A page whose source somebody pasted."""
        ...


@dataclass(frozen=True, slots=True)
class Sought:
    """What a picture should show, as far as the filing knows; sensitive values stay out of repr.

    ``kind`` is None where nothing in particular was asked for: the inspector then says what it
    takes the picture for.
    """

    today: date
    kind: MaterialKind | None = None
    whose: str = "subject"
    side: Side | None = None
    certificate: CertificateType | None = None
    province: str | None = None
    name: str | None = field(default=None, repr=False)  # as answered
    number: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What an inspector found of a kept picture.

    ``kind``, ``certificate`` and ``side`` are what it seems to show, None where that is not
    told from it. ``read`` are values read from it by step key or by what they are (``name``,
    ``number``, ``legal_representative``, ``address``, ``valid_from``, ``valid_until``, ``scope``),
    normalised; empty where nothing can read. They count only once the applicant confirmed them.
    """

    width: int
    height: int
    findings: tuple[PictureFinding, ...] = ()
    kind: MaterialKind | None = None
    certificate: CertificateType | None = None
    side: Side | None = None
    valid_until: date | None = None
    read: Mapping[str, str] = field(default_factory=dict, repr=False)


class Inspector(Protocol):
    """Looks at pictures of papers."""

    async def inspect(self, file_id: str, sought: Sought) -> Inspection:
        """Check a kept picture. Never raises for what is in it: that is a finding."""
        ...
