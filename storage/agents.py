"""Accounts of support staff."""

from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from desk.staff import Agent, Role
from storage.engine import Database
from storage.errors import AgentExists, NoSuchAgent
from storage.instant import from_micros, to_micros
from storage.tables import agent, agent_session


class SqlAgents:
    """``Agents`` in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        name: str,
        role: Role,
        password_hash: str,
        now: datetime,
        *,
        must_change: bool = False,
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
        try:
            await self._database.write(lambda connection: connection.execute(row))
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

    async def disable(self, name: str) -> None:
        """See ``Agents``."""

        def work(connection: Connection) -> None:
            _change(connection, name, disabled=True)
            mine = select(agent.c.id).where(agent.c.name == name).scalar_subquery()
            connection.execute(delete(agent_session).where(agent_session.c.agent_id == mine))

        await self._database.write(work)

    async def set_password(
        self, name: str, password_hash: str, *, must_change: bool = False
    ) -> None:
        """See ``Agents``."""
        await self._database.write(
            lambda connection: _change(
                connection, name, password_hash=password_hash, must_change=must_change
            )
        )

    async def set_locale(self, name: str, locale: str) -> None:
        """See ``Agents``."""
        await self._database.write(lambda connection: _change(connection, name, locale=locale))


PUBLIC = (
    agent.c.id,
    agent.c.name,
    agent.c.role,
    agent.c.disabled,
    agent.c.created_at,
    agent.c.display_name,
    agent.c.locale,
    agent.c.must_change,
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
        row.display_name,
        row.locale,
        row.must_change,
    )


def _change(connection: Connection, name: str, **values: object) -> None:
    change = update(agent).where(agent.c.name == name).values(**values)
    if not connection.execute(change).rowcount:
        raise NoSuchAgent(name)
