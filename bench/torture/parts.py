"""The parts of the torture: what each does, on which databases, and how much of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bench.torture import (
    clocks,
    databases,
    deliveries,
    ending,
    network,
    refusals,
    restores,
    room,
    wecom,
)
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
    full: object  # a plan, or plans by kind
    quick: object

    def plan(self, kind: str, quick: bool, time: float = 1.0) -> object:
        """How much to do on one kind of database, in so much of the time it may take."""
        plan: Any = self.quick if quick else self.full
        plan = plan[kind] if isinstance(plan, dict) else plan
        return plan._replace(seconds=plan.seconds * time) if hasattr(plan, "seconds") else plan


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
    "database": Part(
        "database killed (SQLite: the process that holds it, before any statement or commit)",
        {"sqlite": ending.died_in_statements, "postgres": databases.server_killed},
        full={"sqlite": Plan(100, 0, 32), "postgres": databases.Plan(100, 32)},
        quick={"sqlite": Plan(3, 0, 4), "postgres": databases.Plan(2, 4)},
    ),
    "power": Part(
        "the end of the journal lost, as by a power cut",
        {"sqlite": databases.journal_cut},
        databases.Cuts(200, 20),
        databases.Cuts(5, 5),
    ),
    "refusals": Part(
        "three in ten sends answered 429 or 5xx",
        _on_both(refusals.refused),
        refusals.Plan(people=150, at_once=75, healthy=20, messages=60),
        refusals.Plan(people=4, at_once=4, healthy=4, messages=6),
    ),
    "disk": Part(
        "disk full (ENOSPC)",
        {"sqlite": room.full},
        room.Plan(times=100, at_once=16),
        room.Plan(times=3, at_once=4),
    ),
    "network": Part(
        "bad network to the chat platform",
        _on_both(network.to_platform),
        network.Plan(people=4, spells=6, longest=2.0),
        network.Plan(people=1, spells=1, longest=0.6),
    ),
    "database_network": Part(
        "bad network to the database",
        {"postgres": network.to_database},
        network.Plan(people=4, spells=6, longest=2.0),
        network.Plan(people=1, spells=1, longest=0.6),
    ),
    "deliveries": Part(
        "deliveries that come again, at once, in odd numbers; each chat in order",
        _on_both(deliveries.redelivered),
        deliveries.Plan(chats=1000, messages=50, copies=5, between=4.0),
        deliveries.Plan(chats=20, messages=8, copies=5, between=0.4),
    ),
    "wecom": Part(
        "WeCom's channel killed (SIGKILL) at random moments",
        _on_both(wecom.killed),
        wecom.Plan(ends=40, at_once=100, between=300),
        wecom.Plan(ends=2, at_once=4, between=10),
    ),
    "clocks": Part(
        "the clock set forward and back, by up to two hours",
        _on_both(clocks.jumped),
        clocks.Plan(jumps=200, at_once=32, lives=500),
        clocks.Plan(jumps=3, at_once=2, lives=2),
    ),
    "restores": Part(
        "backups made while people write, restored elsewhere",
        _on_both(restores.restored),
        restores.Plan(times=20, people=50),
        restores.Plan(times=2, people=10),
    ),
}
