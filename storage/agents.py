"""Accounts of support staff."""

from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from desk.deeds import Draft
from desk.staff import Agent, Change, Role
from storage.audit import AuditTrail
from storage.engine import Database
from storage.errors import AgentExists, NoSuchAgent
from storage.instant import from_micros, to_micros
from storage.tables import agent, agent_session


class SqlAgents:
    """``Agents`` in the database."""

    def __init__(self, database: Database, trail: AuditTrail) -> None:
        self._database = database
        self._trail = trail

    async def add(
        self,
        name: str,
        role: Role,
        password_hash: str,
        now: datetime,
        *,
        must_change: bool = False,
        audit: Draft | None = None,
    ) -> Agent:
        """See ``Agents``."""
        new = Agent(token_hex(8), name, role, False, now, must_change=must_change)
        row = insert(agent).values(
            id=new.id,
            name=name,
            role=role.value,
            password_hash=password_hash,
            disabled=False,
            created_at=to_micros(now),
            must_change=must_change,
        )

        def work(connection: Connection) -> None:
            connection.execute(row)
            self._note(connection, audit)

        try:
            await self._database.write(work)
        except IntegrityError:
            raise AgentExists(name) from None
        return new

    async def everyone(self) -> Sequence[Agent]:
        """See ``Agents``."""
        query = select(*PUBLIC).order_by(agent.c.name)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [agent_of(row) for row in rows]

    async def login(self, name: str) -> tuple[Agent, str] | None:
        """See ``Agents``."""
        query = select(*PUBLIC, agent.c.password_hash).where(
            agent.c.name == name, agent.c.disabled.is_(False)
        )
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else (agent_of(row), row.password_hash)

    async def of_subject(self, subject: str) -> Agent | None:
        """See ``Agents``."""
        query = select(*PUBLIC).where(agent.c.subject == subject, agent.c.disabled.is_(False))
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else agent_of(row)

    async def bind(self, name: str, subject: str) -> bool:
        """See ``Agents``."""
        free = or_(agent.c.subject.is_(None), agent.c.subject == subject)
        binding = update(agent).where(agent.c.name == name, free).values(subject=subject)
        bound = await self._database.write(lambda connection: connection.execute(binding).rowcount)
        return bound == 1

    async def change(
        self, name: str, change: Change, *, keep: str | None = None, audit: Draft | None = None
    ) -> None:
        """See ``Agents``."""
        named = (
            ("role", None if change.role is None else change.role.value),
            ("disabled", change.disabled),
            ("password_hash", change.password_hash),
            ("must_change", change.must_change),
            ("display_name", change.display_name),
            ("locale", change.locale),
        )
        values = {column: value for column, value in named if value is not None}

        def work(connection: Connection) -> None:
            changed = update(agent).where(agent.c.name == name)
            # With nothing else to change, the name alone tells whether there is such an account.
            if not connection.execute(changed.values(name=name, **values)).rowcount:
                raise NoSuchAgent(name)
            if change.ends_sessions:
                mine = select(agent.c.id).where(agent.c.name == name).scalar_subquery()
                gone = delete(agent_session).where(agent_session.c.agent_id == mine)
                connection.execute(gone.where(agent_session.c.id != (keep or "")))
            self._note(connection, audit)

        await self._database.write(work)

    def _note(self, connection: Connection, audit: Draft | None) -> None:
        if audit is not None:
            self._trail.append(connection, audit)


PUBLIC = (
    agent.c.id,
    agent.c.name,
    agent.c.role,
    agent.c.disabled,
    agent.c.created_at,
    agent.c.display_name,
    agent.c.locale,
    agent.c.must_change,
    agent.c.factor.is_not(None).label("has_factor"),
)
"""The columns of an account that may leave the store."""


def agent_of(row: Row[*tuple[Any, ...]]) -> Agent:
    """The account in a row that has the ``PUBLIC`` columns."""
    return Agent(
        row.id,
        row.name,
        Role(row.role),
        row.disabled,
        from_micros(row.created_at),
        row.display_name or None,
        row.locale,
        row.must_change,
        row.has_factor,
    )
