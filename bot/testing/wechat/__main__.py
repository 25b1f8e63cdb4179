"""A rehearsal: be the applicant in this terminal, over the same HTTP calls as with WeChat."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TextIO

import aiohttp

from bot.testing.wechat.account import FakeAccount
from bot.testing.wechat.followers import Follower
from bot.testing.wechat.server import FakeWeChat

CALLBACK = "http://127.0.0.1:8000/wechat/callback"


class Console:
    """One person at one terminal. A number taps what the newest message offers, if it does."""

    def __init__(self, account: FakeAccount, out: TextIO) -> None:
        self._person = Follower(account)
        self._out = out
        self._read = 0  # the newest message shown
        self._choices: tuple[str, ...] = ()

    async def take(self, line: str) -> None:
        """One line typed."""
        text = line.strip()
        if not self._person.profile.following:
            await self._person.subscribe()
        if text.isdecimal() and 1 <= int(text) <= len(self._choices):
            await self._person.press(self._choices[int(text) - 1])
        elif text:
            await self._person.say(text)

    async def show_news(self) -> None:
        """Print what the account has said since the last look."""
        for message in await self._person.messages():
            if message.id <= self._read:
                continue
            self._read = message.id
            self._choices = tuple(label for _, label in message.choices)
            self._print(f"\n{message.text}")
            for number, label in enumerate(self._choices, start=1):
                self._print(f"  [{number}] {label}")
            if message.url:
                self._print(f"  {message.url}")

    def _print(self, line: str) -> None:
        print(line, file=self._out, flush=True)


async def rehearse(port: int, callback: str, read_line: Callable[[], str], out: TextIO) -> None:
    """Serve until the lines end."""
    async with FakeWeChat(port) as wechat:
        wechat.account.callback_url = callback
        console = Console(wechat.account, out)
        for name, value in wechat.settings().items():
            print(f"{name}={value}", file=out)
        print(f"Start `beian serve` with these so that it answers at {callback},", file=out)
        print("then write here; numbers tap what is offered.", file=out)
        out.flush()
        answering = asyncio.create_task(_say_when_answered(wechat, out))
        showing = asyncio.create_task(_keep_showing(console))
        while line := await asyncio.to_thread(read_line):
            await console.take(line)
        await wechat.callbacks.settled()
        showing.cancel()
        answering.cancel()
        await console.show_news()


async def _say_when_answered(wechat: FakeWeChat, out: TextIO) -> None:
    """As the console does when the address is saved: ask until the right word comes back."""
    while True:
        with suppress(aiohttp.ClientError, TimeoutError):
            if await wechat.callbacks.verify():
                print("The assistant answers: write.", file=out, flush=True)
                return
        await asyncio.sleep(0.5)


async def _keep_showing(console: Console) -> None:
    while True:
        await console.show_news()
        await asyncio.sleep(0.1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m bot.testing.wechat", description=__doc__)
    parser.add_argument("--port", type=int, default=9001, help="port to listen on")
    parser.add_argument("--callback", default=CALLBACK, help="where the assistant listens")
    given = parser.parse_args(arguments)
    asyncio.run(rehearse(given.port, given.callback, sys.stdin.readline, sys.stdout))


if __name__ == "__main__":
    main()
