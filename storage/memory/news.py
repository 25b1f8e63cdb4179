"""News in memory: no other process is there to hear any."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext

from dialogs.message import Identity


class MemoryNews:
    """``News`` in memory."""

    async def tell(self, identities: Sequence[Identity]) -> None:
        """See ``News``."""

    def listening(
        self, hear: Callable[[Sequence[Identity]], None]
    ) -> AbstractAsyncContextManager[None]:
        """See ``News``."""
        return nullcontext()
