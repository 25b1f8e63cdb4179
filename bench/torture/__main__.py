"""`make torture`: faults on purpose, into docs/reliability.md and docs/reliability.json.

Each part runs in a process of its own; those on SQLite and those on PostgreSQL side by side.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from typing import Any, NamedTuple

from bench.results import ROOT
from bench.torture.outcome import Outcome
from bench.torture.parts import BOTH, PARTS
from bench.torture.places import LeftOut, place
from bench.torture.report import about_run, kept, show, write


class How(NamedTuple):
    """With which chances, and how much of everything."""

    seed: int
    quick: bool
    time: float


def main() -> None:
    """Run what was asked for; exit status 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.torture", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a little of each part, kept nowhere")
    parser.add_argument("--only", choices=tuple(PARTS), action="append", help="run these parts")
    parser.add_argument("--on", choices=BOTH, help="run on one kind of database")
    parser.add_argument("--seed", type=int, help="repeat an earlier run")
    parser.add_argument(
        "--time", type=float, default=1.0, help="how much of its time the long parts may take"
    )
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)  # a part and its database
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(2**32) if options.seed is None else options.seed
    how = How(seed, options.quick, options.time)
    if options.one is not None:
        name, kind = options.one
        print(json.dumps(_one(name, kind, how)))
        return
    print(f"seed {seed}", flush=True)
    began = time.monotonic()
    wanted = options.only or list(PARTS)
    lanes = [
        [name for name in wanted if kind in PARTS[name].run] if options.on in (None, kind) else []
        for kind in BOTH
    ]
    found = asyncio.run(_lanes(lanes, how))
    if not options.quick:
        write(kept() | found)
    print(f"{len(found)} parts in {time.monotonic() - began:.0f} s")
    raise SystemExit(any(one.get("sound") is False for one in found.values()))


async def _lanes(lanes: Sequence[Sequence[str]], how: How) -> dict[str, Any]:
    found: dict[str, Any] = {}

    async def run(kind: str, names: Sequence[str]) -> None:
        for name in names:
            found[f"{name}/{kind}"] = one = await _apart(name, kind, how)
            show(name, kind, one)
            if not how.quick:  # a long run that is broken off has told something
                write(kept() | found)

    await asyncio.gather(*(run(kind, names) for kind, names in zip(BOTH, lanes, strict=True)))
    return found


async def _apart(name: str, kind: str, how: How) -> dict[str, Any]:
    """Run one part in a process of its own."""
    arguments = ["--one", name, kind, "--seed", str(how.seed), "--time", str(how.time)]
    arguments += ["--quick"] if how.quick else []
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.torture", *arguments, stdout=PIPE, cwd=ROOT
    )
    out, _ = await process.communicate()
    lines = out.decode().splitlines()
    if process.returncode or not lines:
        return {"sound": False, "failed": f"exit status {process.returncode}"}
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def _one(name: str, kind: str, how: How) -> dict[str, Any]:
    part = PARTS[name]
    began = time.monotonic()
    try:
        with place(kind) as here:
            run = part.run[kind](here, part.plan(kind, how.quick, how.time), how.seed)
            outcome: Outcome = asyncio.run(_awaited(run))
            about = about_run(here)
    except LeftOut as left_out:
        return {"left_out": str(left_out)}
    return (
        outcome.as_data() | about | {"seed": how.seed, "seconds": round(time.monotonic() - began)}
    )


async def _awaited(what: Any) -> Any:
    return await what


if __name__ == "__main__":
    main()
