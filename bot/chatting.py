"""The chat commands: a terminal conversation, and a rehearsal in JSON lines."""

import asyncio
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from bot.chat_json import JsonChat
from bot.clock import SimulatedClock, real_clock
from bot.letters.handing import LetterDesk
from bot.privacy.running import copies_of
from bot.settings import Settings
from bot.terminal import Terminal
from bot.wiring import open_program
from dialogs.message import Identity

LOCAL = Identity("terminal", "local")


async def chat_in_json(
    settings: Settings, locale: str, start: datetime | None, *, keep: bool
) -> None:
    """Answer JSON lines from standard input; in memory unless a database is to be kept."""
    clock = SimulatedClock(start or real_clock())
    async with open_program(settings, clock, in_memory=not keep) as program:
        session = JsonChat.of(program, clock, LOCAL, locale)
        async for answer in session.run(_lines()):
            print(answer, flush=True)


async def chat_in_terminal(settings: Settings, locale: str, start: datetime | None) -> None:
    """A conversation kept in the home folder's database."""
    clock = SimulatedClock(start) if start is not None else real_clock
    async with open_program(settings, clock) as program:
        letters = LetterDesk(program.assistant, settings.content).of(LOCAL)
        shown = settings.home / "shown"
        terminal = Terminal(
            *(program.assistant, clock, LOCAL, locale, shown),
            receiver=program.receiver,
            letters=letters,
            copy=partial(copies_of(program).whole, LOCAL),
        )
        following = asyncio.create_task(terminal.follow(program.stores.transcript))
        await terminal.greet()
        while True:
            print("\n> ", end="", flush=True)
            line = await asyncio.to_thread(sys.stdin.buffer.readline)
            if not line:
                break
            await terminal.take(line.decode("utf-8", errors="replace"))
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


def _lines() -> Iterator[str]:
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", errors="replace")
