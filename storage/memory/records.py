"""Files and filings in memory."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from secrets import token_hex

from dialogs.linking import mark_of
from dialogs.message import Identity
from dialogs.ports import Receipt
from scheduler.ports import LooseFile
from storage.errors import FileMissing, FileTooLarge
from storage.memory.reminders import MemoryReminders
from storage.memory.shared import Memory
from storage.memory.staff import StaffMemory
from storage.ports import MAX_FILE_BYTES, Erased, FoundFiling, StoredFile, StorePolicy


class MemoryFiles:
    """Files in memory."""

    def __init__(self, memory: Memory, clock: Callable[[], datetime]) -> None:
        self._memory = memory
        self._clock = clock

    async def put(self, identity: Identity, name: str, media_type: str, content: bytes) -> str:
        """Keep a file; returns the id that finds it. Raises ``FileTooLarge``."""
        if len(content) > MAX_FILE_BYTES:
            raise FileTooLarge(len(content), MAX_FILE_BYTES)
        file_id = token_hex(16)
        kept = StoredFile(file_id, name, media_type, self._clock(), content, identity)
        self._memory.files[file_id] = (identity, kept)
        return file_id

    async def get(self, file_id: str) -> StoredFile:
        """A file by its id. Raises ``FileMissing``."""
        if file_id not in self._memory.files:
            raise FileMissing(file_id)
        return self._memory.files[file_id][1]

    async def destroy(self, file_ids: Iterable[str]) -> int:
        """Forget files; returns how many there were."""
        files = self._memory.files
        return sum(files.pop(file_id, None) is not None for file_id in file_ids)

    async def sweep(self) -> int:
        """Nothing to do: there is no content without its file."""
        return 0


class MemoryMaterials:
    """``KeptMaterials`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def holders(self, until: datetime) -> Sequence[Identity]:
        """See ``KeptMaterials``."""
        return [
            case.identity
            for case in self._memory.conversations()
            if any(
                not one.gone and one.at <= until
                for filing in case.filings.values()
                for one in filing.materials
            )
        ]

    async def loose(self, until: datetime) -> Sequence[LooseFile]:
        """See ``KeptMaterials``."""
        materials = {
            one.id
            for case in self._memory.conversations()
            for filing in case.filings.values()
            for one in filing.materials
            if not one.gone
        }
        found = [
            LooseFile(key, identity, file.at)
            for key, (identity, file) in self._memory.files.items()
            if key not in materials and file.at <= until
        ]
        return sorted(found, key=lambda one: one.at)


class MemoryFilings:
    """Filings in memory."""

    def __init__(
        self,
        memory: Memory,
        policy: StorePolicy,
        reminders: MemoryReminders,
        staff: StaffMemory | None = None,
    ) -> None:
        self._memory = memory
        self._policy = policy
        self._reminders = reminders
        self._staff = staff

    async def find(self, filing_id: str) -> FoundFiling | None:
        """A filing by its public id, or None."""
        for case in self._memory.conversations():
            if filing_id in case.filings:
                return FoundFiling(case, case.filings[filing_id])
        return None

    async def with_value(self, step: str, value: str) -> Sequence[str]:
        """Ids of filings whose present answer to an indexed step is ``value``."""
        if step not in self._policy.indexed_steps:
            return ()
        return sorted(
            filing.id
            for case in self._memory.conversations()
            for filing in case.filings.values()
            if {answer.step: answer.value for answer in filing.answers}.get(step) == value
        )

    async def applicant_of(self, some_id: str) -> str | None:
        """The applicant of this id, or of the filing of this id, or None."""
        for case in self._memory.conversations():
            if some_id == case.applicant_id or some_id in case.filings:
                return case.applicant_id
        return None

    async def erase(self, applicant_id: str) -> Erased | None:
        """Forget an applicant; None if there is no such applicant."""
        memory = self._memory
        gone = [case for case in memory.conversations() if case.applicant_id == applicant_id]
        if not gone:
            return None
        identities = {one for case in gone for one in case.everywhere}
        filings = {key for case in gone for key in case.filings}
        files = {key for key, (owner, _) in memory.files.items() if owner in identities}
        memory.cases = {k: v for k, v in memory.cases.items() if k not in identities}
        memory.entries = {k: v for k, v in memory.entries.items() if k not in identities}
        memory.handled = {k: v for k, v in memory.handled.items() if k[0] not in identities}
        memory.forms = {k: v for k, v in memory.forms.items() if v.filing_id not in filings}
        memory.files = {k: v for k, v in memory.files.items() if k not in files}
        memory.letters = [one for one in memory.letters if one.identity not in identities]
        memory.sent = {k: v for k, v in memory.sent.items() if v.identity not in identities}
        memory.tried = {k: v for k, v in memory.tried.items() if k in memory.sent}
        memory.waiting = {k: v for k, v in memory.waiting.items() if k in memory.sent}
        self._reminders.forget(filings)
        memory.forget_side({case.conversation_id for case in gone})
        memory.receipts = {k: v for k, v in memory.receipts.items() if v[0] not in identities}
        memory.questions = [one for one in memory.questions if one.identity not in identities]
        gone_ids = {case.conversation_id for case in gone}
        memory.comments = {k: v for k, v in memory.comments.items() if k[0] not in gone_ids}
        memory.reviews = {k: v for k, v in memory.reviews.items() if k[0] not in gone_ids}
        memory.helps = [one for one in memory.helps if one.conversation not in gone_ids]
        openids = {one.external_id for one in identities if one.channel in ("wechat", "wecom")}
        memory.budgets = {k: v for k, v in memory.budgets.items() if k not in openids}
        memory.deliveries = {k: v for k, v in memory.deliveries.items() if k[0] not in openids}
        memory.pulled = {k: v for k, v in memory.pulled.items() if v.fetched.person not in openids}
        memory.sessions = {k: v for k, v in memory.sessions.items() if k not in openids}
        memory.contacts = {k: v for k, v in memory.contacts.items() if v not in gone_ids}
        memory.consents = [one for one in memory.consents if one.person not in openids]
        memory.links = {
            k: v
            for k, v in memory.links.items()
            if v.owner not in identities and v.user not in identities
        }
        if self._staff is not None:  # what is only counted
            names = {*map(mark_of, identities), *gone_ids}
            attempts = self._staff.attempts
            attempts[:] = [one for one in attempts if one[0].rpartition("/")[2] not in names]
        return Erased(len(gone), len(filings), len(files))


class MemoryReceipts:
    """``Receipts`` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def find(self, key: str) -> Receipt | None:
        """See ``Receipts``."""
        found = self._memory.receipts.get(key)
        return None if found is None else found[1]
