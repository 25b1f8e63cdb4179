"""What the channel of WeCom customer service keeps: what was pulled, up to where, and sessions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final, Protocol

KEPT: Final = timedelta(days=5)
"""How long it is remembered what was pulled: longer than the three days WeCom looks back."""


class SessionState(IntEnum):
    """会话状态: who may speak with a customer now, as WeCom counts it."""

    NEW = 0  # 未处理: nobody in particular, programs too
    BOT = 1  # 由智能助手接待: programs
    QUEUE = 2  # 待接入池排队中: nobody, until a servicer takes it
    HUMAN = 3  # 由人工接待: the servicer alone
    ENDED = 4  # 已结束/未开始: nobody, until the customer writes

    @property
    def lets_us_speak(self) -> bool:
        """Whether WeCom takes messages of a program."""
        return self in (SessionState.NEW, SessionState.BOT)

    @property
    def is_held(self) -> bool:
        """Whether the customer waits for, or speaks with, a servicer in WeCom."""
        return self in (SessionState.QUEUE, SessionState.HUMAN)


@dataclass(frozen=True, slots=True)
class Session:
    """A customer's session as it was at a moment; ``servicer`` is who has it in WeCom."""

    state: SessionState
    at: datetime
    servicer: str = ""


@dataclass(frozen=True, slots=True)
class Pull:
    """Permission to pull for one account: from ``cursor`` on, None if it never was pulled."""

    account: str
    holder: str
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """One message or event as it was pulled. ``key`` is WeCom's ``msgid``.

    What has no ``payload`` is only remembered: there is nothing to do about it.
    """

    key: str
    person: str
    at: datetime
    payload: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """Something pulled that waits to be dealt with, given to one worker for a while."""

    account: str
    key: str
    person: str
    at: datetime
    payload: bytes = field(repr=False)


class WeComStore(Protocol):
    """What all processes of the channel share. Every method is one transaction."""

    async def lease_pull(
        self, account: str, holder: str, now: datetime, until: datetime
    ) -> Pull | None:
        """Become the one who pulls for an account; None while somebody else is."""
        ...

    async def take_in(
        self, pull: Pull, cursor: str, fetched: Sequence[Fetched], now: datetime
    ) -> Pull | None:
        """Keep what was pulled together with the cursor behind it.

        What was pulled before is not kept again. The pull to go on with, or None, and nothing
        is kept, if the lease was lost meanwhile.
        """
        ...

    async def end_pull(self, pull: Pull) -> None:
        """End a lease."""
        ...

    async def claim(self, now: datetime, until: datetime, limit: int) -> Sequence[Kept]:
        """Lease what waits until then: of each person the oldest, nothing behind it."""
        ...

    async def done(self, account: str, key: str) -> None:
        """It was dealt with: its content is forgotten."""
        ...

    async def put_back(self, account: str, key: str, due: datetime) -> None:
        """It is to be tried again from then on; what is behind it waits."""
        ...

    async def forget(self, before: datetime) -> int:
        """Forget what was dealt with and is older; how much."""
        ...

    async def session(self, person: str) -> Session | None:
        """A person's session as it was last known."""
        ...

    async def put_session(self, person: str, session: Session) -> bool:
        """Note a session; False, and nothing is noted, if a later moment is known of already."""
        ...

    async def tries(self, outgoing_id: str) -> int:
        """How often a message was given out to be sent; 0 if none of that id waits for it."""
        ...

    async def bounced(self, outgoing_id: str, reason: str) -> bool:
        """A message that was taken did not arrive after all; False if none of that id was sent.

        A reminder is then found by ``follow_up``, as of any refused message.
        """
        ...
