"""What several processes share: who does something alone, and how fast all of them may go."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.tables import lease, pace
from storage.turnback import FAR

_MICROSECOND: Final = timedelta(microseconds=1)


class SqlLeases:
    """``Leases`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = _inserting(database)

    async def take(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """See ``Leases``."""
        new = self._insert(lease).values(name=name, holder=holder, until=to_micros(now))
        taken = (
            update(lease)
            .where(
                lease.c.name == name,
                or_(
                    lease.c.holder == holder,
                    lease.c.until <= to_micros(now),
                    lease.c.until > to_micros(until + (until - now)),  # the clock was put back
                ),
            )
            .values(holder=holder, until=to_micros(until))
        )

        def work(connection: Connection) -> bool:
            connection.execute(new.on_conflict_do_nothing())
            return connection.execute(taken).rowcount == 1

        return await self._database.write(work)

    async def release(self, name: str, holder: str) -> None:
        """See ``Leases``."""
        ended = update(lease).where(lease.c.name == name, lease.c.holder == holder).values(until=0)
        await self._database.write(lambda connection: connection.execute(ended))


class SqlPaces:
    """``Paces`` on PostgreSQL; where one process has the database for itself there are none."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = _inserting(database)
        self.is_shared = database.dialect.name == "postgresql"

    async def reserve(
        self,
        name: str,
        count: int,
        apart: timedelta,
        burst: timedelta,
        now: datetime,
        left: timedelta = timedelta(0),
    ) -> datetime | None:
        """See ``Paces``."""
        latest = to_micros(now - left) if left else None
        work = partial(self._reserve, name, count * apart, now, burst, latest)
        return await self._database.write(work)

    def _reserve(
        self,
        name: str,
        length: timedelta,
        now: datetime,
        burst: timedelta,
        latest: int | None,
        connection: Connection,
    ) -> datetime | None:
        earliest = to_micros(now - burst)
        new = self._insert(pace).values(name=name, free_at=earliest)
        connection.execute(new.on_conflict_do_nothing())
        begins = connection.execute(
            pace.select().where(pace.c.name == name).with_for_update()
        ).one()
        is_sound = begins.free_at < to_micros(now + FAR) + 10 * (length // _MICROSECOND)
        # Else the clock was put back.
        start = max(begins.free_at, earliest) if is_sound else earliest
        ends = start + length // _MICROSECOND
        if latest is not None and ends > latest:
            return None
        connection.execute(update(pace).where(pace.c.name == name).values(free_at=ends))
        return from_micros(start)


def _inserting(database: Database) -> Callable[..., postgresql.Insert | sqlite.Insert]:
    return postgresql.insert if database.dialect.name == "postgresql" else sqlite.insert
