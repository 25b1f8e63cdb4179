"""Erasures that people asked for, as the job that carries them out finds them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, select

from dialogs.message import Identity
from filing.event import EventType
from scheduler.ports import DueErasure
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.loading import LAST_FIRST, latest_identities
from storage.tables import conversation, event, filing, identity, message


class SqlErasing:
    """``WantedErasures`` on a database. It reads nothing that is sealed: what cannot be read goes
    all the same."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, now: datetime) -> Sequence[DueErasure]:
        """See ``WantedErasures``."""
        unsent = exists().where(
            message.c.conversation_id == conversation.c.id,
            message.c.kind == "said",
            message.c.due_at.is_not(None),
        )
        query = (
            select(
                conversation.c.id,
                conversation.c.applicant_id,
                conversation.c.erase_at,
                conversation.c.erase_told_at,
                identity.c.channel,
                identity.c.external_id,
                unsent.label("is_unsent"),
            )
            .join_from(conversation, identity)
            .where(conversation.c.erase_at <= to_micros(now))
            .order_by(conversation.c.erase_at, conversation.c.id, *LAST_FIRST)
        )

        def work(connection: Connection) -> Sequence[DueErasure]:
            found: dict[str, DueErasure] = {}
            for row in connection.execute(query):
                told = None if row.erase_told_at is None else from_micros(row.erase_told_at)
                whose = Identity(row.channel, row.external_id)
                due = DueErasure(
                    whose, row.applicant_id, from_micros(row.erase_at), told, bool(row.is_unsent)
                )
                found.setdefault(row.id, due)
            return tuple(found.values())

        return await self._database.read(work)

    async def idle(self, until: datetime, limit: int) -> Sequence[Identity]:
        """See ``WantedErasures``."""
        handed_in = exists().where(
            filing.c.applicant_id == conversation.c.applicant_id,
            event.c.filing_id == filing.c.id,
            event.c.type != str(EventType.WITHDRAWN),
        )
        silent = (
            select(conversation.c.id)
            .where(
                conversation.c.updated_at <= to_micros(until),
                conversation.c.erase_at.is_(None),
                exists().where(identity.c.conversation_id == conversation.c.id),
                ~handed_in,
            )
            .order_by(conversation.c.updated_at, conversation.c.id)
            .limit(limit)
        )
        whose = latest_identities(conversation.c.id.in_(silent), conversation.c.updated_at)
        return await self._database.read(whose)
