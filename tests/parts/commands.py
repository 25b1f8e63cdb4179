"""The program `beian` as a process of its own for each command, without loading it each time.

usage: python -m tests.parts.commands
Loads the program once and forks, so that a command begins within milliseconds. Each line on
standard input names a command; of output, two lines are its process id and its exit status.
"""

import atexit
import gc
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from tests.parts.folders import ROOT

_LOADED = (
    *("bot.auditing", "bot.chatting", "bot.checking", "bot.database", "bot.deadlines"),
    *("bot.exporting", "bot.footer.command", "bot.gaps", "bot.staff", "bot.wiring"),
)


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(slots=True)
class Commands:
    """Runs commands one after the other."""

    _parent: subprocess.Popen[str] | None = field(default=None)
    _begun: int | None = None

    def run(self, home: Path, *arguments: str, given: bytes = b"", **env: str) -> Done:
        """Run ``beian ARGUMENTS`` in ``home``, which is its home too."""
        self.begin(home, *arguments, given=given, **env)
        return self.ended(home)

    def begin(self, home: Path, *arguments: str, given: bytes = b"", **env: str) -> int:
        """Begin to run it, as the only one until it has ended; its process id."""
        files = _files(home)
        files["stdin"].write_bytes(given)
        wanted = {
            "arguments": arguments,
            "env": {**os.environ, "BEIAN_HOME": str(home), **env},
            "cwd": str(home),
            "files": {name: str(file) for name, file in files.items()},
        }
        self._begun = self._ask(json.dumps(wanted))
        return self._begun

    def ended(self, home: Path) -> Done:
        """Wait for its end."""
        files, status = _files(home), self._answer()
        self._begun = None
        out, err = (files[name].read_bytes().decode() for name in ("stdout", "stderr"))
        for file in files.values():
            file.unlink()
        return Done(status, out, err)

    def close(self) -> None:
        """Let the parent end, and whatever still runs."""
        if self._parent is not None and self._parent.stdin is not None:
            if self._begun is not None:
                os.kill(self._begun, signal.SIGKILL)
            self._parent.stdin.close()
            self._parent.wait()

    def _ask(self, line: str) -> int:
        if self._parent is None:
            self._parent = subprocess.Popen(
                [sys.executable, "-m", "tests.parts.commands"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
            )
        assert self._parent.stdin and self._parent.stdout
        self._parent.stdin.write(f"{line}\n")
        self._parent.stdin.flush()
        return self._answer()

    def _answer(self) -> int:
        assert self._parent and self._parent.stdout
        return int(self._parent.stdout.readline())


def _files(home: Path) -> dict[str, Path]:
    return {name: home / f".{name}" for name in ("stdin", "stdout", "stderr")}


COMMANDS = Commands()
"""Those of this test worker."""
atexit.register(COMMANDS.close)


def _live(wanted: Mapping[str, Any]) -> None:
    """Be the command: never returns."""
    from bot.cli import main

    for number, name in enumerate(("stdin", "stdout", "stderr")):
        how = os.O_WRONLY | os.O_CREAT | os.O_TRUNC if number else os.O_RDONLY
        os.dup2(os.open(wanted["files"][name], how, 0o600), number)
    sys.stdin, sys.stdout, sys.stderr = _text(0, "rb"), _text(1, "wb"), _text(2, "wb")
    os.environ.clear()
    os.environ.update(wanted["env"])
    os.chdir(wanted["cwd"])
    sys.argv = ["beian", *wanted["arguments"]]
    status: object = 0
    try:
        main()
    except SystemExit as ended:
        status = ended.code
    except BaseException as error:  # as the interpreter would end
        sys.excepthook(type(error), error, error.__traceback__)
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 0 if status is None else 1)


def _text(number: int, mode: str) -> IO[str]:
    return io.TextIOWrapper(os.fdopen(number, mode), encoding="utf-8", write_through=True)


def _serve() -> None:
    for name in _LOADED:
        import_module(name)
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _live(json.loads(line))
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    _serve()
