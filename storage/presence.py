"""Who looks at a conversation, in rows that outlive no erasure and are read for seconds."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from desk.presence import GONE_AFTER, TYPING_FOR, Present
from storage.engine import Database
from storage.instant import to_micros
from storage.tables import presence


class SqlPresence:
    """``Presence`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def beat(self, conversation_id: str, who: str, now: datetime, *, typing: bool) -> bool:
        """See ``Presence``. False too if there is no such conversation."""
        work = partial(self._beat, conversation_id, who, now, typing)
        try:
            return await self._database.write(work)
        except IntegrityError:  # the conversation is gone
            return False

    async def leave(self, conversation_id: str, who: str) -> None:
        """See ``Presence``."""
        gone = delete(presence).where(
            presence.c.conversation_id == conversation_id, presence.c.who == who
        )
        await self._database.write(lambda connection: connection.execute(gone))

    async def present(self, conversation_id: str, now: datetime) -> Sequence[Present]:
        """See ``Presence``."""
        query = (
            select(presence.c.who, presence.c.typed_at)
            .where(
                presence.c.conversation_id == conversation_id,
                presence.c.seen_at > to_micros(now - GONE_AFTER),
            )
            .order_by(presence.c.who)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        since = to_micros(now - TYPING_FOR)
        return [Present(row.who, row.typed_at > since) for row in rows]

    def _beat(
        self, conversation_id: str, who: str, now: datetime, typing: bool, connection: Connection
    ) -> bool:
        here = (presence.c.conversation_id == conversation_id, presence.c.who == who)
        known = connection.execute(select(presence).where(*here)).first()
        at = to_micros(now)
        dialect = postgresql if self._database.dialect.name == "postgresql" else sqlite
        put = dialect.insert(presence).values(
            conversation_id=conversation_id, who=who, seen_at=at, typed_at=at if typing else 0
        )
        connection.execute(
            put.on_conflict_do_update(
                index_elements=["conversation_id", "who"],
                set_={"seen_at": put.excluded.seen_at, "typed_at": put.excluded.typed_at},
            )
        )
        if known is None or known.seen_at <= to_micros(now - GONE_AFTER):
            return True
        return bool(typing != (known.typed_at > to_micros(now - TYPING_FOR)))
