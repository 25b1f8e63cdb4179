"""Leases and paces in memory: of one process, which still keeps to them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.turnback import FAR


@dataclass(slots=True)
class MemoryLeases:
    """``Leases`` in memory."""

    _held: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    async def take(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """See ``Leases``."""
        known = self._held.get(name)
        is_far = known is not None and known[1] > until + (until - now)  # the clock was put back
        if known is not None and known[0] != holder and known[1] > now and not is_far:
            return False
        self._held[name] = (holder, until)
        return True

    async def release(self, name: str, holder: str) -> None:
        """See ``Leases``."""
        if self._held.get(name, ("",))[0] == holder:
            del self._held[name]


@dataclass(slots=True)
class MemoryPaces:
    """``Paces`` in memory."""

    is_shared: bool = False
    _free: dict[str, datetime] = field(default_factory=dict)

    async def reserve(
        self,
        name: str,
        count: int,
        apart: timedelta,
        burst: timedelta,
        now: datetime,
        left: timedelta = timedelta(0),
    ) -> datetime | None:
        """See ``Paces``."""
        start = max(self._free.get(name, now - burst), now - burst)
        if start > now + FAR + 10 * count * apart:  # the clock was put back
            start = now - burst
        if left and start + count * apart > now - left:
            return None
        self._free[name] = start + count * apart
        return start
