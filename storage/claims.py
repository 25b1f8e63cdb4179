"""Who of the staff has a conversation, read from the database and not from a copy of a case."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, Select, func, literal_column, select, update

from desk.ports import HeldConversation
from dialogs.message import Identity
from dialogs.ports import WITHDRAWN
from storage.engine import Database
from storage.instant import to_micros
from storage.loading import HOLD, LAST_FIRST, hold_of
from storage.rows import unsent
from storage.tables import conversation, identity, message


class SqlClaims:
    """``ClaimStore`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, conversation_id: str) -> HeldConversation | None:
        """See ``ClaimStore``."""
        query = (
            _CONVERSATIONS.where(conversation.c.id == conversation_id)
            .order_by(*LAST_FIRST)
            .limit(1)
        )
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else _held(row)

    async def lapsed(self, now: datetime, limit: int = 100) -> Sequence[HeldConversation]:
        """See ``ClaimStore``."""
        query = (
            _CONVERSATIONS.where(conversation.c.held_until <= to_micros(now))
            .order_by(conversation.c.held_until, *LAST_FIRST)
            .limit(limit)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        first = {row.id: row for row in reversed(rows)}
        return [_held(row) for row in rows if first[row.id] is row]

    async def clear(self, conversation_id: str, epoch: int, now: datetime) -> int:
        """See ``ClaimStore``.

        A claim of the outbox that began before the conversation was taken keeps its rows locked:
        this waits for it, and then counts what it got.
        """
        work = partial(_clear, conversation_id, epoch, to_micros(now))
        return await self._database.write(work)


def _clear(conversation_id: str, epoch: int, now: int, connection: Connection) -> int:
    overtaken = (
        message.c.conversation_id == conversation_id,
        message.c.epoch < epoch,
        message.c.kind == literal_column("'said'"),
        ~message.c.urgent,
    )
    connection.execute(
        update(message)
        .where(*overtaken, unsent(now))
        .values(status=WITHDRAWN, due_at=None, settled_at=now)
    )
    sending = select(func.count()).where(*overtaken, message.c.status == "sending")
    return int(connection.execute(sending).scalar() or 0)


_CONVERSATIONS: Select[Any] = select(
    conversation.c.id, identity.c.channel, identity.c.external_id, *HOLD
).join_from(conversation, identity)


def _held(row: Row[Any]) -> HeldConversation:
    whose = Identity(row.channel, row.external_id)
    return HeldConversation(row.id, whose, row.epoch, hold_of(row))
