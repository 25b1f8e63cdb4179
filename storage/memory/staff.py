"""Staff accounts and their logins in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from secrets import token_hex

from desk.sessions import Session
from desk.staff import Agent, Role
from storage.errors import AgentExists, NoSuchAgent


@dataclass(slots=True)
class StaffMemory:
    """Accounts with their password hashes by name, and logins by id."""

    accounts: dict[str, tuple[Agent, str]] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)


class MemoryAgents:
    """``Agents`` in memory."""

    def __init__(self, memory: StaffMemory) -> None:
        self._memory = memory

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
        if name in self._memory.accounts:
            raise AgentExists(name)
        new = Agent(token_hex(8), name, role, False, now, must_change=must_change)
        self._memory.accounts[name] = (new, password_hash)
        return new

    async def everyone(self) -> Sequence[Agent]:
        """See ``Agents``."""
        return [agent for _, (agent, _) in sorted(self._memory.accounts.items())]

    async def login(self, name: str) -> tuple[Agent, str] | None:
        """See ``Agents``."""
        found = self._memory.accounts.get(name)
        return None if found is None or found[0].disabled else found

    async def disable(self, name: str) -> None:
        """See ``Agents``."""
        agent, password_hash = self._known(name)
        self._memory.accounts[name] = (replace(agent, disabled=True), password_hash)
        sessions = self._memory.sessions
        self._memory.sessions = {k: v for k, v in sessions.items() if v.agent_id != agent.id}

    async def set_password(
        self, name: str, password_hash: str, *, must_change: bool = False
    ) -> None:
        """See ``Agents``."""
        agent, _ = self._known(name)
        self._memory.accounts[name] = (replace(agent, must_change=must_change), password_hash)

    async def set_locale(self, name: str, locale: str) -> None:
        """See ``Agents``."""
        agent, password_hash = self._known(name)
        self._memory.accounts[name] = (replace(agent, locale=locale), password_hash)

    def _known(self, name: str) -> tuple[Agent, str]:
        if name not in self._memory.accounts:
            raise NoSuchAgent(name)
        return self._memory.accounts[name]


class MemorySessions:
    """``Sessions`` in memory."""

    def __init__(self, memory: StaffMemory) -> None:
        self._memory = memory

    async def begin(self, session: Session) -> None:
        """See ``Sessions``."""
        self._memory.sessions[session.id] = session

    async def find(self, session_id: str) -> tuple[Session, Agent] | None:
        """See ``Sessions``."""
        session = self._memory.sessions.get(session_id)
        if session is None:
            return None
        for agent, _ in self._memory.accounts.values():
            if agent.id == session.agent_id and not agent.disabled:
                return session, agent
        return None

    async def seen(self, session_id: str, at: datetime) -> None:
        """See ``Sessions``."""
        if session := self._memory.sessions.get(session_id):
            self._memory.sessions[session_id] = replace(session, seen_at=at)

    async def of(self, agent_id: str) -> Sequence[Session]:
        """See ``Sessions``."""
        mine = [one for one in self._memory.sessions.values() if one.agent_id == agent_id]
        return sorted(mine, key=lambda one: (-one.seen_at.timestamp(), one.id))

    async def end(self, session_id: str) -> None:
        """See ``Sessions``."""
        self._memory.sessions.pop(session_id, None)

    async def end_all(self, agent_id: str, *, but: str | None = None) -> int:
        """See ``Sessions``."""
        gone = [one.id for one in await self.of(agent_id) if one.id != but]
        for one in gone:
            del self._memory.sessions[one]
        return len(gone)

    async def forget(self, idle_since: datetime, begun_before: datetime) -> None:
        """See ``Sessions``."""
        self._memory.sessions = {
            key: one
            for key, one in self._memory.sessions.items()
            if one.seen_at > idle_since and one.begun_at > begun_before
        }
