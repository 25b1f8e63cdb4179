"""A Telegram channel behind a webhook, killed and begun again: see ``forked``.

usage: python -m bench.torture.hearers URL FOLDER SOCKET LEASE
Each life listens on SOCKET. A line there is ``[number, update]``; the answer is the number, then 1
if the update was taken, 0 if it shall come again. What is said is appended to FOLDER/said, a line
``[chat, text]`` for each message, before its delivery is recorded: the platform outlives us.
"""

import asyncio
import json
import os
import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bench.forked import live_for_every_line
from bench.peers.aiogram_edge import local_bot
from bench.platform import Platform
from bench.torture.places import Place
from bot.clock import real_clock
from bot.memory import keep_what_is_loaded
from bot.pacing import Rate
from bot.sending import UNPACED, Delivery
from bot.telegram.aiogram_client import AiogramClient
from bot.telegram.core import TelegramCore
from bot.telegram.sender import TelegramSender
from bot.telegram.translate import CHANNEL
from dialogs.message import Inbound
from tests.bot.telegram.parrot import Parrot

SAID = "said"
_UNLIMITED = Rate(1e9, 1e9)


@dataclass(slots=True)
class _Platform(Platform):
    """Notes what it is handed, in the order of all processes."""

    said: int = -1  # a file, open for appending

    def answer(self, method: str, parameters: Mapping[str, Any]) -> bytes:
        """See ``Platform``."""
        if method == "sendMessage":
            line = json.dumps([int(parameters["chat_id"]), str(parameters["text"])])
            os.write(self.said, f"{line}\n".encode())
        return Platform.answer(self, method, parameters)  # slots: no super()


async def _hear(place: Place, path: str, lease: timedelta, stop: asyncio.Event) -> None:
    stores = await place.open(lease)

    async def think(_: Inbound) -> None:
        await asyncio.sleep(random.random() * 0.01)

    parrot = Parrot(stores.cases, think=think)
    said = os.open(place.folder / SAID, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    client = AiogramClient(local_bot(_Platform(said=said)))
    core = TelegramCore(parrot, stores.outbox, client, real_clock, flood=_UNLIMITED)
    delivery = Delivery(stores.outbox, TelegramSender(client), real_clock, UNPACED)
    parrot.couriers[CHANNEL] = delivery.take_over
    taking: set[asyncio.Task[None]] = set()

    async def take(line: bytes, writer: asyncio.StreamWriter) -> None:
        number, update = json.loads(line)
        try:
            await core.take(update)
        except Exception:  # another copy was being taken, say
            writer.write(f"{number} 0\n".encode())
        else:
            writer.write(f"{number} 1\n".encode())

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            task = asyncio.create_task(take(line, writer))
            taking.add(task)
            task.add_done_callback(taking.discard)

    await asyncio.start_unix_server(listen, path)
    await delivery.run(stop)
    await stores.close()


def main(place: Place, path: str, lease: timedelta) -> None:
    """Live once for every line."""
    keep_what_is_loaded()

    async def live(_: str, stop: asyncio.Event) -> None:
        await _hear(place, path, lease, stop)

    live_for_every_line(live)


if __name__ == "__main__":
    main(
        Place.at(*sys.argv[1:3]),
        sys.argv[3],
        timedelta(seconds=float(sys.argv[4])),
    )
