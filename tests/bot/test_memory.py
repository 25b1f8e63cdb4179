"""What is loaded stays; the rest is still collected, the old only where nobody notices."""

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from bot import memory


class _Node:
    def __init__(self) -> None:
        self.me = self  # only the collector finds that nobody needs it


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """The collector as it was."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


async def test_what_grew_old_is_still_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    memory.keep_what_is_loaded()
    node = _Node()
    gc.collect()  # now it is old
    gone = weakref.ref(node)
    del node
    for _ in range(50):
        gc.collect(1)
    assert gone() is not None
    monkeypatch.setattr(memory, "LOOK_EVERYWHERE_SECONDS", 0.001)
    stop = asyncio.Event()
    looking = asyncio.create_task(memory.look_everywhere(stop))
    async with asyncio.timeout(30):
        while gone() is not None:
            await asyncio.sleep(0)
        stop.set()
        await looking


def test_the_collector_looks_at_everything_no_longer_by_itself() -> None:
    memory.keep_what_is_loaded()
    runs = gc.get_stats()[2]["collections"]
    kept = [[number] for number in range(300_000)]
    assert gc.get_stats()[2]["collections"] == runs
    assert len(kept) == 300_000
