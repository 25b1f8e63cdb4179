"""Answers given to other programs."""

from sqlalchemy import select

from dialogs.ports import Receipt
from storage.engine import Database
from storage.tables import receipt


class SqlReceipts:
    """``Receipts`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, key: str) -> Receipt | None:
        """See ``Receipts``."""
        query = select(receipt.c.answer).where(receipt.c.key == key)
        answer = await self._database.read(lambda connection: connection.execute(query).scalar())
        return None if answer is None else Receipt(key, answer)
