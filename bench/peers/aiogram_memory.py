"""aiogram's state machine with its storage in memory: nothing survives the process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.contestant import Bot
from bench.peers.aiogram_edge import local_bot
from bench.peers.aiogram_form import AiogramForm, Kept, form
from bench.platform import Platform


@dataclass(frozen=True, slots=True)
class _Memory:
    form: AiogramForm
    counted: Kept

    async def feed(self, raw: bytes) -> None:
        await self.form.feed(raw)

    async def kept(self) -> int:
        return self.counted.answers


@asynccontextmanager
async def aiogram_memory(platform: Platform, folder: Path) -> AsyncIterator[Bot]:
    """See ``Contestant``."""
    counted = Kept()
    yield _Memory(form(local_bot(platform), counted.add), counted)
