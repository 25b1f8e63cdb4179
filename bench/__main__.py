"""`python -m bench [--quick]`: all benchmarks, into bench/results.json."""

import argparse
import random
from collections.abc import Callable, Mapping
from functools import partial
from time import monotonic

from bench.broadcast import FULL as FULL_BROADCAST
from bench.broadcast import QUICK as QUICK_BROADCAST
from bench.broadcast import broadcast
from bench.desk import FULL as FULL_DESK
from bench.desk import QUICK as QUICK_DESK
from bench.desk import desk
from bench.flood import FULL as FULL_FLOOD
from bench.flood import QUICK as QUICK_FLOOD
from bench.flood import flood
from bench.idle import idle
from bench.inspection import inspection
from bench.knowledge import knowledge
from bench.processes import FULL as FULL_PROCESSES
from bench.processes import QUICK as QUICK_PROCESSES
from bench.processes import processes
from bench.queue import FULL as FULL_QUEUE
from bench.queue import QUICK as QUICK_QUEUE
from bench.queue import queue
from bench.races import races
from bench.reading import reading
from bench.reminders import lives, reminders
from bench.results import FILE, Result, save
from bench.startup import startup
from bench.stored import FULL as FULL_STORED
from bench.stored import QUICK as QUICK_STORED
from bench.stored import stored
from bench.sweep import swept
from bench.turns import FULL, QUICK, turns_at_once
from bench.wechat import acknowledged, delivered, walked

Benchmark = Callable[[], Mapping[str, Result]]


def main() -> None:
    """Run what was asked for; exit status 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of everything")
    parser.add_argument(
        "--only",
        choices=(
            *("turns", "races", "startup", "knowledge", "reminders", "lives", "desk"),
            *(
                "wechat",
                "inspection",
                "reading",
                "stored",
                "stored_postgres",
                "broadcast",
                "processes",
                "idle",
                "sweep",
                "queue",
                "flood",
            ),
        ),
        help="run one kind",
    )
    parser.add_argument("--seed", type=int, help="repeat the races of an earlier run")
    options = parser.parse_args()
    plan, rounds = (QUICK, 3) if options.quick else (FULL, 5)
    seed = random.SystemRandom().randrange(2**32) if options.seed is None else options.seed
    kinds: dict[str, tuple[Benchmark, ...]] = {
        "startup": (lambda: startup(rounds),),
        "knowledge": (lambda: knowledge(rounds),),
        "turns": (lambda: turns_at_once(50, plan), lambda: turns_at_once(1, plan)),
        "reminders": (lambda: reminders(rounds if options.quick else 3, quick=options.quick),),
        "lives": (lambda: lives(500 if options.quick else 10_000),),
        "desk": (lambda: desk(QUICK_DESK if options.quick else FULL_DESK),),
        "races": (lambda: races(600 if options.quick else 10_000, seed),),
        "wechat": (
            lambda: walked(20_000 if options.quick else 1_000_000, seed),
            lambda: delivered(*((500, 5) if options.quick else (100_000, 200)), seed),
            lambda: acknowledged(200 if options.quick else 3_000),
            lambda: acknowledged(200 if options.quick else 3_000, "wecom"),
        ),
        "inspection": (lambda: inspection(*((6, 100) if options.quick else (40, 600))),),
        "reading": (lambda: reading(2 if options.quick else 5),),
        "broadcast": tuple(
            partial(broadcast, kind, QUICK_BROADCAST if options.quick else FULL_BROADCAST)
            for kind in ("sqlite", "postgres")
        ),
        "processes": (lambda: processes(QUICK_PROCESSES if options.quick else FULL_PROCESSES),),
        "flood": (lambda: flood(QUICK_FLOOD if options.quick else FULL_FLOOD),),
        "idle": (lambda: idle(1_500 if options.quick else 6_000),),
        "sweep": tuple(
            partial(swept, kind, 50_000 if options.quick else 1_000_000)
            for kind in ("sqlite", "postgres")
        ),
        "queue": tuple(
            partial(queue, kind, QUICK_QUEUE if options.quick else FULL_QUEUE)
            for kind in ("sqlite", "postgres")
        ),
        "stored": (lambda: stored("sqlite", QUICK_STORED if options.quick else FULL_STORED),),
        "stored_postgres": (
            lambda: stored("postgres", QUICK_STORED if options.quick else FULL_STORED),
        ),
    }
    began = monotonic()
    broken = False
    for kind, benchmarks in kinds.items():
        if options.only in (None, kind):
            for benchmark in benchmarks:
                print(kind, flush=True)
                results = benchmark()
                save(results)
                broken |= _show(results)
    print(f"{FILE} written in {monotonic() - began:.0f} s")
    raise SystemExit(broken)


def _show(results: Mapping[str, Result]) -> bool:
    """Print the gist; True if a promise was broken."""
    broken = False
    for name, result in results.items():
        ratios = ", ".join(f"{peer} {ratio:.2f}" for peer, ratio in result.ratios.items())
        print(f"{name}: {ratios}" if ratios else f"{name}: {dict(result.further)}", flush=True)
        broken |= result.further.get("sound") is False
    return broken


if __name__ == "__main__":
    main()
