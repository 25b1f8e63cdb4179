"""Turns a second, ours and the peers': fresh processes, interleaved rounds, medians, ratios."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.contestants import ENTRIES, FILING_RUN, OURS, TURNS_RUN
from bench.driving import Measured
from bench.results import Result, work_folder

PEERS = tuple(name for name in ENTRIES if name not in (OURS, FILING_RUN, TURNS_RUN))


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to measure: users per run (fewer for slow contestants) and rounds."""

    rounds: int
    users: int

    def users_of(self, name: str, at_once: int) -> int:
        """How many users a contestant gets, at least as many as come at once."""
        share = 3 if name == FILING_RUN or "sqlalchemy" in name else 1
        return max(self.users // share, at_once)


FULL = Plan(rounds=3, users=300)
QUICK = Plan(rounds=1, users=60)


def turns_at_once(at_once: int, plan: Plan) -> dict[str, Result]:
    """Benchmarks of our three forms under one load, each against every peer."""
    runs: dict[str, list[Measured]] = {name: [] for name in ENTRIES}
    for number in range(plan.rounds):
        for name in _rotated(tuple(ENTRIES), number):
            runs[name].append(run(name, plan.users_of(name, at_once), at_once))
            print(f"  round {number + 1}: {name} {runs[name][-1].per_second:.0f} turns/s")
    suffix = f"{at_once}_users" if at_once > 1 else "one_user"
    return {
        f"turns_{suffix}": _compared(OURS, runs, at_once),
        f"turns_whole_filing_{suffix}": _compared(FILING_RUN, runs, at_once),
        f"turns_undelivered_{suffix}": _compared(TURNS_RUN, runs, at_once),
    }


def run(name: str, users: int, at_once: int) -> Measured:
    """One contestant under one load, in a process of its own."""
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "bench.run_one", name, str(users), str(at_once), folder],
            cwd=Path(__file__).parent.parent,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return Measured(**json.loads(done.stdout))


def _rotated(names: Sequence[str], by: int) -> Sequence[str]:
    """Another one begins each round: nobody always runs on a warm or a tired machine."""
    by = by * 2 % len(names)
    return (*names[by:], *names[:by])


def _compared(ours: str, runs: Mapping[str, Sequence[Measured]], at_once: int) -> Result:
    own = runs[ours]
    return Result(
        unit="turns per second",
        ratios={
            peer: median(
                mine.per_second / theirs.per_second
                for mine, theirs in zip(own, runs[peer], strict=True)
            )
            for peer in PEERS
        },
        medians={name: _medians(runs[name]) for name in (ours, *PEERS)},
        counts={
            "rounds": len(own),
            "users_at_once": at_once,
            **{f"turns_{name}": runs[name][0].turns for name in (ours, *PEERS)},
        },
        further={
            "cpu_ratios": {
                peer: median(
                    theirs.cpu_ms / mine.cpu_ms
                    for mine, theirs in zip(own, runs[peer], strict=True)
                )
                for peer in PEERS
            },
            "keeps": {name: ENTRIES[name].keeps for name in (ours, *PEERS)},
        },
    )


def _medians(runs: Sequence[Measured]) -> dict[str, Any]:
    return {
        "turns_per_second": median(run.per_second for run in runs),
        "cpu_ms_per_turn": median(run.cpu_ms for run in runs),
        "p50_ms": median(run.p50_ms for run in runs),
        "p99_ms": median(run.p99_ms for run in runs),
        "peak_mb": median(run.peak_mb for run in runs),
    }
