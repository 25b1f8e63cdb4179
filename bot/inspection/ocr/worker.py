"""One process that reads papers, started when the first is to be read and ended when idle.

It holds the models (about 0.8 GB in use), so there is one by default. Whatever happens to it,
whoever asked is told that nothing was read and goes on by typing.
"""

import asyncio
import json
import logging
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.util import find_spec
from typing import Final

from pydantic import TypeAdapter, ValidationError

from bot.inspection.ocr.reading import NOTHING, Reading

_log = logging.getLogger(__name__)

WITHIN: Final = timedelta(seconds=30)
"""How long one picture may take, the waiting for others before it included."""

_IDLE: Final = timedelta(minutes=10)
_RENEWED_AFTER: Final = 200
"""Pictures after which a fresh process takes over, whatever the libraries have kept."""

_READING: Final[TypeAdapter[Reading | None]] = TypeAdapter(Reading | None)
_HANDED_ON: Final = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
_NEEDED: Final = ("rapidocr", "onnxruntime")


def is_installed() -> bool:
    """Whether the libraries of the extra ``ocr`` are here."""
    return all(find_spec(name) is not None for name in _NEEDED)


@dataclass(slots=True)
class PaperReader:
    """Reads papers in a process of its own, one picture at a time."""

    within: timedelta = WITHIN
    idle: timedelta = _IDLE
    program: tuple[str, ...] = (sys.executable, "-m", "bot.inspection.ocr.child")
    _child: asyncio.subprocess.Process | None = None
    _read: int = 0  # by this child
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _rest: asyncio.TimerHandle | None = None

    async def read(self, content: bytes, today: date) -> Reading:
        """What the paper in a picture says; nothing where it took too long or went wrong."""
        try:
            async with asyncio.timeout(self.within.total_seconds()), self._turn:
                return await self._ask(content, today)
        except TimeoutError:
            _log.warning("a paper was not read in time")
        except (OSError, EOFError, ValidationError) as error:
            _log.warning("a paper was not read: %s", type(error).__name__)
        return NOTHING

    async def stop(self) -> None:
        """End the process."""
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
        child, self._child = self._child, None
        if child is not None and child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()

    async def _ask(self, content: bytes, today: date) -> Reading:
        if self._rest is not None:
            self._rest.cancel()
        done = False
        try:
            child = await self._running()
            assert child.stdin is not None and child.stdout is not None
            asked = {"size": len(content), "today": today.isoformat()}
            child.stdin.write(json.dumps(asked).encode() + b"\n" + content)
            await child.stdin.drain()
            told = await child.stdout.readline()
            if not told:
                raise EOFError
            reading = _READING.validate_json(told) or NOTHING
            self._read += 1
            done = True
            return reading
        finally:
            if not done or self._read >= _RENEWED_AFTER:  # half an answer would be the next one's
                await self.stop()
            else:
                self._rest = asyncio.get_running_loop().call_later(
                    self.idle.total_seconds(), self._go_to_rest
                )

    def _go_to_rest(self) -> None:
        if not self._turn.locked() and self._child is not None:
            child, self._child = self._child, None
            assert child.stdin is not None
            child.stdin.close()  # it ends when nothing more can come

    async def _running(self) -> asyncio.subprocess.Process:
        if self._child is None or self._child.returncode is not None:
            self._read = 0
            self._child = await asyncio.create_subprocess_exec(
                *self.program,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=2**20,
                env={name: os.environ[name] for name in _HANDED_ON if name in os.environ},
            )
        return self._child
