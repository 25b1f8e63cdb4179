"""Who of the staff is here, what they hold, and how busy that makes them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from desk.docket import Docket
from desk.sessions import Session
from desk.staff import Agent, Role

ONLINE: Final = timedelta(minutes=5)
"""Whoever used the desk within this time is here."""


@dataclass(frozen=True, slots=True)
class Member:
    """A colleague now. ``held`` are the conversations they have, the longest held first.

    ``owes`` counts those in which an applicant waits for their answer.
    """

    agent: Agent
    seen_at: datetime | None
    is_online: bool
    held: tuple[Docket, ...]
    owes: int
    capacity: int

    @property
    def load(self) -> float:
        """The share of what one colleague can look after; over 1 is too much."""
        return len(self.held) / self.capacity


@dataclass(frozen=True, slots=True)
class Team:
    """Everybody who may take conversations, those who are here first; and who still waits."""

    members: tuple[Member, ...]
    waiting: tuple[Docket, ...]  # for a person, the longest first

    @property
    def online(self) -> int:
        """How many are here."""
        return sum(one.is_online for one in self.members)

    @property
    def free(self) -> int:
        """How many more conversations those who are here can take."""
        return sum(max(0, one.capacity - len(one.held)) for one in self.members if one.is_online)


def team_now(
    agents: Iterable[Agent],
    sessions: Iterable[Session],
    dockets: Collection[Docket],
    capacity: int,
    now: datetime,
) -> Team:
    """The team at a moment. Admins count once they hold something or are here."""
    seen: dict[str, datetime] = {}
    for session in sessions:
        seen[session.agent_id] = max(seen.get(session.agent_id, session.seen_at), session.seen_at)
    held: dict[str, list[Docket]] = {}
    for docket in dockets:
        if docket.holder is not None:
            held.setdefault(docket.holder.agent, []).append(docket)
    members = []
    for agent in agents:
        theirs = sorted(held.get(agent.id, ()), key=lambda one: _since(one, now))
        at = seen.get(agent.id)
        online = at is not None and now - at < ONLINE
        if agent.disabled and not theirs:
            continue
        if agent.role is Role.ADMIN and not theirs and not online:
            continue
        owes = sum(one.unanswered_since is not None for one in theirs)
        members.append(Member(agent, at, online, tuple(theirs), owes, capacity))
    members.sort(key=lambda one: (not one.is_online, -len(one.held), one.agent.name))
    waiting = (one for one in dockets if one.waiting_since is not None and one.holder is None)
    return Team(tuple(members), tuple(sorted(waiting, key=lambda one: one.waiting_since or now)))


def _since(docket: Docket, now: datetime) -> datetime:
    return docket.holder.since if docket.holder is not None else now
