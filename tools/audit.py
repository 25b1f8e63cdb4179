"""Asks for published weaknesses of the pinned packages; says so when nobody could be asked.

Exit status 0: asked, none known; 1: some are known; 2: could not ask, so nothing is known.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PINNED: Final = ("run", "ocr", "dev", "build", "bootstrap")
_PATIENCE: Final = 300.0  # seconds
_ONE_TRY: Final = "15"  # seconds


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer about one file of pinned packages; ``trouble`` if there was none."""

    packages: int = 0
    weaknesses: tuple[str, ...] = ()
    trouble: str = ""


def ask(name: str) -> Asked:
    """Ask about the packages pinned in ``requirements/<name>.txt``."""
    try:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pip_audit", "--requirement"),
                *(f"requirements/{name}.txt", "--disable-pip", "--require-hashes"),
                *("--format", "json", "--progress-spinner", "off", "--timeout", _ONE_TRY),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return Asked(trouble="no answer in time")
    return read(done.stdout, done.stderr)


def read(out: str, err: str) -> Asked:
    """What pip-audit said: it ends with 1 for a weakness as well as for a network that is away."""
    try:
        packages = json.loads(out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        lines = [line for line in err.splitlines() if line.strip()]
        return Asked(trouble=lines[-1].strip()[:200] if lines else "no answer")
    unknown = sum("skip_reason" in one for one in packages)
    trouble = f"nothing could be learnt about {unknown} of {len(packages)} packages"
    found = tuple(
        f"{one['name']} {one['version']}: {weakness['id']}, mended in "
        f"{', '.join(weakness['fix_versions']) or 'no version yet'}"
        for one in packages
        for weakness in one.get("vulns", ())
    )
    return Asked(len(packages), found, trouble if unknown else "")


def verdict(asked: Sequence[Asked]) -> int:
    """The exit status, a weakness before a trouble."""
    if any(one.weaknesses for one in asked):
        return 1
    return 2 if any(one.trouble for one in asked) else 0


def main() -> int:
    """Ask about all files and tell."""
    asked = []
    for name in PINNED:
        answer = ask(name)
        asked.append(answer)
        for weakness in answer.weaknesses:
            print(f"requirements/{name}.txt: {weakness}")
        if answer.trouble:
            print(f"requirements/{name}.txt: NOT CHECKED, no advisories to be had", end=" ")
            print(f"({answer.trouble})", flush=True)
            continue
        known = f"{len(answer.weaknesses)} known weaknesses in {answer.packages} packages"
        print(f"requirements/{name}.txt: {known}", flush=True)
    return verdict(asked)


if __name__ == "__main__":
    raise SystemExit(main())
