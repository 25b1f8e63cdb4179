"""A rehearsal: be the applicant in this terminal, over the same HTTP calls as with Telegram."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import TextIO

from bot.testing.telegram.bots import FakeBot
from bot.testing.telegram.people import Person, ShownKey
from bot.testing.telegram.server import FakeTelegram

TOKEN = "1000:rehearsal-only-nobodys-token"


class Console:
    """One person at one terminal. Numbers press the keys last shown."""

    def __init__(self, bot: FakeBot, out: TextIO) -> None:
        self._person = Person(bot)
        self._out = out
        self._read = 0  # the newest message shown
        self._keys: list[tuple[int, ShownKey]] = []

    async def take(self, line: str) -> None:
        """One line typed."""
        text = line.strip()
        if text.isdecimal() and 1 <= int(text) <= len(self._keys):
            message_id, key = self._keys[int(text) - 1]
            await self._press(message_id, key)
        elif text:
            await self._person.say(text)

    async def _press(self, message_id: int, key: ShownKey) -> None:
        for message in await self._person.messages():
            if message.id == message_id:
                await self._person.press_data(message, key.data or "")

    async def show_news(self) -> None:
        """Print what the bot has said since the last look."""
        for message in await self._person.messages():
            if message.id <= self._read:
                continue
            self._read = message.id
            self._print(f"\n{message.text}")
            pressable = [key for key in message.buttons if key.data]
            if pressable:
                self._keys = [(message.id, key) for key in pressable]
            for key in message.buttons:
                if key.url:
                    self._print(f"  {key.label}: {key.url}")
            for number, key in enumerate(pressable, start=1):
                self._print(f"  [{number}] {key.label}")

    def _print(self, line: str) -> None:
        print(line, file=self._out, flush=True)


async def rehearse(port: int, read_line: Callable[[], str], out: TextIO) -> None:
    """Serve until the lines end."""
    async with FakeTelegram(port) as telegram:
        console = Console(telegram.add_bot(TOKEN), out)
        print(f"BEIAN_TELEGRAM_API_BASE={telegram.base_url}", file=out)
        print(f"BEIAN_TELEGRAM_TOKEN={TOKEN}", file=out)
        print("Start `beian serve` with these, then write here; numbers press keys.", file=out)
        out.flush()
        showing = asyncio.create_task(_keep_showing(console))
        while line := await asyncio.to_thread(read_line):
            await console.take(line)
        showing.cancel()


async def _keep_showing(console: Console) -> None:
    while True:
        await console.show_news()
        await asyncio.sleep(0.1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m bot.testing.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=9000, help="port to listen on")
    asyncio.run(rehearse(parser.parse_args(arguments).port, sys.stdin.readline, sys.stdout))


if __name__ == "__main__":
    main()
