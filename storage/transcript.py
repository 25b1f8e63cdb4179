"""What was said in a conversation, read back in order."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from dialogs.message import Identity
from dialogs.ports import Entry
from scheduler.ports import ADDRESS_CHANNELS
from storage.engine import Database
from storage.keys import DataKeys
from storage.messages import entry_of
from storage.owning import owner_mark
from storage.tables import conversation, message
from storage.tables import identity as identity_table
from storage.turns import DELETE


class SqlTranscript:
    """``Transcript`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database, keys: DataKeys) -> None:
        self._database = database
        self._keys = keys

    async def owner(self, identity: Identity) -> str:
        """See ``Transcript``."""
        here = (
            select(identity_table.c.conversation_id)
            .where(
                identity_table.c.channel == identity.channel,
                identity_table.c.external_id == identity.external_id,
            )
            .scalar_subquery()
        )
        query = select(identity_table).where(identity_table.c.conversation_id == here)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        if not rows:
            return ""
        people = (Identity(row.channel, row.external_id) for row in rows)
        return owner_mark(rows[0].conversation_id, people)

    async def since(self, identity: Identity, seq: int, limit: int = 200) -> Sequence[Entry]:
        """See ``Transcript``."""
        return await self._database.read(partial(self._since, identity, seq, limit))

    async def latest(
        self, identity: Identity, limit: int, before: int | None = None
    ) -> Sequence[Entry]:
        """See ``Transcript``."""
        return await self._database.read(partial(self._latest, identity, limit, before))

    def _since(
        self, identity: Identity, seq: int, limit: int, connection: Connection
    ) -> Sequence[Entry]:
        query = _of(identity, connection).where(message.c.seq > seq)
        query = query.order_by(message.c.seq).limit(limit)
        return self._entries(connection.execute(query).all(), connection)

    def _latest(
        self, identity: Identity, limit: int, before: int | None, connection: Connection
    ) -> Sequence[Entry]:
        query = _of(identity, connection).order_by(message.c.seq.desc()).limit(limit)
        if before is not None:
            query = query.where(message.c.seq < before)
        return self._entries(connection.execute(query).all()[::-1], connection)

    def _entries(self, rows: Sequence[Row[Any]], connection: Connection) -> Sequence[Entry]:
        if not rows:
            return ()
        ciphers = self._keys.load(connection, {row.conversation_id for row in rows})
        return [entry_of(row, ciphers) for row in rows]


def _of(identity: Identity, connection: Connection) -> Select[Any]:
    """What was heard from and said to somebody in the chat, before channels were joined too."""
    here = (
        select(conversation.c.applicant_id)
        .join_from(identity_table, conversation)
        .where(
            identity_table.c.channel == identity.channel,
            identity_table.c.external_id == identity.external_id,
        )
        .scalar_subquery()
    )
    # Looked up first: nearly always it is one, whose messages an index holds in their order.
    conversations = select(conversation.c.id).where(conversation.c.applicant_id == here)
    return select(message).where(
        message.c.conversation_id.in_(connection.execute(conversations).scalars().all()),
        message.c.sealed.is_not(None),
        message.c.kind != DELETE,
        message.c.channel.not_in(ADDRESS_CHANNELS),  # what went by e-mail is no chat
    )
