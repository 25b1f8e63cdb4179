"""What the desk's queue costs with ten thousand, and with a million, conversations stored."""

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from bench.mass import fill
from bench.postgres import server
from bench.results import ROOT, Result, work_folder
from bot.clock import real_clock
from bot.settings import Settings
from bot.world import load_world
from desk.limits import load_limits
from desk.placing import Placing
from storage.crypto import MasterKey
from storage.instant import to_micros
from storage.migrate import upgrade

FULL = (10_000, 100_000, 1_000_000)
QUICK = (1_000, 10_000)


def queue(kind: str, sizes: Sequence[int]) -> dict[str, Result]:
    """One database of each size, opened by a process that has nothing in memory."""
    found: dict[int, dict[str, float]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=work_folder()) as name:
            folder = Path(name)
            with _database(kind, folder) as url:
                if url is None:
                    return {}
                began = perf_counter()
                filled(url, size, folder)
                print(f"  {size:,} conversations in {perf_counter() - began:.0f} s", flush=True)
                found[size] = _run(url, folder)
        print(f"  {size:,}: {_in_words(found[size])}", flush=True)
    smallest = found[sizes[0]]
    return {
        f"desk_queue_{kind}": Result(
            unit="milliseconds, megabytes",
            medians={f"{size}": one for size, one in found.items()},
            counts={"shown": int(smallest["rows"])},
            further={
                "growth": {
                    f"{size}": {
                        name: one[name] / smallest[name]
                        for name in ("open_open_ms", "open_all_ms", "counts_ms", "mb")
                    }
                    for size, one in found.items()
                }
            },
        )
    }


def filled(url: str, size: int, folder: Path) -> None:
    """Fill an empty database with conversations whose dockets a desk can open."""
    asyncio.run(upgrade(url))
    world = load_world(Settings(_env_file=None, home=folder))
    placing = Placing.by(world.provider.service_hours, load_limits())
    master = MasterKey.from_file(folder / "master.key")
    fill(url, size, to_micros(real_clock()), master, placing=placing)


def _run(url: str, folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.queue_run", url, str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _in_words(found: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in found.items())


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str | None]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'beian.db'}"
        return
    with server() as url:
        yield url
