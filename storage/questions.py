"""Questions kept by turns, read for staff."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, func, select

from dialogs.message import Identity
from dialogs.ports import Question, StoredQuestion
from storage import places
from storage.crypto import Cipher
from storage.engine import Database
from storage.errors import UnreadableRecord
from storage.instant import from_micros, to_micros
from storage.keys import DataKeys
from storage.tables import question


class SqlQuestions:
    """``Questions`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database, keys: DataKeys) -> None:
        self._database = database
        self._keys = keys

    async def unanswered(self, since: datetime | None = None) -> Sequence[StoredQuestion]:
        """See ``Questions``. One that cannot be decrypted is left out."""
        return await self._database.read_aside(partial(self._unanswered, since))

    async def votes(self) -> Mapping[str, tuple[int, int]]:
        """See ``Questions``."""
        people = func.count(question.c.conversation_id.distinct())
        query = (
            select(question.c.article, question.c.helped, people)
            .where(question.c.article.is_not(None), question.c.helped.is_not(None))
            .group_by(question.c.article, question.c.helped)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        found: dict[str, tuple[int, int]] = {}
        for article, helped, count in rows:
            good, bad = found.get(article, (0, 0))
            found[article] = (count, bad) if helped else (good, count)
        return found

    def _unanswered(
        self, since: datetime | None, connection: Connection
    ) -> Sequence[StoredQuestion]:
        query = (
            select(question)
            .where(question.c.answered_at.is_(None), question.c.helped.is_not(True))
            .order_by(question.c.n)
        )
        if since is not None:
            query = query.where(question.c.at >= to_micros(since))
        rows = connection.execute(query).all()
        scopes = {row.conversation_id for row in rows}
        ciphers = self._keys.find(connection, scopes, keep=False)
        found = (_stored(row, ciphers) for row in rows)
        return [one for one in found if one is not None]


def _stored(row: Row[Any], ciphers: Mapping[str, Cipher]) -> StoredQuestion | None:
    cipher = ciphers.get(row.conversation_id)
    if cipher is None:
        return None
    try:
        text = cipher.open(row.sealed, places.question(row.conversation_id, row.turn)).decode()
    except UnreadableRecord:
        return None
    return StoredQuestion(
        row.n,
        Identity(row.channel, row.external_id),
        from_micros(row.at),
        Question(
            text=text,
            route=row.route,
            locale=row.locale,
            helped=row.helped,
            article=row.article,
            province=row.province,
            subject_kind=row.subject_kind,
            filing_kind=row.filing_kind,
            stage=row.stage,
            step=row.step,
        ),
    )
