"""A clock that was put back: what waits for a time is not to wait for it twice.

Leases and pauses are times of the wall clock, which an operator or a time server may correct by
hours. Put forward, it ends leases early: what is under way may be done twice. Put back, it would
make everything wait that was set before, which is what this is for.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

FAR: Final = timedelta(minutes=10)
"""Longer than anything that is put off for a moment, or leased, may wait."""

_EVERY: Final = 60_000_000  # microseconds
_NOTHING: Final = 5_000_000
"""Microseconds by which looks side by side may come out of order, and processes differ."""


@dataclass(slots=True)
class Looks:
    """When whoever takes what is due has looked, by the names of what they look at."""

    _latest: dict[str, int] = field(default_factory=dict)
    _mended: dict[str, int] = field(default_factory=dict)

    def set_since(self, name: str, now: int) -> int | None:
        """What was set later than this may wait for no good reason; None: all is well.

        After the clock was put back that is everything; at the first look, and every minute, what
        was set in the future, by a process that knew a later time than ours.
        """
        latest = self._latest.get(name)
        if latest is not None and now < latest - _NOTHING:
            return 0
        is_long_ago = latest is None or now > self._mended[name] + _EVERY
        return now + _NOTHING if is_long_ago else None

    def looked(self, name: str, now: int, since: int | None) -> None:
        """What waited for no good reason is due by now."""
        self._latest[name] = now
        if since is not None:
            self._mended[name] = now
