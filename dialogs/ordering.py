"""One thing at a time for each person, in the order it came; different people side by side."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from dialogs.message import Identity


@dataclass(slots=True)
class Queues:
    """A queue for everybody something is being done for; gone when nothing is."""

    _locks: dict[Identity, tuple[asyncio.Lock, int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._locks)

    @asynccontextmanager
    async def turn_of(self, identity: Identity) -> AsyncIterator[None]:
        """Wait until whatever came before is done."""
        lock, waiting = self._locks.get(identity, (None, 0))
        lock = lock or asyncio.Lock()
        self._locks[identity] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            _, waiting = self._locks[identity]
            if waiting == 1:
                del self._locks[identity]
            else:
                self._locks[identity] = (lock, waiting - 1)
