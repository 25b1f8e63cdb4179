"""Keeps processes on one database up with each other's turns, beside the turns themselves.

What a process remembers of a conversation is checked by its version in every commit, so nothing
is wrong without this; it is only late: a page shows what another process said when it looks next.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from dialogs.message import Identity
from dialogs.ports import CaseStore
from storage.ports import News

logger = logging.getLogger(__name__)

GATHER: Final = 0.02
"""Seconds for which news is gathered before it is told: a burst of turns is one message."""

_AGAIN: Final = 1.0


@dataclass(slots=True)
class Newsroom:
    """Tells what this process committed, and takes in what others did.

    ``hearers`` are called with whom another process committed something for; None: anybody.
    """

    news: News
    cases: CaseStore
    hearers: list[Callable[[Identity | None], None]] = field(default_factory=list)
    _to_tell: dict[Identity, None] = field(default_factory=dict)
    _something: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, identity: Identity) -> None:
        """Something was committed here for this person."""
        self._to_tell[identity] = None
        self._something.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Tell and hear until told to stop; what is left then is told."""
        stopping = asyncio.create_task(stop.wait())
        try:
            async with self.news.listening(self.hear):
                while not stop.is_set():
                    something = asyncio.create_task(self._something.wait())
                    await asyncio.wait({something, stopping}, return_when=asyncio.FIRST_COMPLETED)
                    something.cancel()
                    await asyncio.wait({stopping}, timeout=GATHER)
                    if not await self._tell_all():
                        await asyncio.wait({stopping}, timeout=_AGAIN)
        finally:
            stopping.cancel()

    def hear(self, identities: Sequence[Identity]) -> None:
        """What another process has told."""
        for identity in identities or (None,):
            self.cases.evict(identity)
            for hearer in self.hearers:
                hearer(identity)

    async def _tell_all(self) -> bool:
        """Tell what was gathered; False if it could not be told and is to be told again."""
        self._something.clear()
        told = list(self._to_tell)
        if not told:
            return True
        self._to_tell.clear()
        try:
            await self.news.tell(told)
        except Exception as error:  # the database is away: nothing is committed meanwhile either
            logger.warning("others cannot be told: %s", type(error).__name__)
            for identity in told:
                self.tell(identity)
            return False
        return True
