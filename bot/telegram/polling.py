"""Reading updates by long polling; an update is confirmed only when it is done.

Neither library's own polling does this: both confirm an update before, or while, it is
handled, and lose it with the process.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

from bot.telegram.client import LONG_POLL, Client
from bot.telegram.errors import AnotherReader, TelegramFault, TokenRefused, TooFast
from bot.telegram.translate import chat_of

logger = logging.getLogger(__name__)

CONFLICTS: Final = 3
"""Polls in a row taken away by another reader before we give way; a restart makes one or two."""

_CONFIRM: Final = 2.0
_PAUSES: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class Poller:
    """Polls one bot and hands every update to ``take``.

    Updates of one chat are taken in order, those of different chats side by side. While
    ``take`` raises, its chat is tried again and nothing of the batch is confirmed.
    """

    def __init__(
        self,
        client: Client,
        take: Callable[[Any], Awaitable[None]],
        *,
        long_poll: int = LONG_POLL,
    ) -> None:
        self._client = client
        self._take = take
        self._long_poll = long_poll
        self._conflicts = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until ``stop`` is set; then finish and confirm what is in hand.

        Raises TokenRefused or AnotherReader when reading on is pointless.
        """
        stopping = asyncio.create_task(stop.wait())
        offset: int | None = None
        failures = 0
        try:
            while not stop.is_set():
                try:
                    updates = await _unless(stopping, self._client.updates(offset, self._long_poll))
                except TelegramFault as fault:
                    pause = self._pause_after(fault, failures)
                    failures += 1
                    await asyncio.wait({stopping}, timeout=pause)
                    continue
                if updates is None:
                    break
                failures = self._conflicts = 0
                # Ids may jump, even down, after a week of silence: an offset is only for
                # confirming, once.
                offset = None
                if updates and await self._take_all(updates, stop):
                    offset = _next_id(updates)
                    if offset is None:  # nothing that could be confirmed: it comes again
                        await asyncio.wait({stopping}, timeout=_PAUSES[-1])
        finally:
            stopping.cancel()
        if offset is not None:
            await self._confirm(offset)

    def _pause_after(self, fault: TelegramFault, failures: int) -> float:
        """Seconds to wait before polling again; raises what waiting cannot cure."""
        if isinstance(fault, TokenRefused):
            raise fault
        if isinstance(fault, AnotherReader):
            self._conflicts += 1
            if self._conflicts >= CONFLICTS:
                raise fault
        logger.warning("%s", fault)
        return (
            fault.retry_after
            if isinstance(fault, TooFast)
            else _PAUSES[min(failures, len(_PAUSES) - 1)]
        )

    async def _take_all(self, updates: Sequence[Any], stop: asyncio.Event) -> bool:
        """Take a batch; False if the process stops before all of it is done."""
        chats: dict[int | None, list[Any]] = {}
        for update in updates:
            chats.setdefault(chat_of(update), []).append(update)
        done = await asyncio.gather(*(self._take_some(some, stop) for some in chats.values()))
        return all(done)

    async def _take_some(self, updates: Iterable[Any], stop: asyncio.Event) -> bool:
        for update in updates:
            if not await self._take_one(update, stop):
                return False
        return True

    async def _take_one(self, update: Any, stop: asyncio.Event) -> bool:
        failures = 0
        while True:
            try:
                await self._take(update)
            except Exception as error:  # the database is away: unconfirmed, nothing is lost
                logger.warning("an update cannot be taken yet: %s", type(error).__name__)
            else:
                return True
            if stop.is_set():
                return False
            await asyncio.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])
            failures += 1

    async def _confirm(self, offset: int) -> None:
        """Confirm the last batch; if that fails it only comes again, to no effect."""
        try:
            async with asyncio.timeout(_CONFIRM):
                await self._client.updates(offset, 0)
        except (TelegramFault, TimeoutError) as error:
            logger.info("the last updates stay unconfirmed: %s", type(error).__name__)


def _next_id(updates: Sequence[Any]) -> int | None:
    """The offset that confirms these updates, None if none of them has an id."""
    ids = [
        update["update_id"]
        for update in updates
        if isinstance(update, dict) and isinstance(update.get("update_id"), int)
    ]
    return max(ids) + 1 if ids else None


async def _unless(
    stopping: asyncio.Task[bool], call: Awaitable[Sequence[Any]]
) -> Sequence[Any] | None:
    """What the call returns, or None if we have to stop first: an unanswered poll may be cut."""
    polling = asyncio.ensure_future(call)
    try:
        await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return polling.result() if polling.done() else None
    finally:
        if polling.cancel():
            await asyncio.wait({polling})
