"""Token buckets: how often one visitor, or one network address, may ask something of us."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, IPv6Network, ip_address

from bot.web.config import Rate


@dataclass(slots=True)
class Buckets:
    """One bucket per key, the least used forgotten beyond ``capacity``: memory is bounded.

    Kept in this process only: behind a load balancer each process allows its own share.
    """

    rate: Rate
    monotonic: Callable[[], float] = time.monotonic
    capacity: int = 20_000
    _levels: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, key: str, cost: float = 1.0) -> float:
        """Take ``cost`` tokens: 0.0 if they were there, else the seconds until they will be."""
        now = self.monotonic()
        level, since = self._levels.pop(key, (float(self.rate.burst), now))
        level = min(self.rate.burst, level + (now - since) * self.rate.per_second)
        wait = max(0.0, (cost - level) / self.rate.per_second)
        self._levels[key] = (level if wait else level - cost, now)
        if len(self._levels) > self.capacity:
            self._levels.popitem(last=False)
        return wait


def network_of(address: str) -> str:
    """The key of a network address: a household shares an IPv6 /64, so that counts as one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(IPv6Network((parsed, 64), strict=False))
    return str(parsed)
