"""The table of the torture: raw counts of the last full run of each part, in docs/."""

import json
import subprocess
from collections.abc import Mapping
from typing import Any, Final

from bench.results import ROOT, machine
from bench.torture.parts import PARTS
from bench.torture.places import Place

TABLE: Final = ROOT / "docs" / "reliability.md"
COUNTS: Final = ROOT / "docs" / "reliability.json"

_BEGIN, _END = "<!-- torture -->", "<!-- end of torture -->"
_DATABASES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
_ABOUT = ("cpus", "cpu", "system", "python", "sqlite", "load_1_min")


def about_run(place: Place) -> dict[str, Any]:
    """Which program was tortured, and on what."""
    here = machine()
    about: dict[str, Any] = {name: here[name] for name in _ABOUT}
    if place.server is not None:
        about["postgres"] = place.server.version
    return {"commit": _commit(), "machine": about}


def _commit() -> str:
    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--", "*.py", "*.toml")
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")


def kept() -> dict[str, Any]:
    """The counts of earlier runs, by part and database."""
    if not COUNTS.exists():
        return {}
    found: dict[str, Any] = json.loads(COUNTS.read_text(encoding="utf-8"))
    return found


def write(found: Mapping[str, Any]) -> None:
    """Keep the counts, and write the table into the page around it."""
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True)
    COUNTS.write_text(text + "\n", encoding="utf-8")
    page = TABLE.read_text(encoding="utf-8")
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    TABLE.write_text(f"{before}{_BEGIN}\n{table(found)}\n{_END}{after}", encoding="utf-8")


def table(found: Mapping[str, Any]) -> str:
    """The counts as a table, parts in the order they run in."""
    lines = ["| What | Database | Done | Broken | At most | Seed, commit, seconds |"]
    lines.append("|---|---|---|---|---|---|")
    lines += [
        _row(name, kind, found[key])
        for name in PARTS
        for kind in _DATABASES
        if (key := f"{name}/{kind}") in found
    ]
    return "\n".join([*lines, "", *_machines(found)])


def show(name: str, kind: str, one: Mapping[str, Any]) -> None:
    """Print what one part came to."""
    print(_row(name, kind, one), flush=True)


def _row(name: str, kind: str, one: Mapping[str, Any]) -> str:
    title = PARTS[name].title
    head = f"| {title} (`{name}`) | {_DATABASES[kind]} |"
    if "left_out" in one or "failed" in one:
        return f"{head} {one.get('left_out') or one['failed']} | | | |"
    did = ", ".join(f"{value:,} {what}" for what, value in one["did"].items())
    noted = "".join(f"; {what}: {value:,}" for what, value in one["noted"].items())
    broken = ", ".join(f"{value} {what}" for what, value in one["broken"].items())
    bounded = ", ".join(
        f"{what}: {value:,} of {most:,}" for what, (value, most) in one["bounded"].items()
    )
    run = f"{one['seed']}, {one['commit']}, {one['seconds']}"
    return f"{head} {did}{noted} | {broken} | {bounded} | {run} |"


def _machines(found: Mapping[str, Any]) -> list[str]:
    """The machines it ran on, each once."""
    seen: dict[str, None] = {}
    for one in found.values():
        here = one.get("machine")
        if here is None:
            continue
        databases = f"SQLite {here['sqlite']}"
        if "postgres" in here:
            databases += f", PostgreSQL {here['postgres']}"
        cores = f"{here['cpus']} cores ({here['cpu']}), {here['system']}"
        seen.setdefault(f"{cores}, Python {here['python']}, {databases}")
    longest = [line for line in seen if not any(line != other and line in other for other in seen)]
    return [f"Machine: {line}." for line in longest]
