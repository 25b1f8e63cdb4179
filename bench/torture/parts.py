"""The parts of the torture: what each does, on which databases, and how much of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bench.torture import ending
from bench.torture.ending import Plan
from bench.torture.outcome import Outcome
from bench.torture.places import Place

BOTH: Final = ("sqlite", "postgres")

Run = Callable[[Place, Any, int], Awaitable[Outcome]]
"""Does a part in a place, as much as its plan says, with the chances of a seed."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part. ``full`` is published, ``quick`` shows within seconds that it works."""

    title: str
    run: Mapping[str, Run]  # by kind of database
    full: object
    quick: object


def _on_both(run: Run) -> Mapping[str, Run]:
    return dict.fromkeys(BOTH, run)


PARTS: Final[Mapping[str, Part]] = {
    "kill": Part(
        "SIGKILL at random moments",
        _on_both(ending.killed),
        Plan(ends=1000, turns=20_000, at_once=64),
        Plan(ends=8, turns=0, at_once=8),
    ),
    "stop": Part(
        "SIGTERM under load",
        _on_both(ending.stopped),
        Plan(ends=200, turns=0, at_once=32),
        Plan(ends=4, turns=0, at_once=8),
    ),
}
