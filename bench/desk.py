"""What it costs that many watch: one colleague at the queue against fifty, under one load."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.results import ROOT, Result, work_folder

MANY = 50


@dataclass(frozen=True, slots=True)
class DeskPlan:
    """How much is measured."""

    conversations: int = 5000
    per_second: int = 200
    seconds: int = 20
    rounds: int = 3


FULL = DeskPlan()
QUICK = DeskPlan(conversations=500, seconds=5, rounds=1)


def desk(plan: DeskPlan) -> dict[str, Result]:
    """Nobody, one and many watch the queue in turn, each over a copy of one database."""
    runs: dict[int, list[dict[str, Any]]] = {0: [], 1: [], MANY: []}
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        filled = Path(folder) / "filled"
        filled.mkdir()
        made = _run("fill", plan.conversations, filled)
        for number in range(plan.rounds):
            order = list(runs) if number % 2 == 0 else list(runs)[::-1]
            for watchers in order:
                copy = Path(folder) / "copy"
                shutil.copytree(filled, copy)
                run = _run("watch", watchers, plan.per_second, plan.seconds, copy)
                shutil.rmtree(copy)
                runs[watchers].append(run)
                cost = run["cpu_seconds"] / run["messages"] * 1e3
                print(f"  {watchers} watching: {cost:.2f} ms a message, p99 {run['p99_ms']:.0f} ms")
    return {"desk_watchers": _compared(plan, runs, made)}


def _compared(
    plan: DeskPlan, runs: dict[int, list[dict[str, Any]]], made: dict[str, Any]
) -> Result:
    one, many = runs[1], runs[MANY]
    return Result(
        unit="times the cost of one watcher",
        ratios={
            "cpu": _ratio(one, many, lambda run: run["cpu_seconds"] / run["messages"]),
            "p50": _ratio(one, many, lambda run: run["p50_ms"]),
            "p99": _ratio(one, many, lambda run: run["p99_ms"]),
            "events_worked_out": _ratio(one, many, lambda run: run["worked_out"]),
        },
        medians={
            f"{watchers}_watching": {
                "cpu_ms_per_message": median(
                    run["cpu_seconds"] / run["messages"] * 1e3 for run in found
                ),
                **{
                    name: median(run[name] for run in found)
                    for name in ("p50_ms", "p99_ms", "worked_out", "start_cpu_seconds")
                },
            }
            for watchers, found in runs.items()
        },
        counts={
            "conversations": plan.conversations,
            "messages_a_second": plan.per_second,
            "rounds": plan.rounds,
            "updates_timed": sum(run["updates"] for run in many),
            "updates_lost": sum(run["lost"] for run in (*one, *many)),
        },
        further={**made, "sound": all(run["lost"] == 0 for run in (*one, *many))},
    )


def _ratio(
    one: Sequence[dict[str, Any]],
    many: Sequence[dict[str, Any]],
    of: Callable[[dict[str, Any]], float],
) -> float:
    """How many times as much of something many watchers take, round by round."""
    return median(of(theirs) / (of(its) or 1) for its, theirs in zip(one, many, strict=True))


def _run(*arguments: object) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.desk_run", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
