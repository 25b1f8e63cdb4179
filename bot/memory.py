"""When the garbage collector looks at what: not at what stays, and not while people wait."""

import asyncio
import gc
from contextlib import suppress
from typing import Final

LOOK_EVERYWHERE_SECONDS: Final = 600.0

_NEVER: Final = 1_000_000_000


def keep_what_is_loaded() -> None:
    """Spare rules, wording and libraries every later collection: a tenth of a busy process's time.

    From then on the collector looks by itself only at what is young. A look at everything a full
    cache keeps holds all that run for some 60 ms; ``look_everywhere`` takes one now and then.
    Call it once, when everything is loaded and nothing has been served yet.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)


async def look_everywhere(stop: asyncio.Event) -> None:
    """Collect also what grew old before it was dropped, every ten minutes until ``stop``."""
    while not stop.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERYWHERE_SECONDS):
                await stop.wait()
                return
        gc.collect()
