"""Whether a turn that is not ready yet is worth waiting for: others come through, it is in line."""

from typing import Final

STILL: Final = 0.2
"""Seconds without any turn's end after which turns stand still."""


class Progress:
    """Knows in which order turns began and when one ended; times are of one monotonic clock."""

    def __init__(self) -> None:
        self._begun = 0
        self._furthest = 0
        self._ended_at = float("-inf")

    def begin(self) -> int:
        """A turn begins; its number."""
        self._begun += 1
        return self._begun

    def end(self, number: int, now: float) -> None:
        """A turn ended."""
        self._furthest = max(self._furthest, number)
        self._ended_at = now

    def is_in_line(self, number: int, now: float) -> bool:
        """Whether the machine is merely busy. Not where a later turn has ended before this one,
        which is slow by itself, and not where none ends at all."""
        return number > self._furthest and now - self._ended_at < STILL
