"""How fast one may send or be heard: token buckets that say how long to wait."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` at once, then ``per_second`` on average."""

    burst: float
    per_second: float


@dataclass(slots=True)
class Bucket:
    """One bucket: ``level`` tokens at the moment ``at`` (seconds of a monotonic clock)."""

    rate: Rate
    level: float
    at: float

    def reserve(self, now: float) -> float:
        """Take a token, ahead of time if need be; seconds until it is there."""
        self._fill(now)
        self.level -= 1
        return max(0.0, -self.level / self.rate.per_second)

    def shortage(self, now: float, wanted: float) -> float:
        """How many tokens are missing of so many; none is taken."""
        self._fill(now)
        return max(0.0, wanted - self.level)

    def take(self, now: float) -> bool:
        """Take a token if there is one."""
        self._fill(now)
        if self.level < 1:
            return False
        self.level -= 1
        return True

    def admit(self, now: float, cost: float) -> float:
        """Take ``cost`` tokens if they are there: 0.0; else the seconds until they will be."""
        self._fill(now)
        if self.level < cost:
            return (cost - self.level) / self.rate.per_second
        self.level -= cost
        return 0.0

    def _fill(self, now: float) -> None:
        gained = max(0.0, now - self.at) * self.rate.per_second
        self.level = min(self.rate.burst, self.level + gained)
        self.at = max(self.at, now)


@dataclass(slots=True)
class Buckets:
    """A bucket for each key; the longest unused ones are forgotten beyond ``most``."""

    rate: Rate
    clock: Callable[[], float]
    most: int = 10_000
    _buckets: OrderedDict[Hashable, Bucket] = field(default_factory=OrderedDict)

    def reserve(self, key: Hashable) -> float:
        """Take a token of this key, ahead of time if need be; seconds until it is there."""
        now = self.clock()
        return self._of(key, now).reserve(now)

    def give_back(self, key: Hashable) -> None:
        """Return a token taken ahead of time and not used after all."""
        bucket = self._buckets.get(key)
        if bucket is not None:
            bucket.level += 1

    def take(self, key: Hashable, now: float | None = None) -> bool:
        """Take a token of this key if there is one; ``now`` if another clock is meant."""
        now = self.clock() if now is None else now
        return self._of(key, now).take(now)

    def admit(self, key: Hashable, cost: float = 1.0) -> float:
        """Take ``cost`` tokens of this key if there: 0.0; else the seconds until they will be."""
        now = self.clock()
        return self._of(key, now).admit(now, cost)

    def _of(self, key: Hashable, now: float) -> Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(self.rate, self.rate.burst, now)
            if len(self._buckets) > self.most:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key)
        return bucket
