"""What one part of the torture came to, in raw counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Number = int | float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One part on one kind of database.

    ``did`` is what was done, ``broken`` counts what must not happen at all, ``bounded`` pairs a
    count with the most it may be, ``noted`` is worth knowing and promised nowhere.
    """

    did: Mapping[str, Number]
    broken: Mapping[str, int]
    bounded: Mapping[str, tuple[Number, Number]] = field(default_factory=dict)
    noted: Mapping[str, Number] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether every promise was kept."""
        within = all(value <= most for value, most in self.bounded.values())
        return within and not any(self.broken.values())

    def as_data(self) -> dict[str, Any]:
        """For the results' file."""
        return {
            "sound": self.sound,
            "did": dict(self.did),
            "broken": dict(self.broken),
            "bounded": {name: list(pair) for name, pair in self.bounded.items()},
            "noted": dict(self.noted),
        }
