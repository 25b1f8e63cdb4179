"""Staff accounts, their logins and the audit trail in memory."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from desk.attempts import Quota
from desk.audit import BEGINNING, Entry, Verdict, Verifier, Wanted, draft_of, mac_of
from desk.deeds import Deed, Draft
from desk.sessions import Session
from desk.staff import Agent, Change, Role
from storage.errors import AgentExists, NoSuchAgent


@dataclass(slots=True)
class StaffMemory:
    """Accounts with their password hashes by name, and what belongs to them by their id."""

    clock: Callable[[], datetime]
    accounts: dict[str, tuple[Agent, str]] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)  # name by subject
    sessions: dict[str, Session] = field(default_factory=dict)
    factors: dict[str, tuple[str, int, set[str]]] = field(default_factory=dict)
    attempts: list[tuple[str, datetime]] = field(default_factory=list)
    trail: list[Entry] = field(default_factory=list)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def note(self, draft: Draft | None) -> None:
        """Add to the trail."""
        if draft is None:
            return
        n = len(self.trail) + 1
        at = self.clock()
        previous = self.trail[-1].mac if self.trail else BEGINNING
        self.trail.append(Entry(n, at, draft, mac_of(self.key, previous, n, at, draft)))

    def shown(self, agent: Agent) -> Agent:
        """The account as it stands, with what follows from its second factor."""
        return replace(agent, has_factor=agent.id in self.factors)


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
        audit: Draft | None = None,
    ) -> Agent:
        """See ``Agents``."""
        if name in self._memory.accounts:
            raise AgentExists(name)
        new = Agent(secrets.token_hex(8), name, role, False, now, must_change=must_change)
        self._memory.accounts[name] = (new, password_hash)
        self._memory.note(audit)
        return new

    async def everyone(self) -> Sequence[Agent]:
        """See ``Agents``."""
        shown = self._memory.shown
        return [shown(agent) for _, (agent, _) in sorted(self._memory.accounts.items())]

    async def login(self, name: str) -> tuple[Agent, str] | None:
        """See ``Agents``."""
        found = self._memory.accounts.get(name)
        if found is None or found[0].disabled:
            return None
        return self._memory.shown(found[0]), found[1]

    async def of_subject(self, subject: str) -> Agent | None:
        """See ``Agents``."""
        name = self._memory.subjects.get(subject)
        found = None if name is None else await self.login(name)
        return None if found is None else found[0]

    async def bind(self, name: str, subject: str) -> bool:
        """See ``Agents``."""
        theirs = {kept for kept, owner in self._memory.subjects.items() if owner == name}
        if name not in self._memory.accounts or not theirs <= {subject}:
            return False
        self._memory.subjects[subject] = name
        return True

    async def change(
        self, name: str, change: Change, *, keep: str | None = None, audit: Draft | None = None
    ) -> None:
        """See ``Agents``."""
        memory = self._memory
        if name not in memory.accounts:
            raise NoSuchAgent(name)
        agent, password_hash = memory.accounts[name]
        changed = replace(
            agent,
            role=change.role or agent.role,
            disabled=agent.disabled if change.disabled is None else change.disabled,
            must_change=agent.must_change if change.must_change is None else change.must_change,
            display_name=(
                agent.display_name if change.display_name is None else change.display_name or None
            ),
            locale=change.locale or agent.locale,
        )
        memory.accounts[name] = (changed, change.password_hash or password_hash)
        if change.ends_sessions:
            memory.sessions = {
                key: one
                for key, one in memory.sessions.items()
                if one.agent_id != agent.id or key == keep
            }
        memory.note(audit)


class MemorySessions:
    """``Sessions`` in memory."""

    def __init__(self, memory: StaffMemory) -> None:
        self._memory = memory

    async def begin(self, session: Session) -> None:
        """See ``Sessions``."""
        self._memory.sessions[session.id] = session

    async def replace(self, session_id: str, session: Session) -> None:
        """See ``Sessions``."""
        self._memory.sessions.pop(session_id, None)
        self._memory.sessions[session.id] = session

    async def find(self, session_id: str) -> tuple[Session, Agent] | None:
        """See ``Sessions``."""
        session = self._memory.sessions.get(session_id)
        if session is None:
            return None
        for agent, _ in self._memory.accounts.values():
            if agent.id == session.agent_id and not agent.disabled:
                return session, self._memory.shown(agent)
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


class MemoryFactors:
    """``Factors`` in memory."""

    def __init__(self, memory: StaffMemory) -> None:
        self._memory = memory

    async def secret(self, agent_id: str) -> str | None:
        """See ``Factors``."""
        found = self._memory.factors.get(agent_id)
        return None if found is None else found[0]

    async def enrol(
        self, agent_id: str, secret: str, digests: frozenset[str], step: int, audit: Draft
    ) -> None:
        """See ``Factors``."""
        self._memory.factors[agent_id] = (secret, step, set(digests))
        self._memory.note(audit)

    async def use_step(self, agent_id: str, step: int) -> bool:
        """See ``Factors``."""
        found = self._memory.factors.get(agent_id)
        if found is None or found[1] >= step:
            return False
        self._memory.factors[agent_id] = (found[0], step, found[2])
        return True

    async def use_recovery(self, agent_id: str, digest: str, audit: Draft) -> bool:
        """See ``Factors``."""
        found = self._memory.factors.get(agent_id)
        if found is None or digest not in found[2]:
            return False
        found[2].remove(digest)
        self._memory.note(audit)
        return True

    async def codes_left(self, agent_id: str) -> int:
        """See ``Factors``."""
        found = self._memory.factors.get(agent_id)
        return 0 if found is None else len(found[2])

    async def remove(self, agent_id: str, audit: Draft) -> None:
        """See ``Factors``."""
        self._memory.factors.pop(agent_id, None)
        self._memory.note(audit)


class MemoryAttempts:
    """``Attempts`` in memory."""

    def __init__(self, memory: StaffMemory) -> None:
        self._memory = memory

    async def begin(self, quotas: Sequence[Quota], now: datetime) -> timedelta | None:
        """See ``Attempts``."""
        waits = [self._wait(quota, now) for quota in quotas]
        if (longest := max(waits)) > timedelta(0):
            return longest
        self._memory.attempts += [(quota.key, now) for quota in quotas]
        return None

    async def forgive(self, quotas: Sequence[Quota], now: datetime) -> None:
        """See ``Attempts``."""
        for quota in quotas:
            if (quota.key, now) in self._memory.attempts:
                self._memory.attempts.remove((quota.key, now))

    def _wait(self, quota: Quota, now: datetime) -> timedelta:
        past = sorted(
            at for key, at in self._memory.attempts if key == quota.key and at > now - quota.window
        )
        return timedelta(0) if len(past) < quota.most else past[-quota.most] + quota.window - now


class MemoryAudit:
    """``Audit`` in memory."""

    def __init__(self, memory: StaffMemory) -> None:
        self._memory = memory

    async def record(
        self,
        agent: Agent | None,
        action: Deed,
        object: str = "",  # noqa: A002 - the trail's own word
        detail: Mapping[str, str] | None = None,
    ) -> None:
        """See ``Audit``."""
        self._memory.note(draft_of(agent, action, object, detail))

    async def entries(
        self, wanted: Wanted, *, before: int | None = None, limit: int = 100
    ) -> Sequence[Entry]:
        """See ``Audit``."""
        found = [
            entry
            for entry in reversed(self._memory.trail)
            if (before is None or entry.n < before) and wanted.holds(entry)
        ]
        return found[:limit]

    async def verify(self, head: bytes | None = None) -> Verdict:
        """See ``Audit``."""
        verifier = Verifier(self._memory.key, head)
        for entry in self._memory.trail:
            verifier.see(entry)
        return verifier.verdict()
