"""Consents to one-time notices on a database: a row each, spent once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from secrets import token_hex

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from scheduler.notices import NoticeConsent
from storage.engine import Database
from storage.instant import to_micros
from storage.tables import notice_consent


class SqlNoticeConsents:
    """``NoticeConsents`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        dialect = postgresql if database.dialect.name == "postgresql" else sqlite
        self._keep = dialect.insert(notice_consent).on_conflict_do_nothing()

    async def granted(self, person: str, template_id: str, key: str, at: datetime) -> None:
        """See ``NoticeConsents``."""
        row = {
            "id": token_hex(10),
            "person": person,
            "template_id": template_id,
            "key": key,
            "at": to_micros(at),
        }
        await self._database.write(lambda connection: connection.execute(self._keep, row))

    async def spend(
        self, person: str, template_ids: Sequence[str], outgoing_id: str, now: datetime
    ) -> NoticeConsent | None:
        """See ``NoticeConsents``."""
        mine = select(notice_consent.c.id, notice_consent.c.template_id).where(
            notice_consent.c.person == person, notice_consent.c.template_id.in_(template_ids)
        )

        def work(connection: Connection) -> NoticeConsent | None:
            taken = connection.execute(mine.where(notice_consent.c.outgoing_id == outgoing_id))
            if (row := taken.first()) is not None:
                return NoticeConsent(row.id, row.template_id, was_taken=True)
            unspent = mine.where(notice_consent.c.spent_at.is_(None)).order_by(
                notice_consent.c.at, notice_consent.c.id
            )
            rows = connection.execute(unspent.with_for_update(skip_locked=True)).all()
            if not rows:
                return None
            row = min(rows, key=lambda one: template_ids.index(one.template_id))
            connection.execute(
                update(notice_consent)
                .where(notice_consent.c.id == row.id)
                .values(spent_at=to_micros(now), outgoing_id=outgoing_id)
            )
            return NoticeConsent(row.id, row.template_id)

        return await self._database.write(work)

    async def give_back(self, consent_id: str) -> None:
        """See ``NoticeConsents``."""
        back = (
            update(notice_consent)
            .where(notice_consent.c.id == consent_id)
            .values(spent_at=None, outgoing_id=None)
        )
        await self._database.write(lambda connection: connection.execute(back))

    async def void(self, person: str, template_id: str) -> None:
        """See ``NoticeConsents``."""
        gone = delete(notice_consent).where(
            notice_consent.c.person == person,
            notice_consent.c.template_id == template_id,
            notice_consent.c.spent_at.is_(None),
        )
        await self._database.write(lambda connection: connection.execute(gone))

    async def left(self, persons: Sequence[str]) -> Mapping[str, int]:
        """See ``NoticeConsents``."""
        query = (
            select(notice_consent.c.person, func.count().label("given"))
            .where(notice_consent.c.person.in_(persons), notice_consent.c.spent_at.is_(None))
            .group_by(notice_consent.c.person)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return {row.person: row.given for row in rows}
