"""Support staff and their accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from dialogs.case import Colleague


class Role(StrEnum):
    """What a member of staff may do; each includes the ones before it."""

    AGENT = "agent"  # talk to applicants
    SUPERVISOR = "supervisor"  # also assign and review
    ADMIN = "admin"  # also manage accounts

    @property
    def rank(self) -> int:
        """The more one may do, the higher."""
        return tuple(Role).index(self)


@dataclass(frozen=True, slots=True)
class Agent:
    """客服: one member of staff. ``name`` is what they log in with."""

    id: str
    name: str
    role: Role
    disabled: bool
    created_at: datetime
    display_name: str | None = None  # what applicants see instead of the name
    locale: str | None = None  # language of the desk, if chosen
    must_change: bool = False  # the password was given, not chosen: it works once

    @property
    def shown_as(self) -> str:
        """What applicants and colleagues see."""
        return self.display_name or self.name

    @property
    def colleague(self) -> Colleague:
        """Them as conversations know them."""
        return Colleague(self.id, self.shown_as)


class Agents(Protocol):
    """Staff accounts. Passwords arrive hashed and leave only as hashes."""

    async def add(
        self,
        name: str,
        role: Role,
        password_hash: str,
        now: datetime,
        *,
        must_change: bool = False,
    ) -> Agent:
        """Open an account; raises ``AgentExists`` if the name is taken."""
        ...

    async def everyone(self) -> Sequence[Agent]:
        """All accounts by name, disabled ones included."""
        ...

    async def login(self, name: str) -> tuple[Agent, str] | None:
        """An account that may log in, with its password hash; None if unknown or disabled."""
        ...

    async def disable(self, name: str) -> None:
        """Take access away and end every session; raises ``NoSuchAgent``."""
        ...

    async def set_password(
        self, name: str, password_hash: str, *, must_change: bool = False
    ) -> None:
        """Replace the password's hash; raises ``NoSuchAgent``."""
        ...

    async def set_locale(self, name: str, locale: str) -> None:
        """The language the desk speaks to this person; raises ``NoSuchAgent``."""
        ...
