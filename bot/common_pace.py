"""How fast all processes together may write to one platform."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.pacing import Bucket, Rate
from storage.ports import Paces
from storage.turnback import FAR

logger = logging.getLogger(__name__)

_AGAIN: Final = timedelta(seconds=0.2)

AT_ONCE: Final = 10
"""Moments reserved at a time: one look into the database for so many messages."""


class Together(Protocol):
    """Gives each message its moment."""

    async def reserve(self) -> float:
        """Seconds until the next message may go."""
        ...

    async def spare(self) -> float | None:
        """The same for one that can wait: None while others may need the moments there are."""
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
        return self._now().reserve(_monotonic())

    async def spare(self) -> float | None:
        """See ``Together``."""
        now = _monotonic()
        if self._now().shortage(now, 1 + _left_of(self.rate)) > 0:
            return None
        return self._now().reserve(now)

    def _now(self) -> Bucket:
        if self._bucket is None:
            self._bucket = Bucket(self.rate, self.rate.burst, _monotonic())
        return self._bucket

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
    _spared: deque[datetime] = field(default_factory=deque)
    _given: datetime | None = None
    _looked_at: datetime | None = None  # when there was nothing to spare
    _own: OwnPace = field(init=False)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._own = OwnPace(self.rate)

    async def reserve(self) -> float:
        """See ``Together``."""
        async with self._lock:
            self._forget_what_is_far()
            if not self._moments and not await self._reserve():
                self._given = None
                return await self._own.reserve()
            self._given = self._moments.popleft()
        return max(0.0, (self._given - self.clock()).total_seconds())

    async def spare(self) -> float | None:
        """See ``Together``."""
        async with self._lock:
            self._forget_what_is_far()
            if not self._spared:
                now = self.clock()
                if self._looked_at is not None and abs(now - self._looked_at) < _AGAIN:
                    return None
                try:
                    moments = await self._reserved(now, _left_of(self.rate))
                except Exception as error:
                    logger.warning("the common pace is not known: %s", type(error).__name__)
                    self._given = None
                    return await self._own.spare()
                self._looked_at = None if moments else now
                self._spared.extend(moments)
            if not self._spared:
                return None
            self._given = self._spared.popleft()
        return max(0.0, (self._given - self.clock()).total_seconds())

    def give_back(self) -> None:
        """See ``Together``."""
        if self._given is None:
            self._own.give_back()
        else:
            self._moments.appendleft(self._given)

    def _forget_what_is_far(self) -> None:
        """Moments that lie as far ahead as no reservation reaches: the clock was put back."""
        far = self.clock() + FAR + timedelta(seconds=10 * AT_ONCE / self.rate.per_second)
        for moments in (self._moments, self._spared):
            if moments and moments[0] > far:
                moments.clear()

    async def _reserve(self) -> bool:
        try:
            self._moments.extend(await self._reserved(self.clock(), 0))
        except Exception as error:
            logger.warning("the common pace is not known: %s", type(error).__name__)
            return False
        return True

    async def _reserved(self, now: datetime, left: float) -> Sequence[datetime]:
        """The next moments, if so many more are left to others."""
        apart = timedelta(seconds=1 / self.rate.per_second)
        first = await self.paces.reserve(
            self.name, AT_ONCE, apart, self.rate.burst * apart, now, left * apart
        )
        return [] if first is None else [first + number * apart for number in range(AT_ONCE)]


def _left_of(rate: Rate) -> float:
    """Moments left to those who cannot wait: half of what may go at once."""
    return min(rate.burst / 2, rate.burst - 1)


def pace_of(paces: Paces | None, name: str, rate: Rate, clock: Callable[[], datetime]) -> Together:
    """The pace to keep on a platform: a common one where there may be other processes."""
    if paces is None or not paces.is_shared or 1 / rate.per_second < 1e-4:
        return OwnPace(rate)
    return CommonPace(paces, name, rate, clock)


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
