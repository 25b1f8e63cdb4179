"""How applicants rate the help of people, and what they say of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from desk.ratings import Rating
from storage import places
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.keys import DataKeys
from storage.tables import handover

_AT = func.coalesce(handover.c.closed_at, handover.c.waiting_since)


class SqlRatings:
    """``Ratings`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database, keys: DataKeys) -> None:
        self._database = database
        self._keys = keys

    async def since(self, start: datetime, limit: int = 200) -> Sequence[Rating]:
        """See ``Ratings``."""
        query = (
            select(
                handover.c.conversation_id,
                handover.c.agent,
                _AT.label("at"),
                handover.c.rating,
                handover.c.comment,
            )
            .where(
                or_(handover.c.rating.is_not(None), handover.c.comment.is_not(None)),
                to_micros(start) <= _AT,
            )
            .order_by(_AT.desc(), handover.c.n.desc())
            .limit(limit)
        )

        def work(connection: Connection) -> list[Rating]:
            rows = connection.execute(query).all()
            ciphers = self._keys.load(connection, {row.conversation_id for row in rows})
            return [
                Rating(
                    row.conversation_id,
                    row.agent,
                    from_micros(row.at),
                    row.rating,
                    ""
                    if row.comment is None
                    else ciphers[row.conversation_id]
                    .open(row.comment, places.comment(row.conversation_id))
                    .decode(),
                )
                for row in rows
            ]

        return await self._database.read(work)
