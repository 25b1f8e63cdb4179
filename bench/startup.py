"""Processor seconds until a command is there, its child processes included."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from statistics import median

from bench.results import ROOT, Result, work_folder

COMMANDS = {"chat_json": ("chat", "--json"), "chat": ("chat",), "check": ("check",)}
"""The chats are measured to the end of their first answer, in a fresh home folder."""

LIMITS = {"chat_json": 1.0, "chat": 1.0, "check": 2.0}
"""Seconds of processor time that each may take."""


def startup(rounds: int) -> dict[str, Result]:
    """Start-up of the commands people wait for."""
    return {
        f"startup_beian_{name}": _result(
            [_cpu_seconds(arguments) for _ in range(rounds)], LIMITS[name]
        )
        for name, arguments in COMMANDS.items()
    }


def _result(seconds: Sequence[float], limit: float) -> Result:
    typical = median(seconds)
    return Result(
        unit="processor seconds",
        ratios={"limit": limit / typical},
        medians={"seconds": typical, "limit": limit},
        counts={"rounds": len(seconds)},
    )


def _cpu_seconds(arguments: Sequence[str]) -> float:
    """User and system time of one run, from a resource usage of its own."""
    with tempfile.TemporaryDirectory(dir=work_folder()) as home:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", *arguments],
            cwd=ROOT,
            env={**os.environ, "BEIAN_HOME": home},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )
        assert process.stdin
        said = '{"say": "你好"}' if "--json" in arguments else "你好"
        process.stdin.write(f"{said}\n".encode())
        process.stdin.close()
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"beian {' '.join(arguments)} failed")
    return usage.ru_utime + usage.ru_stime
