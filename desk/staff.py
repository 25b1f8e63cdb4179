"""Support staff and their accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from desk.deeds import Draft
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
    has_factor: bool = False  # a second factor is asked for at every login

    @property
    def shown_as(self) -> str:
        """What applicants and colleagues see."""
        return self.display_name or self.name

    @property
    def colleague(self) -> Colleague:
        """Them as conversations know them."""
        return Colleague(self.id, self.shown_as)


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different about an account; None stays as it is.

    ``ends_sessions``: everybody logged in with it is logged out, as a lost password demands.
    """

    role: Role | None = None
    disabled: bool | None = None
    password_hash: str | None = None
    must_change: bool | None = None
    display_name: str | None = None  # empty: none
    locale: str | None = None
    ends_sessions: bool = False


class NameTaken(Exception):
    """There is an account of that name; the stores raise a kind of this."""


class Agents(Protocol):
    """Staff accounts. Passwords arrive hashed and leave only as hashes.

    ``audit`` is written down in the transaction that changes the account.
    """

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
        """Open an account; raises ``NameTaken``."""
        ...

    async def everyone(self) -> Sequence[Agent]:
        """All accounts by name, disabled ones included."""
        ...

    async def login(self, name: str) -> tuple[Agent, str] | None:
        """An account that may log in, with its password hash; None if unknown or disabled."""
        ...

    async def of_subject(self, subject: str) -> Agent | None:
        """The account of a person of the OpenID Connect provider; None if none or disabled."""
        ...

    async def bind(self, name: str, subject: str) -> bool:
        """Let an account be that of a person of the OpenID Connect provider, for good.

        False if it is another's already.
        """
        ...

    async def change(
        self, name: str, change: Change, *, keep: str | None = None, audit: Draft | None = None
    ) -> None:
        """Change an account; raises ``NoSuchAgent``. Of ended sessions, ``keep`` stays."""
        ...
