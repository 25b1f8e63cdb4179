"""What is measured: a bot that is given updates, and says what it has kept."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from bench.platform import Platform


class Bot(Protocol):
    """A running bot. Updates of one chat come one after the other."""

    async def feed(self, raw: bytes) -> None:
        """Take one update as it came off the wire; on return it is handled and answered."""
        ...

    async def kept(self) -> int:
        """How many answers of all users it now holds, wherever it holds them."""
        ...


Contestant = Callable[[Platform, Path], AbstractAsyncContextManager[Bot]]
"""Opens a bot on a platform, with an empty folder for what it keeps on disk."""
