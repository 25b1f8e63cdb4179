"""Reviews of conversations on a database; comments sealed with the conversation they are about."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from desk.quality.ports import Review
from desk.quality.sampling import Reason
from desk.statistics.period import Period
from filing.event import EventType
from storage import places
from storage.codec import dump_text
from storage.engine import Database
from storage.errors import UnreadableRecord
from storage.instant import from_micros, to_micros
from storage.keys import DataKeys
from storage.tables import conversation, event, filing, handover, message, question, review

LOW = 2
"""A rating from which down a conversation is looked at."""


class SqlReviews:
    """``Reviews`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database, keys: DataKeys) -> None:
        self._database = database
        self._keys = keys

    async def talked(self, period: Period) -> Sequence[str]:
        """See ``Reviews``."""
        query = (
            select(message.c.conversation_id)
            .where(message.c.kind == "heard", *_inside(message.c.at, period))
            .distinct()
        )
        return await self._database.read(lambda c: list(c.execute(query).scalars()))

    async def flagged(self, period: Period) -> Mapping[str, frozenset[Reason]]:
        """See ``Reviews``."""
        return await self._database.read(partial(_flagged, period))

    async def put(self, review: Review) -> bool:
        """See ``Reviews``."""
        return await self._database.write(partial(self._put, review))

    async def find(self, conversation: str, week: date) -> Review | None:
        """See ``Reviews``."""
        query = select(review).where(
            review.c.conversation_id == conversation, review.c.week == week.isoformat()
        )
        found = await self._database.read(lambda c: self._read(c, c.execute(query).all()))
        return found[0] if found else None

    async def since(self, week: date, *, agent: str | None = None) -> Sequence[Review]:
        """See ``Reviews``."""
        query = (
            select(review)
            .where(review.c.week >= week.isoformat())
            .order_by(review.c.week.desc(), review.c.at.desc(), review.c.conversation_id)
        )
        if agent is not None:
            query = query.where(review.c.agent == agent)
        return await self._database.read(lambda c: self._read(c, c.execute(query).all()))

    def _put(self, new: Review, connection: Connection) -> bool:
        scope = new.conversation
        known = connection.execute(
            select(conversation.c.id).where(conversation.c.id == scope).with_for_update()
        ).scalar()
        cipher = self._keys.find(connection, {scope}).get(scope)
        if known is None or cipher is None:
            return False
        week = new.week.isoformat()
        connection.execute(
            delete(review).where(review.c.conversation_id == scope, review.c.week == week)
        )
        sealed = cipher.seal(dump_text(new.comment), places.review(scope, week))
        connection.execute(
            insert(review).values(
                conversation_id=scope,
                week=week,
                reviewer=new.reviewer,
                agent=new.agent,
                at=to_micros(new.at),
                scores=json.dumps(dict(new.scores)),
                sealed=sealed,
            )
        )
        return True

    def _read(self, connection: Connection, rows: Sequence[Row[Any]]) -> list[Review]:
        ciphers = self._keys.find(connection, {row.conversation_id for row in rows})
        found = []
        for row in rows:
            cipher = ciphers.get(row.conversation_id)
            try:
                place = places.review(row.conversation_id, row.week)
                comment = cipher.open(row.sealed, place).decode() if cipher else ""
            except UnreadableRecord:
                comment = ""
            found.append(
                Review(
                    row.conversation_id,
                    date.fromisoformat(row.week),
                    row.reviewer,
                    from_micros(row.at),
                    json.loads(row.scores),
                    comment,
                    row.agent,
                )
            )
        return found


def _flagged(period: Period, connection: Connection) -> Mapping[str, frozenset[Reason]]:
    signs: defaultdict[str, set[Reason]] = defaultdict(set)
    rated = select(handover.c.conversation_id).where(
        handover.c.rating <= LOW, *_inside(handover.c.closed_at, period)
    )
    asked = select(question.c.conversation_id).where(
        question.c.helped.is_not(True), *_inside(question.c.at, period)
    )
    returned = (
        select(conversation.c.id)
        .join_from(event, filing)
        .join(conversation, conversation.c.applicant_id == filing.c.applicant_id)
        .where(event.c.type == EventType.RETURNED.value, *_inside(event.c.at, period))
    )
    for reason, query in (
        (Reason.LOW_RATING, rated),
        (Reason.UNANSWERED, asked),
        (Reason.RETURNED, returned),
    ):
        for scope in connection.execute(query.distinct()).scalars():
            signs[scope].add(reason)
    return {scope: frozenset(found) for scope, found in signs.items()}


def _inside(column: Any, period: Period) -> tuple[Any, Any]:
    return column >= to_micros(period.since), column < to_micros(period.until)
