"""Articles being written, on a database. They hold nothing about a person and are not sealed."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from desk.gaps.ports import ArticleDraft, DraftStatus
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.tables import article_draft

_OPEN = [one.value for one in DraftStatus if one.is_open]


class SqlArticleDrafts:
    """``ArticleDrafts`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self) -> Sequence[ArticleDraft]:
        """See ``ArticleDrafts``."""
        query = (
            select(article_draft)
            .where(article_draft.c.status.in_(_OPEN))
            .order_by(article_draft.c.changed_at, article_draft.c.id)
        )
        return [_draft(row) for row in await self._database.read(lambda c: c.execute(query).all())]

    async def published(self, limit: int = 20) -> Sequence[ArticleDraft]:
        """See ``ArticleDrafts``."""
        query = (
            select(article_draft)
            .where(article_draft.c.status == DraftStatus.PUBLISHED.value)
            .order_by(article_draft.c.changed_at.desc(), article_draft.c.id)
            .limit(limit)
        )
        return [_draft(row) for row in await self._database.read(lambda c: c.execute(query).all())]

    async def find(self, draft_id: str) -> ArticleDraft | None:
        """See ``ArticleDrafts``."""
        query = select(article_draft).where(article_draft.c.id == draft_id)
        row = await self._database.read(lambda c: c.execute(query).one_or_none())
        return None if row is None else _draft(row)

    async def put(self, draft: ArticleDraft) -> bool:
        """See ``ArticleDrafts``."""
        return await self._database.write(partial(_put, draft))


def _put(draft: ArticleDraft, connection: Connection) -> bool:
    values = {
        "version": draft.version,
        "locale": draft.locale,
        "article": draft.article,
        "text": draft.text,
        "questions": json.dumps(draft.questions),
        "status": draft.status.value,
        "author": draft.author,
        "changed_at": to_micros(draft.changed_at),
        "reviewer": draft.reviewer,
        "reviewed_at": None if draft.reviewed_at is None else to_micros(draft.reviewed_at),
        "note": draft.note,
    }
    if draft.version == 1:
        connection.execute(insert(article_draft).values(id=draft.id, **values))
        return True
    changed = connection.execute(
        update(article_draft)
        .where(article_draft.c.id == draft.id, article_draft.c.version == draft.version - 1)
        .values(**values)
    )
    return changed.rowcount == 1


def _draft(row: Row[Any]) -> ArticleDraft:
    return ArticleDraft(
        row.id,
        row.version,
        row.locale,
        row.article,
        row.text,
        tuple(json.loads(row.questions)),
        DraftStatus(row.status),
        row.author,
        from_micros(row.changed_at),
        row.reviewer,
        None if row.reviewed_at is None else from_micros(row.reviewed_at),
        row.note,
    )
