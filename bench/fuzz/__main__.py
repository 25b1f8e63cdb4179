"""`python -m bench.fuzz [--inputs N] [--only TARGET] [--seed N]`: a million spoilt inputs."""

import argparse
import asyncio
import json
import logging
import random
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from bench.fuzz.campaign import Outcome, Target, campaign
from bench.fuzz.desk import Desk
from bench.fuzz.telegram import Telegram
from bench.fuzz.uploads import Uploads
from bench.fuzz.web import Web
from bench.fuzz.wechat import WeChat
from bench.fuzz.wecom import WeCom
from bench.results import ROOT, machine

FILE: Final = ROOT / "bench" / "fuzz.json"
MILLION: Final = 1_000_000

TARGETS: Final[Mapping[str, tuple[Callable[[], Target], float]]] = {
    "telegram": (Telegram, 0.3),
    "wechat": (WeChat, 0.25),
    "wecom": (WeCom, 0.05),
    "web": (Web, 0.15),
    "desk": (Desk, 0.05),
    "uploads": (Uploads, 0.2),
}
"""Each with its share of the inputs."""


def main() -> None:
    """Feed what was asked for; exit status 1 if anything broke."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=MILLION, help="for all targets together")
    parser.add_argument("--only", choices=tuple(TARGETS), help="one target, with its share")
    parser.add_argument("--seed", type=int, help="repeat an earlier run")
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(2**32) if options.seed is None else options.seed
    print(f"seed {seed}", flush=True)
    logging.disable(logging.CRITICAL)  # refusals are logged; a million lines help nobody
    found = []
    for name, (make, share) in TARGETS.items():
        if options.only in (None, name):
            inputs = round(options.inputs * share)
            outcome = asyncio.run(campaign(name, make(), inputs, seed, _tell))
            found.append(outcome)
            _show(outcome)
            _save(outcome)
    raise SystemExit(not all(one.is_sound for one in found))


def _tell(line: str) -> None:
    print(line, flush=True)


def _show(outcome: Outcome) -> None:
    print(f"{outcome.name}: {json.dumps(outcome.as_data(), ensure_ascii=False)}", flush=True)


def _save(outcome: Outcome) -> None:
    """Beside what other targets left; commit and machine stand with each."""
    known = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    known[outcome.name] = {**outcome.as_data(), "commit": _commit(), "machine": machine()}
    Path(FILE).write_text(json.dumps(known, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _commit() -> str:
    asked = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
