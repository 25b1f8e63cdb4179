"""A rehearsal in a terminal: somebody types, and reads what a rehearsal server shows them."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol, TextIO, TypeAlias

import aiohttp

Act: TypeAlias = Callable[[str], Awaitable[object]]
"""Something that is done instead of written; it is told what stands behind its name."""


class Shown(Protocol):
    """A message as somebody sees it; ``choices`` are what can be tapped below, and its names."""

    @property
    def id(self) -> int:
        """Rises with every message."""
        ...

    @property
    def text(self) -> str:
        """Its words."""
        ...

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What can be tapped below: what comes back, and what it says."""
        ...


class Somebody(Protocol):
    """Whoever sits at the terminal, as a rehearsal server knows them."""

    async def say(self, text: str) -> object:
        """Write."""
        ...

    async def press(self, label: str) -> object:
        """Tap what the newest message that offers it offers."""
        ...

    async def messages(self) -> Sequence[Shown]:
        """What they have been shown, oldest first."""
        ...


class Posting(Protocol):
    """The side of a rehearsal server that posts callbacks."""

    async def verify(self) -> bool:
        """Whether the assistant answers as when its address is saved."""
        ...

    async def settled(self) -> None:
        """Wait until everything was acknowledged or given up."""
        ...


class Console:
    """One person at one terminal. A number taps what the newest message offers, if it does.

    ``arrive`` is done before the first line. ``/name …`` does one of ``acts``.
    """

    def __init__(
        self,
        person: Somebody,
        arrive: Callable[[], Awaitable[None]],
        out: TextIO,
        acts: Mapping[str, Act] | None = None,
    ) -> None:
        self._person = person
        self._arrive: Callable[[], Awaitable[None]] | None = arrive
        self._out = out
        self._acts = acts or {}
        self._read = 0  # the newest message shown
        self._choices: tuple[str, ...] = ()

    async def take(self, line: str) -> None:
        """One line typed."""
        text = line.strip()
        if self._arrive is not None:
            arrive, self._arrive = self._arrive, None
            await arrive()
        name, _, rest = text.partition(" ")
        if name.startswith("/") and self._acts:
            await self._do(name.removeprefix("/"), rest.strip())
        elif text.isdecimal() and 1 <= int(text) <= len(self._choices):
            await self._person.press(self._choices[int(text) - 1])
        elif text:
            await self._person.say(text)

    async def show_news(self) -> None:
        """Print what was shown since the last look."""
        for message in await self._person.messages():
            if message.id <= self._read:
                continue
            self._read = message.id
            self._choices = tuple(label for _, label in message.choices)
            self._print(f"\n{message.text}")
            for number, label in enumerate(self._choices, start=1):
                self._print(f"  [{number}] {label}")
            if url := getattr(message, "url", ""):
                self._print(f"  {url}")

    async def _do(self, name: str, rest: str) -> None:
        act = self._acts.get(name)
        if act is None:
            self._print(f"no such act: /{name}. There are /{', /'.join(self._acts)}.")
            return
        try:
            await act(rest)
        except (LookupError, OSError, ValueError) as error:
            self._print(f"/{name}: {error}")

    def _print(self, line: str) -> None:
        print(line, file=self._out, flush=True)


Rehearsal: TypeAlias = Callable[[int, str, Callable[[], str], TextIO], Coroutine[Any, Any, None]]
"""What is played on a port, with where the assistant listens, a way to read lines and to write."""


def play(
    rehearsal: Rehearsal,
    platform: str,
    about: str | None,
    port: int,
    arguments: Sequence[str] | None,
) -> None:
    """The entry point of a rehearsal: from standard input to standard output, until that ends."""
    parser = argparse.ArgumentParser(prog=f"python -m bot.testing.{platform}", description=about)
    parser.add_argument("--port", type=int, default=port, help="port to listen on")
    callback = f"http://127.0.0.1:8000/{platform}/callback"
    parser.add_argument("--callback", default=callback, help="where the assistant listens")
    given = parser.parse_args(arguments)
    asyncio.run(rehearsal(given.port, given.callback, sys.stdin.readline, sys.stdout))


def introduce(settings: Mapping[str, str], callback: str, then: str, out: TextIO) -> None:
    """Say what to start the assistant with, and what to do ``then``."""
    for name, value in settings.items():
        print(f"{name}={value}", file=out)
    print(f"Start `beian serve` with these so that it answers at {callback},", file=out)
    print(then, file=out, flush=True)


async def converse(
    console: Console, posting: Posting, read_line: Callable[[], str], out: TextIO
) -> None:
    """Take lines until they end, and show what comes of them."""
    answering = asyncio.create_task(_say_when_answered(posting, out))
    showing = asyncio.create_task(_keep_showing(console))
    while line := await asyncio.to_thread(read_line):
        await console.take(line)
    await posting.settled()
    showing.cancel()
    answering.cancel()
    await console.show_news()


async def _say_when_answered(posting: Posting, out: TextIO) -> None:
    """As the platform does when the address is saved: ask until the right word comes back."""
    while True:
        with suppress(aiohttp.ClientError, TimeoutError):
            if await posting.verify():
                print("The assistant answers: write.", file=out, flush=True)
                return
        await asyncio.sleep(0.5)


async def _keep_showing(console: Console) -> None:
    while True:
        await console.show_news()
        await asyncio.sleep(0.1)
