"""Clocks: the real one, and a simulated one that moves only when told."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


def real_clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class SimulatedClock:
    """A clock for rehearsals: stands still until it is advanced."""

    now: datetime

    def __call__(self) -> datetime:
        """The simulated moment."""
        return self.now

    def advance(self, by: timedelta) -> None:
        """Move forward. Raises ValueError for a negative duration: time does not run back."""
        if by < timedelta(0):
            raise ValueError("the clock only moves forward; give a positive duration")
        self.now += by
