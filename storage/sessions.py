"""Logins of support staff."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Insert, Row, delete, insert, or_, select, update

from desk.sessions import Session
from desk.staff import Agent
from storage.agents import PUBLIC, agent_of
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.tables import agent, agent_session


class SqlSessions:
    """``Sessions`` in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, session: Session) -> None:
        """See ``Sessions``."""
        await self._database.write(lambda connection: connection.execute(_insert(session)))

    async def replace(self, session_id: str, session: Session) -> None:
        """See ``Sessions``."""
        gone = delete(agent_session).where(agent_session.c.id == session_id)

        def work(connection: Connection) -> None:
            connection.execute(gone)
            connection.execute(_insert(session))

        await self._database.write(work)

    async def find(self, session_id: str) -> tuple[Session, Agent] | None:
        """See ``Sessions``."""
        query = (
            select(*PUBLIC, *_SESSION)
            .join(agent, agent.c.id == agent_session.c.agent_id)
            .where(agent_session.c.id == session_id, agent.c.disabled.is_(False))
        )
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else (_session_of(row), agent_of(row))

    async def seen(self, session_id: str, at: datetime) -> None:
        """See ``Sessions``."""
        change = (
            update(agent_session)
            .where(agent_session.c.id == session_id)
            .values(seen_at=to_micros(at))
        )
        await self._database.write(lambda connection: connection.execute(change))

    async def of(self, agent_id: str) -> Sequence[Session]:
        """See ``Sessions``."""
        query = (
            select(*_SESSION)
            .where(agent_session.c.agent_id == agent_id)
            .order_by(agent_session.c.seen_at.desc(), agent_session.c.id)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_session_of(row) for row in rows]

    async def end(self, session_id: str) -> None:
        """See ``Sessions``."""
        gone = delete(agent_session).where(agent_session.c.id == session_id)
        await self._database.write(lambda connection: connection.execute(gone))

    async def end_all(self, agent_id: str, *, but: str | None = None) -> int:
        """See ``Sessions``."""
        gone = delete(agent_session).where(agent_session.c.agent_id == agent_id)
        if but is not None:
            gone = gone.where(agent_session.c.id != but)
        return await self._database.write(lambda connection: connection.execute(gone).rowcount)

    async def forget(self, idle_since: datetime, begun_before: datetime) -> None:
        """See ``Sessions``."""
        gone = delete(agent_session).where(
            or_(
                agent_session.c.seen_at <= to_micros(idle_since),
                agent_session.c.begun_at <= to_micros(begun_before),
            )
        )
        await self._database.write(lambda connection: connection.execute(gone))


_SESSION = (
    agent_session.c.id.label("session_id"),
    agent_session.c.agent_id,
    agent_session.c.begun_at,
    agent_session.c.seen_at,
    agent_session.c.proven_at,
    agent_session.c.address,
    agent_session.c.browser,
    agent_session.c.factor_due,
)


def _insert(session: Session) -> Insert:
    return insert(agent_session).values(
        id=session.id,
        agent_id=session.agent_id,
        begun_at=to_micros(session.begun_at),
        seen_at=to_micros(session.seen_at),
        proven_at=to_micros(session.proven_at),
        address=session.address,
        browser=session.browser,
        factor_due=session.factor_due,
    )


def _session_of(row: Row[*tuple[Any, ...]]) -> Session:
    return Session(
        row.session_id,
        row.agent_id,
        from_micros(row.begun_at),
        from_micros(row.seen_at),
        from_micros(row.proven_at),
        row.address,
        row.browser,
        row.factor_due,
    )
