"""A bot's waiting updates: kept until confirmed, read by one reader at a time."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bot.testing.telegram.rules import Refusal

_CONFLICT = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


@dataclass(slots=True)
class Updates:
    """Updates in the order they happened. ``handed_out`` counts by id how often each was read."""

    next_id: int = 1
    waiting: list[dict[str, Any]] = field(default_factory=list)
    handed_out: Counter[int] = field(default_factory=Counter)
    allowed: frozenset[str] | None = None  # kinds; None: all
    _reader: asyncio.Future[None] | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, kind: str, content: dict[str, Any]) -> dict[str, Any] | None:
        """A new update, or None if this kind was not asked for."""
        if self.allowed is not None and kind not in self.allowed:
            return None
        update = {"update_id": self.next_id, kind: content}
        self.next_id += 1
        self.put(update)
        return update

    def put(self, update: dict[str, Any]) -> None:
        """An update as it is, however odd."""
        self.waiting.append(update)
        self._wake()

    def jump(self, next_id: int) -> None:
        """Go on with another id, as Telegram does after a week of silence."""
        self.next_id = next_id

    def confirm(self, update: dict[str, Any]) -> None:
        """Take one away."""
        self.waiting = [one for one in self.waiting if one is not update]
        self._wake()

    async def read(self, offset: int, limit: int, wait: float) -> list[dict[str, Any]]:
        """Confirm what is below the offset, then hand out what waits, or wait for it.

        Raises Refusal (409) when another reader comes meanwhile.
        """
        self._confirm_below(offset)
        if self._reader is not None and not self._reader.done():
            self._reader.set_exception(Refusal(409, _CONFLICT))
        mine = self._reader = asyncio.get_running_loop().create_future()
        try:
            if not self.waiting and wait > 0:
                await self._wait(mine, wait)
            if mine.done():
                mine.result()
        finally:
            if self._reader is mine:
                self._reader = None
            mine.cancel()
        batch = self.waiting[:limit]
        self.handed_out.update(one["update_id"] for one in batch if "update_id" in one)
        return batch

    async def emptied(self, patience: float) -> None:
        """Wait until all are confirmed; TimeoutError after ``patience`` seconds."""
        async with asyncio.timeout(patience):
            while self.waiting:
                await self._change()

    def _confirm_below(self, offset: int) -> None:
        if offset < 0:
            self.waiting = self.waiting[offset:]
        elif offset > 0:
            self.waiting = [one for one in self.waiting if one.get("update_id", offset) >= offset]
        self._wake()

    async def _wait(self, mine: "asyncio.Future[None]", seconds: float) -> None:
        change = asyncio.ensure_future(self._change())
        try:
            await asyncio.wait({mine, change}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            change.cancel()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    def _wake(self) -> None:
        self._changed.set()
