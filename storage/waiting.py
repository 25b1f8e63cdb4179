"""Who waits for a person, from what is stored in clear: since when, and whose filing it is."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from desk.waiting import Waiter
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.tables import conversation


class SqlWaitingLine:
    """``Waiters`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ahead(self, since: datetime) -> int:
        """See ``WaitingLine``."""
        before = conversation.c.waiting_since < to_micros(since)
        count = select(func.count()).select_from(conversation).where(before)
        return await self._database.read(lambda c: int(c.execute(count).scalar_one()))

    async def waiting(self, limit: int = 500) -> Sequence[Waiter]:
        """See ``Waiters``."""
        query = (
            select(conversation.c.id, conversation.c.active_filing, conversation.c.waiting_since)
            .where(conversation.c.waiting_since.is_not(None))
            .order_by(conversation.c.waiting_since, conversation.c.id)
            .limit(limit)
        )
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [Waiter(scope, filing, from_micros(since)) for scope, filing, since in rows]
