"""Who is logged in: a random token in the browser, its hash in the database."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from desk.staff import Agent

IDLE: Final = timedelta(minutes=30)
"""A session nobody used for so long is over."""

HALF: Final = timedelta(minutes=5)
"""So long a login may stand between the password and the second factor."""

LONGEST: Final = timedelta(hours=12)
"""A session is over so long after the login, however busy."""


@dataclass(frozen=True, slots=True)
class Session:
    """One login in one browser. ``id`` is the hash of the token: it opens nothing."""

    id: str
    agent_id: str
    begun_at: datetime
    seen_at: datetime
    proven_at: datetime  # when the person last showed password and second factor
    address: str  # network address at login
    browser: str  # what the browser called itself, shortened
    factor_due: bool = False  # the password was right, the second factor is still to come

    def is_over(self, now: datetime) -> bool:
        """Whether it has been idle or open for too long."""
        longest = HALF if self.factor_due else LONGEST
        return now - self.seen_at >= IDLE or now - self.begun_at >= longest


class Sessions(Protocol):
    """The logins of all staff, seen by every process."""

    async def begin(self, session: Session) -> None:
        """Keep a new session."""
        ...

    async def replace(self, session_id: str, session: Session) -> None:
        """Keep a new session instead of an old one: the person has proven more."""
        ...

    async def find(self, session_id: str) -> tuple[Session, Agent] | None:
        """A session with its person; None if it is unknown or the account disabled."""
        ...

    async def seen(self, session_id: str, at: datetime) -> None:
        """The session was used."""
        ...

    async def of(self, agent_id: str) -> Sequence[Session]:
        """A person's sessions, the latest used first."""
        ...

    async def end(self, session_id: str) -> None:
        """Log out; fine if it is gone."""
        ...

    async def end_all(self, agent_id: str, *, but: str | None = None) -> int:
        """Log a person out everywhere (``but`` one session stays); how many sessions ended."""
        ...

    async def forget(self, idle_since: datetime, begun_before: datetime) -> None:
        """Delete the sessions that are over."""
        ...


def new_token() -> str:
    """What the browser keeps: 256 random bits."""
    return secrets.token_urlsafe(32)


def session_id(token: str) -> str:
    """How the database knows a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_of(token: str) -> str:
    """What a form must carry to be believed: known to our pages only, as the cookie is not."""
    return hmac.new(token.encode(), b"beian desk form", hashlib.sha256).hexdigest()
