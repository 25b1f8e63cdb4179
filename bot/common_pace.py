"""How fast all processes together may write to one platform."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.pacing import Bucket, Rate
from storage.ports import Paces

logger = logging.getLogger(__name__)

AT_ONCE: Final = 10
"""Moments reserved at a time: one look into the database for so many messages."""


class Together(Protocol):
    """Gives each message its moment."""

    async def reserve(self) -> float:
        """Seconds until the next message may go."""
        ...

    def give_back(self) -> None:
        """The moment given last is not used after all."""
        ...


@dataclass(slots=True)
class OwnPace:
    """The pace of a process that has the platform for itself."""

    rate: Rate
    _bucket: Bucket | None = None

    async def reserve(self) -> float:
        """See ``Together``."""
        now = _monotonic()
        if self._bucket is None:
            self._bucket = Bucket(self.rate, self.rate.burst, now)
        return self._bucket.reserve(now)

    def give_back(self) -> None:
        """See ``Together``."""
        if self._bucket is not None:
            self._bucket.level += 1


@dataclass(slots=True)
class CommonPace:
    """The pace of several processes: moments are reserved in the store, some at a time.

    While the store is away a process goes at its own pace: the platform says when it is too much.
    """

    paces: Paces
    name: str
    rate: Rate
    clock: Callable[[], datetime]
    _moments: deque[datetime] = field(default_factory=deque)
    _given: datetime | None = None
    _own: OwnPace = field(init=False)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._own = OwnPace(self.rate)

    async def reserve(self) -> float:
        """See ``Together``."""
        async with self._lock:
            if not self._moments and not await self._reserve():
                self._given = None
                return await self._own.reserve()
            self._given = self._moments.popleft()
        return max(0.0, (self._given - self.clock()).total_seconds())

    def give_back(self) -> None:
        """See ``Together``."""
        if self._given is None:
            self._own.give_back()
        else:
            self._moments.appendleft(self._given)

    async def _reserve(self) -> bool:
        apart = timedelta(seconds=1 / self.rate.per_second)
        burst = self.rate.burst * apart
        try:
            first = await self.paces.reserve(self.name, AT_ONCE, apart, burst, self.clock())
        except Exception as error:
            logger.warning("the common pace is not known: %s", type(error).__name__)
            return False
        self._moments.extend(first + number * apart for number in range(AT_ONCE))
        return True


def pace_of(paces: Paces | None, name: str, rate: Rate, clock: Callable[[], datetime]) -> Together:
    """The pace to keep on a platform: a common one where there may be other processes."""
    if paces is None or not paces.is_shared or 1 / rate.per_second < 1e-4:
        return OwnPace(rate)
    return CommonPace(paces, name, rate, clock)


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
