"""Whether something changed in a conversation: a few small queries, nothing decrypted."""

from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, func, select

from desk.pulse import TAIL, Pulse
from dialogs.message import Identity
from storage.engine import Database
from storage.loading import HOLD, LAST_FIRST, hold_of
from storage.tables import conversation, identity, message, note, shared_draft


class SqlPulses:
    """``Pulses`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, conversation_id: str) -> Pulse | None:
        """See ``Pulses``."""
        return await self._database.read(partial(_pulse, conversation_id))


def _pulse(scope: str, connection: Connection) -> Pulse | None:
    known: Select[Any] = (
        select(identity.c.channel, identity.c.external_id, conversation.c.version, *HOLD)
        .join_from(conversation, identity, identity.c.conversation_id == conversation.c.id)
        .where(conversation.c.id == scope)
        .order_by(*LAST_FIRST)
        .limit(1)
    )
    row = connection.execute(known).first()
    if row is None:
        return None
    tail = connection.execute(
        select(message.c.seq, message.c.status)
        .where(message.c.conversation_id == scope)
        .order_by(message.c.seq.desc())
        .limit(TAIL)
    ).all()
    notes = select(func.count()).select_from(note).where(note.c.conversation_id == scope)
    draft = select(shared_draft.c.version).where(shared_draft.c.conversation_id == scope)
    return Pulse(
        Identity(row.channel, row.external_id),
        row.version,
        hold_of(row),
        tuple((seq, status) for seq, status in tail),
        connection.execute(notes).scalar() or 0,
        connection.execute(draft).scalar() or 0,
    )
