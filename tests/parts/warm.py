"""The parent of the tests' commands: everything loaded once, each command a fork of it.

usage: python -m tests.parts.warm, with a Unix socket as standard input
Each byte there comes with four files: standard input, output and errors of a command, and a
socket on which one line of JSON says what it is. That socket is told the command's process id
and, when it has ended, its exit status. What still runs when the standard input ends is killed.
"""

import gc
import io
import json
import os
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from runpy import run_module
from typing import IO, Any

_LOADED = (
    *("bot.asking", "bot.auditing", "bot.chatting", "bot.checking", "bot.database"),
    *("bot.deadlines", "bot.explaining", "bot.exporting", "bot.footer.command", "bot.gaps"),
    *("bot.serving", "bot.staff", "bot.wiring", "storage.memory", "storage.migrate"),
    *("storage.stores", "alembic.command", "uvicorn.protocols.http.h11_impl"),
)


def _load() -> None:
    for name in _LOADED:
        import_module(name)
    from bot.reloading import load_articles, load_language
    from bot.settings import Settings
    from bot.world import load_world

    # Articles are indexed once, too: a command that reads the same ones finds them done.
    load_language()
    load_articles(load_world(Settings(_env_file=None)).knowledge)
    gc.freeze()


def _live(wanted: Mapping[str, Any], files: Sequence[int]) -> None:
    """Be the command: never returns."""
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    sys.stdin, sys.stdout, sys.stderr = _text(0, "rb"), _text(1, "wb"), _text(2, "wb")
    os.environ.clear()
    os.environ.update(wanted["env"])
    tempfile.tempdir = None
    os.chdir(wanted["cwd"])
    sys.argv = [wanted["module"], *wanted["arguments"]]
    status: object = 0
    try:
        run_module(wanted["module"], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        status = ended.code
    except BaseException as error:  # as the interpreter would end
        sys.excepthook(type(error), error, error.__traceback__)
        status = 1
    with suppress(OSError, ValueError):  # nobody reads it any more, or it is closed
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 0 if status is None else 1)


def _text(number: int, mode: str) -> IO[str]:
    return io.TextIOWrapper(os.fdopen(number, mode), encoding="utf-8", write_through=True)


def _serve(control: socket.socket) -> None:
    running: dict[int, socket.socket] = {}
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        ready = select.select([control.fileno(), woken], [], [])[0]
        if woken in ready:
            os.read(woken, 4096)
            _reap(running)
        if control.fileno() in ready:
            asked, files, _, _ = socket.recv_fds(control, 1, 4)
            if not asked:
                break
            told = socket.socket(fileno=files.pop())
            child = os.fork()
            if child == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                control.close()
                _live(json.loads(told.makefile().readline()), files)
            for file in files:
                os.close(file)
            running[child] = told
            told.sendall(f"{child}\n".encode())
    for child in running:
        os.kill(child, signal.SIGKILL)


def _reap(running: dict[int, socket.socket]) -> None:
    for child in tuple(running):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            with running.pop(child) as told, suppress(OSError):  # nobody wants to know
                told.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    _load()
    _serve(socket.socket(fileno=os.dup(0)))
