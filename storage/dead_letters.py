"""Messages whose turn failed, put aside for staff."""

from collections.abc import Sequence

from sqlalchemy import insert, select

from dialogs.message import Identity
from dialogs.ports import DeadLetter
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.tables import dead_letter


class SqlDeadLetters:
    """``DeadLetters`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, letter: DeadLetter) -> None:
        """See ``DeadLetters``."""
        row = insert(dead_letter).values(
            channel=letter.identity.channel,
            external_id=letter.identity.external_id,
            message_id=letter.message_id,
            at=to_micros(letter.at),
            error=letter.error,
        )
        await self._database.write(lambda connection: connection.execute(row))

    async def latest(self, limit: int = 50) -> Sequence[DeadLetter]:
        """The newest letters, newest first."""
        query = select(dead_letter).order_by(dead_letter.c.n.desc()).limit(limit)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [
            DeadLetter(
                Identity(row.channel, row.external_id),
                row.message_id,
                from_micros(row.at),
                row.error,
            )
            for row in rows
        ]
