"""Axes: where ticks fall, and where a value lies between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

_STEPS = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from ``low`` to ``high`` laid out from ``start`` to ``end`` in units."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        """Where a value lies; what is off the scale lies at its edge."""
        value = min(max(value, self.low), self.high)
        if self.logarithmic:
            share = log10(value / self.low) / log10(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def nice_ticks(high: float, about: int = 5) -> Sequence[float]:
    """From 0 in even steps of 1, 2 or 5 times a power of ten, the last at or beyond ``high``.

    Counts and days are whole numbers: no step is smaller than 1.
    """
    if high <= 0:
        return (0.0, 1.0)
    rough = max(high / about, 1.0)
    power = 10.0 ** int(log10(rough))
    step = power * next(one for one in _STEPS if rough <= one * power + 1e-9)
    return tuple(step * number for number in range(max(1, ceil(high / step - 1e-9)) + 1))
