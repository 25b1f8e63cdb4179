"""The reader of papers, in a process of its own that is started when the first is to be read.

It holds the models (about 0.8 GB while it reads), so there is one. Whatever happens to it,
whoever asked is told that nothing was read, and goes on by typing.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.util import find_spec
from typing import Any, Final, Protocol

from pydantic import TypeAdapter, ValidationError

from bot.inspection.ocr.reading import NOTHING, Reading
from bot.inspection.pool import WorkerFailed, WorkerPool

_log = logging.getLogger(__name__)

WITHIN: Final = timedelta(seconds=40)
"""How long one picture may take, the waiting for others before it included."""

_READING: Final[TypeAdapter[Reading]] = TypeAdapter(Reading)
_NEEDED: Final = ("rapidocr", "onnxruntime")


class Workers(Protocol):
    """Processes that answer for a picture: ``bot.inspection.pool.WorkerPool``."""

    async def ask(self, given: Mapping[str, object], content: bytes) -> dict[str, Any]:
        """The answer. Raises WorkerFailed."""
        ...

    async def stop(self) -> None:
        """End the processes."""
        ...


def is_installed() -> bool:
    """Whether the libraries of the extra ``ocr`` are here."""
    return all(find_spec(name) is not None for name in _NEEDED)


def _one_worker() -> Workers:
    return WorkerPool("bot.inspection.ocr.child", count=1, seconds=WITHIN.total_seconds())


@dataclass(frozen=True, slots=True)
class PaperReader:
    """Reads papers, one picture at a time."""

    within: timedelta = WITHIN
    workers: Workers = field(default_factory=_one_worker)

    async def read(self, content: bytes, today: date) -> Reading:
        """What the paper in a picture says; nothing where it took too long or went wrong."""
        try:
            async with asyncio.timeout(self.within.total_seconds()):
                told = await self.workers.ask({"today": today.isoformat()}, content)
            return _READING.validate_python(told)
        except (TimeoutError, WorkerFailed, OSError, ValidationError) as fault:
            _log.warning("a paper was not read: %s", type(fault).__name__)
            return NOTHING

    async def stop(self) -> None:
        """End the process."""
        await self.workers.stop()
