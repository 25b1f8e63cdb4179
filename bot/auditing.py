"""`beian audit`: the trail checked and written out."""

import json
from collections.abc import Callable

from bot.clock import real_clock
from bot.settings import Settings
from bot.wiring import open_stores
from desk.audit import Entry, Verdict, Wanted, everything


async def verify(settings: Settings, head: str | None) -> Verdict:
    """How the trail stands; ``head`` is a checksum noted earlier."""
    try:
        sought = None if head is None else bytes.fromhex(head.strip())
    except ValueError:
        sought = b""  # no entry has it
    async with open_stores(settings, real_clock) as stores:
        return await stores.audit.verify(sought)


async def export(settings: Settings, write: Callable[[str], None]) -> None:
    """Write every entry as a line of JSON, oldest first."""
    async with open_stores(settings, real_clock) as stores:
        newest_first: list[Entry] = [one async for one in everything(stores.audit, Wanted())]
        for entry in reversed(newest_first):
            write(json.dumps(entry.as_data(), ensure_ascii=False))
