"""Lives of one process, each forked from one that has everything loaded: it begins at once."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any


def live_for_every_line(live: Callable[[str, asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Run ``live`` in a child for each line on standard input, one after the other.

    Prints each life's process id, and its exit status when it has ended. SIGTERM sets the event,
    after which a life shall end in order: one that is asked before it listens, as soon as it does.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGALRM, _end_alone)
            signal.setitimer(signal.ITIMER_REAL, 1, 1)
            asyncio.run(_live(live, line.strip()))
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _end_alone(*_: object) -> None:
    """No life goes on after whoever began it."""
    if os.getppid() == 1:
        os._exit(1)


async def _live(live: Callable[[str, asyncio.Event], Coroutine[Any, Any, None]], line: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    await live(line, stop)
