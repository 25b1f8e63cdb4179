"""What the benchmarks leave behind: one file, a value for every benchmark's name."""

import json
import os
import platform
import sqlite3
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FILE = ROOT / "bench" / "results.json"

_LIBRARIES = (
    "aiogram",
    "aiogram-dialog",
    "python-telegram-bot",
    "sqlalchemy",
    "pydantic",
    "bm25s",
    "jieba",
    "apscheduler",
)


@dataclass(frozen=True, slots=True)
class Result:
    """One benchmark. ``ratios`` say how many times as good ours is as each peer, in one run."""

    unit: str
    ratios: Mapping[str, float] = field(default_factory=dict)
    medians: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    further: Mapping[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """For the results file."""
        return {
            "unit": self.unit,
            "ratios": self.ratios,
            "medians": self.medians,
            "counts": self.counts,
            **self.further,
            "machine": machine(),
        }


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "cpus": os.cpu_count(),
        "cpu": _cpu_name(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load_1_min": round(os.getloadavg()[0], 2),
        **{name: version(name) for name in _LIBRARIES},
    }


def save(results: Mapping[str, Result]) -> None:
    """Write the file; benchmarks not run this time are left as they were."""
    known = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    known |= {name: _rounded(result.as_data()) for name, result in results.items()}
    text = json.dumps(known, ensure_ascii=False, indent=2, sort_keys=True)
    FILE.write_text(text + "\n", encoding="utf-8")


def work_folder() -> Path:
    """A folder on the same disk as the project: a temporary one may lie in memory."""
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, Mapping):
        return {key: _rounded(inner) for key, inner in value.items()}
    return value


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or sys.platform
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
