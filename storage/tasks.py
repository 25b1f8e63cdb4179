"""Tasks of staff: the assistant's own and those set by hand, whose words are sealed."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from secrets import token_hex

from sqlalchemy import Connection, Select, insert, select, update

from desk.tasks import BY_HAND, Task
from storage import places
from storage.codec import dump_text
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.keys import DataKeys
from storage.tables import filing, staff_task


class SqlTasks:
    """``Tasks`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database, keys: DataKeys) -> None:
        self._database = database
        self._keys = keys

    async def add(
        self,
        filing_id: str,
        text: str,
        author: str,
        now: datetime,
        *,
        assignee: str | None = None,
        due_at: datetime | None = None,
    ) -> Task | None:
        """See ``Tasks``."""
        key = f"{BY_HAND}:{token_hex(8)}"
        task = Task(
            key,
            filing_id,
            BY_HAND,
            now,
            text=text,
            author=author,
            assignee=assignee,
            due_at=due_at,
        )

        def work(connection: Connection) -> Task | None:
            known = connection.execute(select(filing.c.id).where(filing.c.id == filing_id)).first()
            if known is None:
                return None
            cipher = self._keys.load(connection, [filing_id])[filing_id]
            connection.execute(
                insert(staff_task).values(
                    key=key,
                    filing_id=filing_id,
                    kind=BY_HAND,
                    note="",
                    at=to_micros(now),
                    sealed=cipher.seal(dump_text(text), places.task(key)),
                    due_at=None if due_at is None else to_micros(due_at),
                    author=author,
                    assignee=assignee,
                )
            )
            return task

        return await self._database.write(work)

    async def of_filing(self, filing_id: str) -> Sequence[Task]:
        """See ``Tasks``."""
        query = (
            select(staff_task)
            .where(staff_task.c.filing_id == filing_id)
            .order_by(staff_task.c.done_at.is_not(None), staff_task.c.at, staff_task.c.key)
        )
        return await self._database.read(partial(self._read, query))

    async def open(self, limit: int = 200, *, assignee: str | None = None) -> Sequence[Task]:
        """See ``Tasks``."""
        query = select(staff_task).where(staff_task.c.done_at.is_(None))
        if assignee is not None:
            query = query.where(staff_task.c.assignee == assignee)
        query = query.order_by(staff_task.c.at, staff_task.c.key).limit(limit)
        return await self._database.read(partial(self._read, query))

    async def assign(self, key: str, assignee: str | None) -> bool:
        """See ``Tasks``."""
        return await self._change(key, assignee=assignee)

    async def finish(self, key: str, who: str, now: datetime) -> bool:
        """See ``Tasks``."""
        return await self._change(key, done_at=to_micros(now), done_by=who)

    async def _change(self, key: str, **values: object) -> bool:
        changed = (
            update(staff_task)
            .where(staff_task.c.key == key, staff_task.c.done_at.is_(None))
            .values(**values)
        )
        return await self._database.write(lambda c: c.execute(changed).rowcount == 1)

    def _read(self, query: "Select[tuple[object, ...]]", connection: Connection) -> list[Task]:
        rows = connection.execute(query).all()
        sealed = {row.filing_id for row in rows if row.sealed is not None}
        ciphers = self._keys.load(connection, sealed)
        return [
            Task(
                row.key,
                row.filing_id,
                row.kind,
                from_micros(row.at),
                row.deadline,
                row.note,
                ""
                if row.sealed is None
                else ciphers[row.filing_id].open(row.sealed, places.task(row.key)).decode(),
                _moment(row.due_at),
                row.author,
                row.assignee,
                _moment(row.done_at),
                row.done_by,
            )
            for row in rows
        ]


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
