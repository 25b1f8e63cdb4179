"""Turns a second of several processes on one PostgreSQL, beside a peer there and all the others."""

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from bench.postgres import server
from bench.results import ROOT, Result, work_folder
from bench.server_time import server_seconds
from bench.turns import PEERS, run
from bench.turns import Plan as TurnsPlan

OURS, PEER = "assistant", "aiogram_sqlalchemy_postgres"
AT_ONCE = 48  # people at a time, in all processes together


@dataclass(frozen=True, slots=True)
class Plan:
    """How many processes, how many people fill in the form in all, and how often."""

    processes: tuple[int, ...]
    users: int
    rounds: int


FULL = Plan((1, 2, 4), 240, 3)
QUICK = Plan((1, 2), 96, 1)


@dataclass(frozen=True, slots=True)
class Measured:
    """What some processes did together; milliseconds of processor time a turn."""

    per_second: float
    cpu_ms: float
    server_cpu_ms: float


def processes(plan: Plan) -> dict[str, Result]:
    """Every number of processes in each round, and every peer on its own way of keeping."""
    with ExitStack() as stack:
        # Two servers: both sides call a table by the same name.
        urls = {name: stack.enter_context(server()) for name in (OURS, PEER)}
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=work_folder())))
        chats = count(0, plan.users * 2)
        together: dict[tuple[str, int], list[Measured]] = {}
        alone: dict[str, list[float]] = {peer: [] for peer in PEERS}
        for number in range(plan.rounds):
            for many in plan.processes[:: 1 if number % 2 == 0 else -1]:
                for name, url in urls.items():
                    if url is None:
                        return {}
                    found = _run(name, url, folder, next(chats), plan.users, many)
                    together.setdefault((name, many), []).append(found)
                    print(f"  {many} × {name}: {found.per_second:.0f} turns/s", flush=True)
            for peer in PEERS:
                users = TurnsPlan(1, plan.users).users_of(peer, AT_ONCE)
                alone[peer].append(run(peer, users, AT_ONCE).per_second)
    return {
        f"turns_postgres_{many}_processes": _compared(many, together, alone)
        for many in plan.processes
    }


def _run(name: str, url: str, folder: Path, first: int, users: int, many: int) -> Measured:
    each = users // many
    started = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "bench.process", name, url, str(folder)),
                *(str(first + place * (each + 10)), str(each), str(AT_ONCE // many)),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for place in range(many)
    ]
    for process in started:
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            raise SystemExit(f"a process of {name} did not begin")
    before = asyncio.run(server_seconds(url))
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    found: list[dict[str, Any]] = []
    for process in started:
        assert process.stdout is not None
        found.append(json.loads(process.stdout.readline()))
    server_time = asyncio.run(server_seconds(url)) - before
    for process in started:
        process.wait()
    turns = sum(one["turns"] for one in found)
    seconds = max(one["ended"] for one in found) - min(one["began"] for one in found)
    cpu = sum(one["cpu"] for one in found)
    return Measured(turns / seconds, cpu / turns * 1e3, server_time / turns * 1e3)


def _compared(
    many: int,
    together: Mapping[tuple[str, int], Sequence[Measured]],
    alone: Mapping[str, Sequence[float]],
) -> Result:
    ours, theirs = together[OURS, many], together[PEER, many]
    speed = [one.per_second for one in ours]
    return Result(
        unit="turns per second",
        ratios={
            PEER: median(a / b.per_second for a, b in zip(speed, theirs, strict=True)),
            **{
                peer: median(a / b for a, b in zip(speed, rates, strict=True))
                for peer, rates in alone.items()
            },
        },
        medians={
            name: {
                "turns_per_second": median(one.per_second for one in some),
                "cpu_ms_per_turn": median(one.cpu_ms for one in some),
                "server_cpu_ms_per_turn": median(one.server_cpu_ms for one in some),
            }
            for name, some in ((OURS, ours), (PEER, theirs))
        }
        | {peer: {"turns_per_second": median(rates)} for peer, rates in alone.items()},
        counts={"processes": many, "rounds": len(ours), "users_at_once": AT_ONCE},
    )
