"""Accounts of support staff."""

from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.engine import Database
from storage.errors import AgentExists, NoSuchAgent
from storage.instant import from_micros, to_micros
from storage.ports import Agent, Role
from storage.tables import agent


class SqlAgents:
    """Staff accounts. Passwords arrive hashed (Argon2) and leave only as hashes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, name: str, role: Role, password_hash: str, now: datetime) -> Agent:
        """Open an account; raises ``AgentExists`` if the name is taken."""
        new = Agent(token_hex(8), name, role, disabled=False, created_at=now)
        row = insert(agent).values(
            id=new.id,
            name=name,
            role=role.value,
            password_hash=password_hash,
            disabled=False,
            created_at=to_micros(now),
        )
        try:
            await self._database.write(lambda connection: connection.execute(row))
        except IntegrityError:
            raise AgentExists(name) from None
        return new

    async def everyone(self) -> Sequence[Agent]:
        """All accounts by name, disabled ones included."""
        query = select(*_PUBLIC).order_by(agent.c.name)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [
            Agent(row.id, row.name, Role(row.role), row.disabled, from_micros(row.created_at))
            for row in rows
        ]

    async def login(self, name: str) -> tuple[Agent, str] | None:
        """An account that may log in, with its password hash; None if unknown or disabled."""
        query = select(*_PUBLIC, agent.c.password_hash).where(
            agent.c.name == name, agent.c.disabled.is_(False)
        )
        row = await self._database.read(lambda connection: connection.execute(query).first())
        if row is None:
            return None
        found = Agent(row.id, row.name, Role(row.role), row.disabled, from_micros(row.created_at))
        return found, row.password_hash

    async def disable(self, name: str) -> None:
        """Take access away; raises ``NoSuchAgent``."""
        await self._change(name, disabled=True)

    async def set_password(self, name: str, password_hash: str) -> None:
        """Replace the password's hash; raises ``NoSuchAgent``."""
        await self._change(name, password_hash=password_hash)

    async def _change(self, name: str, **values: object) -> None:
        change = update(agent).where(agent.c.name == name).values(**values)
        changed = await self._database.write(lambda connection: connection.execute(change).rowcount)
        if not changed:
            raise NoSuchAgent(name)


_PUBLIC = (agent.c.id, agent.c.name, agent.c.role, agent.c.disabled, agent.c.created_at)
