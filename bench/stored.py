"""What a turn costs with a thousand, and with a million, conversations in the database."""

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, time

from bench.mass import fill
from bench.postgres import server
from bench.results import ROOT, Result, work_folder
from bench.stored_run import BEGUN
from bench.updates import FIRST_CHAT
from storage.crypto import MasterKey
from storage.migrate import upgrade

_ROUND_CHATS = 100_000
_BACK = FIRST_CHAT + 50 * _ROUND_CHATS


@dataclass(frozen=True, slots=True)
class Plan:
    """How many conversations there are, and how much is measured in each round."""

    sizes: tuple[int, ...]
    rounds: int  # one more message of the form each, for those who come back
    new: int  # people who fill in the form
    back: int  # people who go on


FULL = Plan((1_000, 10_000, 100_000, 1_000_000), 5, 40, 400)
QUICK = Plan((1_000, 100_000), 2, 20, 100)

Measured = Mapping[str, Mapping[str, float]]


def stored(kind: str, plan: Plan) -> dict[str, Result]:
    """One database of each size, measured in turn so that all see the same machine."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=work_folder())))
        urls: dict[int, str] = {}
        for size in plan.sizes:
            url = stack.enter_context(_database(kind, folder, size))
            if url is None:
                return {}
            began = perf_counter()
            asyncio.run(upgrade(url))
            fill(url, size, int(time() * 1e6), MasterKey.from_file(folder / "master.key"))
            _run(url, folder, plan, 0)
            print(f"  {size:,} conversations in {perf_counter() - began:.0f} s", flush=True)
            urls[size] = url
        runs: dict[int, list[Measured]] = {size: [] for size in plan.sizes}
        for number in range(1, plan.rounds + 1):
            for size in plan.sizes[:: 1 if number % 2 else -1]:
                found = json.loads(_run(urls[size], folder, plan, number))
                runs[size].append(found)
                print(f"  {size:,}: {_in_words(found)}", flush=True)
    return {
        f"turn_with_stored_{kind}_{who}": _compared(runs, who, plan) for who in ("new", "returning")
    }


def _run(url: str, folder: Path, plan: Plan, number: int) -> str:
    first = FIRST_CHAT + number * _ROUND_CHATS
    numbers = (first, plan.new, _BACK, plan.back, number)
    done = subprocess.run(
        [sys.executable, "-m", "bench.stored_run", url, str(folder), *map(str, numbers)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


@contextmanager
def _database(kind: str, folder: Path, size: int) -> Iterator[str | None]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / f'{size}.db'}"
        return
    with server() as url:
        yield url


def _cost(measured: Measured, who: str) -> float:
    """Processor time a turn, the database server's too."""
    return measured[who]["cpu_ms"] + measured[who]["server_cpu_ms"]


def _in_words(found: Measured) -> str:
    return ", ".join(f"{who} {_cost(found, who):.2f} ms" for who in found)


def _compared(runs: Mapping[int, Sequence[Measured]], who: str, plan: Plan) -> Result:
    smallest = runs[plan.sizes[0]]
    growth = {
        f"{size}": median(
            _cost(one, who) / _cost(few, who) for one, few in zip(some, smallest, strict=True)
        )
        for size, some in runs.items()
        if size != plan.sizes[0]
    }
    return Result(
        unit="milliseconds of processor time a turn",
        medians={
            f"{size}": {
                name: median(one[who][name] for one in some)
                for name in ("cpu_ms", "server_cpu_ms", "ms")
            }
            for size, some in runs.items()
        },
        counts={
            "rounds": plan.rounds,
            "turns_a_round": plan.back if who == "returning" else plan.new * 13,
        },
        further={"growth": growth, "begun_with": BEGUN},
    )
