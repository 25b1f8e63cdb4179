"""Finds filings by public id or by a value, and erases an applicant whole."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, Table, delete, select, tuple_

from dialogs.linking import mark_of
from dialogs.message import Identity
from storage import tables
from storage.cases import SqlCaseStore
from storage.engine import Database
from storage.files import EncryptedFiles
from storage.keys import DataKeys
from storage.loading import load_cases
from storage.ports import Erased, FoundFiling
from storage.tables import applicant, blind_index, conversation, data_key, dead_letter, filing

Note: TypeAlias = Callable[[str], Awaitable[None]]
"""Notes outside the database that an applicant is erased."""


@dataclass(frozen=True, slots=True)
class _Belongings:
    identities: Sequence[Identity]
    conversations: Sequence[str]
    filings: Sequence[str]
    files: Sequence[str]

    @property
    def scopes(self) -> list[str]:
        return [*self.conversations, *self.filings, *self.files]


class SqlFilings:
    """Filings of all applicants, as staff, exports and erasures need them."""

    def __init__(
        self,
        database: Database,
        keys: DataKeys,
        cases: SqlCaseStore,
        files: EncryptedFiles,
        note: Note,
    ) -> None:
        """``note`` is told of an erasure before it happens, to outlast a restored backup."""
        self._note = note
        self._database = database
        self._keys = keys
        self._cases = cases
        self._files = files

    async def find(self, filing_id: str) -> FoundFiling | None:
        """A filing by its public id, or None."""
        return await self._database.read(partial(self._find, filing_id))

    async def with_value(self, step: str, value: str) -> Sequence[str]:
        """Ids of filings whose present answer to an indexed step is ``value`` (normalised)."""
        query = (
            select(blind_index.c.filing_id)
            .where(blind_index.c.digest == self._keys.blind(step, value))
            .order_by(blind_index.c.filing_id)
        )
        return await self._database.read(
            lambda connection: list(connection.execute(query).scalars())
        )

    async def applicant_of(self, some_id: str) -> str | None:
        """The applicant of this id, or of the filing of this id, or None."""
        by_filing = select(filing.c.applicant_id).where(filing.c.id == some_id)
        by_itself = select(applicant.c.id).where(applicant.c.id == some_id)
        return await self._database.read(
            lambda connection: connection.execute(by_itself.union(by_filing)).scalar()
        )

    async def erase(self, applicant_id: str) -> Erased | None:
        """Destroy an applicant's keys, rows and files; None if there is no such applicant.

        Backups made before keep the encrypted rows together with their wrapped keys: they
        must be let run out; whoever restores one erases it again (``storage.backup``).
        """
        if await self._database.read(partial(_exists, applicant_id)):
            await self._note(applicant_id)
        gone = await self._database.write(partial(self._erase, applicant_id))
        if gone is None:
            return None
        self._keys.forget(gone.scopes)
        for identity in gone.identities:
            self._cases.evict(identity)
        await self._database.scrub()
        await self._files.remove(gone.files)
        return Erased(len(gone.conversations), len(gone.filings), len(gone.files))

    def _find(self, filing_id: str, connection: Connection) -> FoundFiling | None:
        owner = select(filing.c.applicant_id).where(filing.c.id == filing_id).scalar_subquery()
        cases = load_cases(connection, self._keys, conversation.c.applicant_id == owner)
        if not cases:
            return None
        case = next((case for case in cases if case.active == filing_id), cases[0])
        return FoundFiling(case, case.filings[filing_id])

    def _erase(self, applicant_id: str, connection: Connection) -> _Belongings | None:
        known = select(applicant.c.id).where(applicant.c.id == applicant_id).with_for_update()
        if connection.execute(known).first() is None:
            return None
        gone = _belongings(connection, applicant_id)
        connection.execute(delete(data_key).where(data_key.c.scope.in_(gone.scopes)))
        for table in (tables.file, dead_letter):
            connection.execute(delete(table).where(_of(table, gone.identities)))
        in_wechat = ("wechat", "wecom")
        openids = [one.external_id for one in gone.identities if one.channel in in_wechat]
        for kept in (tables.wechat_person, tables.wechat_delivery):
            connection.execute(delete(kept).where(kept.c.openid.in_(openids)))
        for pulled in (tables.wecom_message, tables.wecom_session):
            connection.execute(delete(pulled).where(pulled.c.person.in_(openids)))
        agreed = tables.notice_consent
        connection.execute(delete(agreed).where(agreed.c.person.in_(openids)))
        self._clear_traces(connection, gone)
        connection.execute(delete(applicant).where(applicant.c.id == applicant_id))
        return gone

    def _clear_traces(self, connection: Connection, gone: "_Belongings") -> None:
        """What others' rows, and what is only counted, know of them."""
        used = tables.link_code
        pairs = [(one.channel, one.external_id) for one in gone.identities]
        connection.execute(
            delete(used).where(tuple_(used.c.used_channel, used.c.used_external_id).in_(pairs))
        )
        counted = tables.login_attempt
        names = [*(mark_of(one) for one in gone.identities), *gone.conversations]
        for name in names:
            connection.execute(delete(counted).where(counted.c.key.endswith(f"/{name}")))


def _exists(applicant_id: str, connection: Connection) -> bool:
    known = select(applicant.c.id).where(applicant.c.id == applicant_id)
    return connection.execute(known).first() is not None


def _belongings(connection: Connection, applicant_id: str) -> _Belongings:
    conversations = list(
        connection.execute(
            select(conversation.c.id)
            .where(conversation.c.applicant_id == applicant_id)
            .with_for_update()
        ).scalars()
    )
    identities = [
        Identity(channel, external_id)
        for channel, external_id in connection.execute(
            select(tables.identity.c.channel, tables.identity.c.external_id).where(
                tables.identity.c.conversation_id.in_(conversations)
            )
        )
    ]
    filings = list(
        connection.execute(
            select(filing.c.id).where(filing.c.applicant_id == applicant_id)
        ).scalars()
    )
    files = list(
        connection.execute(select(tables.file.c.id).where(_of(tables.file, identities))).scalars()
    )
    return _Belongings(identities, conversations, filings, files)


def _of(table: Table, identities: Sequence[Identity]) -> ColumnElement[bool]:
    """Rows of a table that belong to some identities."""
    pairs = [(identity.channel, identity.external_id) for identity in identities]
    return tuple_(table.c.channel, table.c.external_id).in_(pairs)
