"""What the stores offer beyond the ports of dialogue, scheduler and desk: files, filings."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from desk.alerts.ports import AlertStore
from desk.attempts import Attempts
from desk.audit import Audit
from desk.dockets import Dockets
from desk.factors import Factors
from desk.gaps.ports import ArticleDrafts
from desk.listing import Listing
from desk.notebook import Notebook
from desk.ports import ClaimStore
from desk.presence import Presence
from desk.pulse import Pulses
from desk.quality.ports import Reviews
from desk.ratings import Ratings
from desk.sessions import Sessions
from desk.staff import Agents
from desk.statistics.ports import Statistics
from desk.tasks import Tasks
from desk.waiting import Waiters
from dialogs.case import Case, FilingRecord
from dialogs.linking import LinkStore
from dialogs.message import Identity
from dialogs.ports import (
    CaseStore,
    DeadLetter,
    DeadLetters,
    FormStore,
    Outbox,
    Questions,
    Receipts,
    Transcript,
)
from scheduler.notices import NoticeConsents
from scheduler.ports import (
    ContactStore,
    KeptAnswers,
    KeptMaterials,
    Leftovers,
    ReminderStore,
    WantedErasures,
)
from storage.wechat_ports import WeChatStore
from storage.wecom_ports import WeComStore

LEASE: Final = timedelta(seconds=60)
"""How long a claimed message belongs to whoever claimed it: more than any send may take."""

MAX_FILE_BYTES: Final = 20 * 2**20


@dataclass(frozen=True, slots=True)
class StorePolicy:
    """What the store is told by the program: which values to index, which channels pull.

    Messages to a pulled channel are read from the transcript, not delivered.
    """

    indexed_steps: frozenset[str] = frozenset()
    pulled_channels: frozenset[str] = frozenset({"web", "terminal"})


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as the applicant sent it. ``content`` stays out of ``repr``."""

    id: str
    name: str
    media_type: str
    at: datetime
    content: bytes
    owner: Identity

    def __repr__(self) -> str:
        return f"StoredFile(id={self.id!r}, media_type={self.media_type!r})"


@dataclass(frozen=True, slots=True)
class FoundFiling:
    """A filing with the conversation it is worked on in."""

    case: Case
    filing: FilingRecord


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure took away."""

    conversations: int
    filings: int
    files: int


class LetterBox(DeadLetters, Protocol):
    """Dead letters that staff can read."""

    async def latest(self, limit: int = 50) -> Sequence[DeadLetter]:
        """The newest letters, newest first."""
        ...


class Files(Protocol):
    """Files of applicants."""

    async def put(self, identity: Identity, name: str, media_type: str, content: bytes) -> str:
        """Keep a file; returns the id that finds it. Raises ``FileTooLarge``."""
        ...

    async def get(self, file_id: str) -> StoredFile:
        """A file by its id. Raises ``FileMissing`` or ``UnreadableRecord``."""
        ...

    async def destroy(self, file_ids: Iterable[str]) -> int:
        """Delete files for good: their keys, rows and contents. Returns how many there were."""
        ...

    async def sweep(self) -> int:
        """Remove contents without a row that are older than a day; returns how many."""
        ...


class Filings(Protocol):
    """Filings of all applicants, as staff, exports and erasures need them."""

    async def find(self, filing_id: str) -> FoundFiling | None:
        """A filing by its public id, or None."""
        ...

    async def with_value(self, step: str, value: str) -> Sequence[str]:
        """Ids of filings whose present answer to an indexed step is ``value`` (normalised)."""
        ...

    async def applicant_of(self, some_id: str) -> str | None:
        """The applicant of this id, or of the filing of this id, or None."""
        ...

    async def erase(self, applicant_id: str) -> Erased | None:
        """Destroy an applicant's keys, rows and files; None if there is no such applicant."""
        ...


class Leases(Protocol):
    """Who among all processes does something alone, by the name of what is done."""

    async def take(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Take or renew a lease; False while somebody else has it."""
        ...

    async def release(self, name: str, holder: str) -> None:
        """End a lease, if it is still this holder's."""
        ...


class Paces(Protocol):
    """How fast all processes together may do something, by the name of what is done."""

    @property
    def is_shared(self) -> bool:
        """Whether there may be other processes; if not, one's own count is enough."""
        ...

    async def reserve(
        self,
        name: str,
        count: int,
        apart: timedelta,
        burst: timedelta,
        now: datetime,
        left: timedelta = timedelta(0),
    ) -> datetime | None:
        """Reserve the next ``count`` moments, ``apart`` from one another; the first of them.

        What was not used is kept for later, up to ``burst``: then the first lies in the past.
        None, and nothing is reserved, unless moments worth ``left`` are kept for others.
        """
        ...


class News(Protocol):
    """What processes on one database tell each other: in whose conversations something changed.

    A hint that makes them quick, not what they rest on: it may get lost, and comes after the
    commit. Where one process has the database for itself, nothing is told.
    """

    async def tell(self, identities: Sequence[Identity]) -> None:
        """Something was committed for these people by this process."""
        ...

    def listening(
        self, hear: Callable[[Sequence[Identity]], None]
    ) -> AbstractAsyncContextManager[None]:
        """Calls ``hear`` with for whom another process committed something.

        Without anybody it may have been for all: the connection begins, or was lost for a while.
        """
        ...


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores, whatever lies under them. ``close`` finishes the work in hand."""

    cases: CaseStore
    outbox: Outbox
    transcript: Transcript
    forms: FormStore
    dead_letters: LetterBox
    files: Files
    filings: Filings
    materials: KeptMaterials
    answers: KeptAnswers
    erasing: WantedErasures
    leftovers: Leftovers
    agents: Agents
    sessions: Sessions
    factors: Factors
    attempts: Attempts
    audit: Audit
    reminders: ReminderStore
    contacts: ContactStore
    links: LinkStore
    questions: Questions
    receipts: Receipts
    statistics: Statistics
    reviews: Reviews
    article_drafts: ArticleDrafts
    notebook: Notebook
    tasks: Tasks
    presence: Presence
    pulses: Pulses
    dockets: Dockets
    listing: Listing
    claims: ClaimStore
    line: Waiters
    ratings: Ratings
    alerts: AlertStore
    wechat: WeChatStore
    wecom: WeComStore
    notice_consents: NoticeConsents
    news: News
    leases: Leases
    paces: Paces
    ready: Callable[[], Awaitable[None]]  # raises a StorageError if they cannot be used
    close: Callable[[], Awaitable[None]]
