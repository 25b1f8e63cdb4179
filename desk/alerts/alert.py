"""One thing staff have to see to, and whom it is told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlertKind(StrEnum):
    """Why staff are called."""

    WAITING = "waiting"  # an applicant asked for a person
    LATE = "late"  # and has waited longer than the service target
    SILENT = "silent"  # whoever had a conversation fell silent; it is back in the queue
    AT_RISK = "at_risk"  # a deadline ends soon, and the applicant is not reached
    OVERDUE = "overdue"  # a deadline passed
    FAILED = "failed"  # a message could not be handled (dead letter)

    @property
    def is_legal(self) -> bool:
        """Whether a legal clock runs: then it is told at any hour."""
        return self in (AlertKind.AT_RISK, AlertKind.OVERDUE)

    @property
    def is_escalation(self) -> bool:
        """Whether it is for supervisors: somebody should have seen to it already."""
        return self in (AlertKind.LATE, AlertKind.SILENT, AlertKind.OVERDUE)


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to see to. ``key`` makes it exist once; nothing here says who the applicant is."""

    key: str
    kind: AlertKind
    at: datetime  # since when
    filing: str | None = None  # its public id
    conversation: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Which alerts a member of staff wants by e-mail; the address stays out of ``repr``."""

    agent: str  # id of the account
    email: str
    kinds: frozenset[AlertKind]

    def __repr__(self) -> str:
        return f"Choice(agent={self.agent!r}, kinds={sorted(self.kinds)})"


@dataclass(frozen=True, slots=True)
class Ping:
    """An alert on its way to one recipient, leased under a fence."""

    alert: Alert
    channel: str  # "telegram" or "email"
    recipient: str  # an agent's id, or TEAM
    fence: int
    attempt: int


TEAM = "team"
"""The recipient that is nobody alone: the group, or the team's mailbox."""
