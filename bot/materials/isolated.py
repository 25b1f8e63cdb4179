"""Decoding a stranger's file in a process of its own, with little time and memory.

What a file does to ``bot.materials.child``, it does to nobody else: its limits hold before the
first byte is decoded, it may write nothing, and whatever it answers is looked at again here.
"""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.materials.limits import LONGEST_SIDE, MAX_PAGES
from filing.invalid import Invalid, invalid

PROGRAM: tuple[str, ...] = ("-m", "bot.materials.child")
"""What runs apart."""

SECONDS: Final = 15
"""Of the processor, for one file; three times as many may pass."""

AT_ONCE: Final = 2
"""Files decoded side by side; more wait their turn."""


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture as it is kept: JPEG without metadata."""

    content: bytes = field(repr=False)
    width: int
    height: int


class _Told(BaseModel):
    """What the child says."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    pictures: list[tuple[int, int, int]] = Field(default_factory=list, max_length=MAX_PAGES)
    wrong: Invalid | None = None


@dataclass(slots=True)
class Decoder:
    """Decodes files apart, a few at once."""

    max_bytes: int  # of one picture that comes out
    seconds: int = SECONDS
    at_once: int = AT_ONCE
    _room: asyncio.Semaphore | None = None

    async def decode(self, content: bytes, media_type: str) -> Sequence[CleanPicture] | Invalid:
        """Clean pictures of a file: one, or one for each page; or why there are none."""
        if self._room is None:
            self._room = asyncio.Semaphore(self.at_once)
        async with self._room:
            answer = await self._run(content, media_type)
        if answer is None:
            return invalid("file.too_hard")
        return self._read(answer)

    async def _run(self, content: bytes, media_type: str) -> bytes | None:
        """What the child wrote; None if it took too long, too much, or broke."""
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            *PROGRAM,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
        )
        given = {"media_type": media_type, "max_bytes": self.max_bytes, "seconds": self.seconds}
        try:
            async with asyncio.timeout(3 * self.seconds):
                assert child.stdin is not None
                feeding = asyncio.create_task(_feed(child.stdin, given, content))
                try:
                    answer = await self._collect(child)
                finally:
                    feeding.cancel()
                return answer if answer is not None and await child.wait() == 0 else None
        except TimeoutError:
            return None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()

    async def _collect(self, child: asyncio.subprocess.Process) -> bytes | None:
        """All the child writes, as long as that is no more than it may."""
        assert child.stdout is not None
        parts: list[bytes] = []
        left = MAX_PAGES * self.max_bytes + 4096
        while part := await child.stdout.read(2**18):
            left -= len(part)
            if left < 0:
                return None
            parts.append(part)
        return b"".join(parts)

    def _read(self, answer: bytes) -> Sequence[CleanPicture] | Invalid:
        head, _, rest = answer.partition(b"\n")
        try:
            told = _Told.model_validate_json(head)
        except ValidationError:
            return invalid("file.too_hard")
        if told.wrong is not None:
            return told.wrong if _is_ours(told.wrong) else invalid("file.too_hard")
        pictures: list[CleanPicture] = []
        for size, width, height in told.pictures:
            content, rest = rest[:size], rest[size:]
            if len(content) != size or not content.startswith(b"\xff\xd8\xff"):
                return invalid("file.too_hard")
            if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
                return invalid("file.too_hard")
            pictures.append(CleanPicture(content, width, height))
        return pictures or invalid("file.broken")


def _is_ours(wrong: Invalid) -> bool:
    """Whether a refusal is one of a file, with figures only."""
    numbers = all(isinstance(one, int) for one in wrong.params.values())
    return wrong.code.startswith("file.") and numbers


async def _feed(stream: asyncio.StreamWriter, given: object, content: bytes) -> None:
    try:
        stream.write(json.dumps(given).encode() + b"\n")
        stream.write(content)
        await stream.drain()
        stream.close()
    except (BrokenPipeError, ConnectionResetError):
        pass  # it ended before it had read all: its answer says why
