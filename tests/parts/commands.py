"""The program `beian` as a process of its own for each command, without loading it each time."""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self, TextIO

from tests.parts.folders import ROOT
from tests.parts.noted import note


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(slots=True)
class Begun:
    """A command that runs, talked to by pipes; killed at the end of a ``with`` block."""

    pid: int
    given: BinaryIO
    said: BinaryIO
    _told: TextIO  # its exit status, when it has ended
    _status: int | None = None

    def ask(self, line: str) -> str:
        """Send a line and read the next; empty if the command has ended."""
        self.given.write(f"{line}\n".encode())
        self.given.flush()
        return self.reads()

    def reads(self) -> str:
        """The next line it says; empty if there comes no more."""
        return self.said.readline().decode()

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Send it a signal, unless it has ended."""
        if self._status is None and not select.select([self._told], [], [], 0)[0]:
            os.kill(self.pid, how)

    def ended(self) -> int:
        """Close its input, wait, and read no more of it; its exit status."""
        if self._status is None:
            self.given.close()
            self._status = int(self._told.readline())
            self._told.close()
            self.said.close()
        return self._status

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self.ended()


@dataclass(slots=True)
class Commands:
    """Runs commands, each a fork of one parent that has loaded everything."""

    _parent: subprocess.Popen[bytes] | None = None
    _control: socket.socket | None = None

    def run(
        self, home: Path, *arguments: str, module: str = "bot.cli", given: bytes = b"", **env: str
    ) -> Done:
        """Run ``beian ARGUMENTS``, or another program, in ``home``, which is its home too."""
        places = [home / f".{name}" for name in ("stdin", "stdout", "stderr")]
        places[0].write_bytes(given)
        with (
            places[0].open("rb") as stdin,
            places[1].open("wb") as stdout,
            places[2].open("wb") as stderr,
        ):
            files = [file.fileno() for file in (stdin, stdout, stderr)]
            _, told = self._begin(home, module, arguments, env, files)
        with told:
            status = int(told.readline())
        out, err = (place.read_bytes().decode() for place in places[1:])
        note("complaints of commands", "what a command told its operator", err.encode())
        for place in places:
            place.unlink()
        return Done(status, out, err)

    def begin(
        self,
        home: Path,
        *arguments: str,
        module: str = "bot.cli",
        complaints: BinaryIO | None = None,
        **env: str,
    ) -> Begun:
        """Begin to run it, or another program; ``complaints`` takes its errors, else the test's."""
        (stdin, given), (said, stdout) = os.pipe(), os.pipe()
        errors = 2 if complaints is None else complaints.fileno()
        pid, told = self._begin(home, module, arguments, env, [stdin, stdout, errors])
        os.close(stdin)
        os.close(stdout)
        return Begun(pid, os.fdopen(given, "wb"), os.fdopen(said, "rb"), told)

    def close(self) -> None:
        """Let the parent end, and whatever still runs."""
        if self._parent is not None and self._control is not None:
            self._control.close()
            self._parent.wait()

    def _begin(
        self,
        home: Path,
        module: str,
        arguments: Sequence[str],
        env: Mapping[str, str],
        files: Sequence[int],
    ) -> tuple[int, TextIO]:
        """Its process id, and where its exit status will be told."""
        wanted = {
            "module": module,
            "arguments": arguments,
            "env": {**os.environ, "BEIAN_HOME": str(home), **env},
            "cwd": str(home),
        }
        ours, theirs = socket.socketpair()
        with ours, theirs:
            socket.send_fds(self._asked(), [b"."], [*files, theirs.fileno()])
            ours.sendall(f"{json.dumps(wanted)}\n".encode())
            told = ours.makefile()
        return int(told.readline()), told

    def _asked(self) -> socket.socket:
        if self._control is None:
            self._control, theirs = socket.socketpair()
            with theirs:
                self._parent = subprocess.Popen(
                    [sys.executable, "-m", "tests.parts.warm"],
                    stdin=theirs.fileno(),
                    cwd=ROOT,
                    # It outlives the test that starts it, and that test's settings.
                    env={k: v for k, v in os.environ.items() if not k.startswith("BEIAN_")},
                )
        return self._control


COMMANDS = Commands()
"""Those of this test worker."""
atexit.register(COMMANDS.close)
