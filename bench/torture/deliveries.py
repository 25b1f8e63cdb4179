"""Updates that come again, at once and in odd numbers, and chats that must stay in order."""

import asyncio
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy import select

from bench.peers.aiogram_edge import local_bot
from bench.platform import Platform
from bench.torture.outcome import Outcome
from bench.torture.places import Place
from bot.clock import real_clock
from bot.pacing import Rate
from bot.sending import UNPACED, Delivery
from bot.telegram.aiogram_client import AiogramClient
from bot.telegram.core import TelegramCore
from bot.telegram.sender import TelegramSender
from bot.telegram.translate import CHANNEL
from dialogs.message import Inbound
from storage.opening import open_database
from storage.ports import Stores
from storage.tables import message
from tests.bot.telegram.parrot import Parrot

_UNLIMITED = Rate(1e9, 1e9)
_AT_ONCE = 100


class Plan(NamedTuple):
    """How many chats write how many messages each, each delivered up to so many times."""

    chats: int
    messages: int
    copies: int
    seconds: float = 600.0


@dataclass(slots=True)
class _Platform(Platform):
    """Notes what it is handed, by chat and in order."""

    said: dict[int, list[str]] = field(default_factory=dict)

    def answer(self, method: str, parameters: Mapping[str, Any]) -> bytes:
        """See ``Platform``."""
        if method == "sendMessage":
            self.said.setdefault(int(parameters["chat_id"]), []).append(str(parameters["text"]))
        return Platform.answer(self, method, parameters)  # slots: no super()


@dataclass(slots=True)
class _Process:
    """A channel over stores of its own, as another process has: only the database is shared."""

    stores: Stores
    core: TelegramCore
    delivery: Delivery
    stop: asyncio.Event
    task: "asyncio.Task[None]"

    @classmethod
    async def begin(cls, place: Place, platform: Platform, dice: random.Random) -> "_Process":
        """Open the stores and begin to deliver."""
        stores = await place.open()

        async def think(_: Inbound) -> None:
            await asyncio.sleep(dice.random() * 0.01)

        parrot = Parrot(stores.cases, think=think)
        client = AiogramClient(local_bot(platform))
        core = TelegramCore(parrot, stores.outbox, client, real_clock, flood=_UNLIMITED)
        delivery = Delivery(stores.outbox, TelegramSender(client), real_clock, UNPACED)
        parrot.couriers[CHANNEL] = delivery.take_over
        stop = asyncio.Event()
        return cls(stores, core, delivery, stop, asyncio.create_task(delivery.run(stop)))

    async def take(self, update: Mapping[str, Any]) -> None:
        """Take an update as often as it takes: one refused for now comes again."""
        while True:
            try:
                await self.core.take(update)
            except (
                Exception
            ):  # another copy was being taken; it is not confirmed, so it comes again
                await asyncio.sleep(0.01)
            else:
                return

    async def end(self) -> None:
        """Stop in order."""
        self.stop.set()
        await self.task
        await self.stores.close()


async def redelivered(place: Place, plan: Plan, seed: int) -> Outcome:
    """Each update up to so many times at once, on PostgreSQL to two sets of stores."""
    dice = random.Random(seed)
    platform = _Platform()
    processes = [
        await _Process.begin(place, platform, dice)
        for _ in range(1 if place.kind == "sqlite" else 2)
    ]
    ends = monotonic() + plan.seconds
    handed: Counter[int] = Counter()
    deliveries = 0
    hands = asyncio.Semaphore(_AT_ONCE)

    async def write(chat: int) -> None:
        nonlocal deliveries
        for number in range(1, plan.messages + 1):
            if monotonic() > ends:
                return
            update = _update(chat, number, dice.randrange(2**31))
            copies = dice.randint(1, plan.copies)
            async with hands:
                await asyncio.gather(*(dice.choice(processes).take(update) for _ in range(copies)))
            handed[chat] = number
            deliveries += copies

    await asyncio.gather(*(write(700_000 + number) for number in range(plan.chats)))
    for process in processes:
        await process.delivery.settled()
    for process in processes:
        await process.end()
    effects = await _effects(place)
    broken = Counter(
        {
            "messages without an effect": 0,
            "messages with several effects": 0,
            "answers missing": 0,
            "answers twice": 0,
            "chats heard out of order": 0,
            "chats answered out of order": 0,
        }
    )
    for chat, count in handed.items():
        heard = effects.get(str(chat), [])
        broken["messages without an effect"] += len(set(range(1, count + 1)) - set(heard))
        broken["messages with several effects"] += len(heard) - len(set(heard))
        broken["chats heard out of order"] += any(a > b for a, b in pairwise(heard))
        said = [
            int(text.rpartition("第")[2].partition("条")[0]) for text in platform.said.get(chat, ())
        ]
        broken["answers missing"] += len(set(range(1, count + 1)) - set(said))
        broken["answers twice"] += len(said) - len(set(said))
        broken["chats answered out of order"] += any(a > b for a, b in pairwise(said))
    return Outcome(
        did={
            "channels side by side": len(processes),
            "chats": len(handed),
            "messages": handed.total(),
            "deliveries": deliveries,
        },
        broken=dict(broken),
    )


async def _effects(place: Place) -> dict[str, list[int]]:
    """By chat, the numbers of the messages that had a turn, in the order of the turns."""
    query = (
        select(message.c.external_id, message.c.message_id)
        .where(message.c.kind == "heard")
        .order_by(message.c.seq)
    )
    database = open_database(place.url)
    rows = await database.read(lambda connection: connection.execute(query).all())
    await database.close()
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.external_id, []).append(int(row.message_id))
    return found


def _update(chat: int, number: int, update_id: int) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "样例", "language_code": "zh-hans"}
    return {
        "update_id": update_id,
        "message": {
            "message_id": number,
            "from": person,
            "chat": {"id": chat, "type": "private", "first_name": "样例"},
            "date": 1_790_000_000 + number,
            "text": f"第{number}条",
        },
    }
