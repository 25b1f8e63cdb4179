"""Who works on a home: any number of serving processes, or one command that needs it alone."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.settings import BrokenSettings

_FILE = "in-use.lock"


@contextmanager
def in_use(home: Path) -> Iterator[None]:
    """Work on it beside others. Raises BrokenSettings while somebody has it alone."""
    with _locked(home, alone=False):
        yield


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Have it alone. Raises BrokenSettings while a process works on it."""
    with _locked(home, alone=True):
        yield


@contextmanager
def _locked(home: Path, *, alone: bool) -> Iterator[None]:
    if sys.platform == "win32":  # it has no such locks; there, stopping is up to the operator
        yield
        return
    import fcntl

    home.mkdir(parents=True, exist_ok=True)
    kind = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    with (home / _FILE).open("ab") as file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except OSError:
            busy = "stop all processes first" if alone else "wait until it is done"
            holder = "`beian serve` works on" if alone else "a command has"
            raise BrokenSettings(f"{holder} {home}: {busy}") from None
        yield
