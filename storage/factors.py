"""Second factors and login attempts of support staff."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update

from desk.attempts import Quota
from desk.deeds import Draft
from storage import places
from storage.audit import AuditTrail
from storage.crypto import MasterKey
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.tables import agent, agent_recovery, login_attempt

_COUNTING = 0xBE1C  # an advisory lock's number, the same in all processes
_KEPT: Final = timedelta(days=1)  # attempts count no longer than that under any quota


class SqlFactors:
    """``Factors`` in the database, secrets sealed with the master key."""

    def __init__(self, database: Database, master: MasterKey, trail: AuditTrail) -> None:
        self._database = database
        self._master = master
        self._trail = trail

    async def secret(self, agent_id: str) -> str | None:
        """See ``Factors``."""
        query = select(agent.c.factor).where(agent.c.id == agent_id)
        sealed = await self._database.read(lambda connection: connection.execute(query).scalar())
        if sealed is None:
            return None
        return self._master.staff_secrets.open(sealed, places.factor(agent_id)).decode()

    async def enrol(
        self, agent_id: str, secret: str, digests: frozenset[str], step: int, audit: Draft
    ) -> None:
        """See ``Factors``."""
        sealed = self._master.staff_secrets.seal(secret.encode(), places.factor(agent_id))
        codes = [{"agent_id": agent_id, "digest": digest} for digest in sorted(digests)]

        def work(connection: Connection) -> None:
            _set(connection, agent_id, factor=sealed, factor_step=step)
            connection.execute(delete(agent_recovery).where(agent_recovery.c.agent_id == agent_id))
            connection.execute(insert(agent_recovery), codes)
            self._trail.append(connection, audit)

        await self._database.write(work)

    async def use_step(self, agent_id: str, step: int) -> bool:
        """See ``Factors``."""
        use = (
            update(agent)
            .where(
                agent.c.id == agent_id,
                agent.c.factor.is_not(None),
                agent.c.factor_step < step,
            )
            .values(factor_step=step)
        )
        return await self._written(lambda connection: connection.execute(use).rowcount == 1)

    async def use_recovery(self, agent_id: str, digest: str, audit: Draft) -> bool:
        """See ``Factors``."""
        use = delete(agent_recovery).where(
            agent_recovery.c.agent_id == agent_id, agent_recovery.c.digest == digest
        )

        def work(connection: Connection) -> bool:
            if connection.execute(use).rowcount != 1:
                return False
            self._trail.append(connection, audit)
            return True

        return await self._written(work)

    async def codes_left(self, agent_id: str) -> int:
        """See ``Factors``."""
        query = select(func.count()).where(agent_recovery.c.agent_id == agent_id)
        return await self._database.read(lambda connection: connection.execute(query).scalar_one())

    async def remove(self, agent_id: str, audit: Draft) -> None:
        """See ``Factors``."""

        def work(connection: Connection) -> None:
            _set(connection, agent_id, factor=None, factor_step=None)
            connection.execute(delete(agent_recovery).where(agent_recovery.c.agent_id == agent_id))
            self._trail.append(connection, audit)

        await self._database.write(work)

    async def _written(self, work: Callable[[Connection], bool]) -> bool:
        return await self._database.write(work)


class SqlAttempts:
    """``Attempts`` in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, quotas: Sequence[Quota], now: datetime) -> timedelta | None:
        """See ``Attempts``."""

        def work(connection: Connection) -> timedelta | None:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_COUNTING)))
            old = delete(login_attempt).where(login_attempt.c.at < to_micros(now - _KEPT))
            connection.execute(old)
            waits = [_wait(connection, quota, now) for quota in quotas]
            if (longest := max(waits)) > timedelta(0):
                return longest
            rows = [{"key": quota.key, "at": to_micros(now)} for quota in quotas]
            connection.execute(insert(login_attempt), rows)
            return None

        return await self._database.write(work)

    async def forgive(self, quotas: Sequence[Quota], now: datetime) -> None:
        """See ``Attempts``."""

        def work(connection: Connection) -> None:
            for quota in quotas:
                one = (
                    select(login_attempt.c.n)
                    .where(login_attempt.c.key == quota.key, login_attempt.c.at == to_micros(now))
                    .limit(1)
                    .scalar_subquery()
                )
                connection.execute(delete(login_attempt).where(login_attempt.c.n == one))

        await self._database.write(work)


def _wait(connection: Connection, quota: Quota, now: datetime) -> timedelta:
    """How long until one more is allowed."""
    query = (
        select(login_attempt.c.at)
        .where(
            login_attempt.c.key == quota.key,
            login_attempt.c.at > to_micros(now - quota.window),
        )
        .order_by(login_attempt.c.at.desc())
        .offset(quota.most - 1)
        .limit(1)
    )
    oldest = connection.execute(query).scalar()
    return timedelta(0) if oldest is None else from_micros(oldest) + quota.window - now


def _set(connection: Connection, agent_id: str, **values: object) -> None:
    connection.execute(update(agent).where(agent.c.id == agent_id).values(**values))
