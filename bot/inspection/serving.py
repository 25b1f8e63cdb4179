"""The life of a worker: limits first, then one request after another until nobody asks."""

import json
import os
import select
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

_IDLE: Final = 300.0  # seconds without a request after which a worker ends
_NICENESS: Final = 5

FAILED: Final = "failed"
"""Key of an answer that names what went wrong, instead of an answer."""

Answer = Callable[[dict[str, Any], bytes], dict[str, Any]]


def serve(answer: Answer, *, memory: int) -> None:
    """Answer requests from standard input; ``memory`` is of address space, in bytes.

    What a library prints goes nowhere: standard output is for answers alone.
    """
    with suppress(OSError, AttributeError):
        os.nice(_NICENESS)  # whoever chats meanwhile comes first
    _limit(memory)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests = sys.stdin.buffer
    while True:
        if os.name == "posix" and not select.select([requests], [], [], _IDLE)[0]:
            return
        line = requests.readline()
        if not line:
            return
        given = json.loads(line)
        content = requests.read(given["bytes"])
        try:
            told = answer(given, content)
        except Exception as fault:  # a picture nobody foresaw: the next one is not to blame
            told = {FAILED: type(fault).__name__}
        answers.write(json.dumps(told).encode() + b"\n")
        answers.flush()


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's patience remains
        return
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(what, (most, most))
