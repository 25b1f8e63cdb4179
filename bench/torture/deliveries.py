"""Updates that come again, at once and in odd numbers, and chats that must stay in order.

As behind one webhook: on PostgreSQL two processes share the database, and whoever is asked takes an
update. Now and then one of them is killed.
"""

import asyncio
import json
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count, pairwise
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy import exists, select

from bench.torture.ending import SHORT_LEASE, Lives, living
from bench.torture.hearers import SAID
from bench.torture.outcome import Outcome
from bench.torture.places import Place
from storage.opening import open_database
from storage.tables import message

_AT_ONCE = 100
_NOT_AGAIN_FOR = 0.02  # seconds
_PATIENCE = 120.0


class Plan(NamedTuple):
    """How many chats write how many messages each, each delivered up to so many times.

    ``between`` deaths lie about so many seconds.
    """

    chats: int
    messages: int
    copies: int
    between: float
    seconds: float = 900.0


@dataclass(slots=True)
class _Hearer:
    """One of the processes, and the line to it. What it does not answer shall come again."""

    lives: Lives
    path: str
    life: int = 0
    _writer: asyncio.StreamWriter | None = None
    _asked: dict[int, asyncio.Future[bool]] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=count)
    _reading: asyncio.Task[None] | None = None
    _connecting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def begin(self) -> None:
        """Let another life begin."""
        self.life = await self.lives.begin()

    async def take(self, update: Mapping[str, Any]) -> bool:
        """Whether it took the update. Raises OSError while nobody is there."""
        async with self._connecting:
            if self._writer is None:
                reader, self._writer = await asyncio.open_unix_connection(self.path)
                self._reading = asyncio.create_task(self._read(reader))
        number, answer = next(self._numbers), asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        self._writer.write(f"{json.dumps([number, update])}\n".encode())
        return bool(await answer)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        with suppress(OSError):
            while line := await reader.readline():
                number, taken = line.split()
                self._asked.pop(int(number)).set_result(taken == b"1")
        self._writer = None
        for answer in self._asked.values():
            answer.set_result(False)
        self._asked.clear()


async def redelivered(place: Place, plan: Plan, seed: int) -> Outcome:
    """Each update up to so many times at once, while processes die."""
    dice = random.Random(seed)
    ends = monotonic() + plan.seconds
    handed: Counter[int] = Counter()
    deliveries = 0
    hands = asyncio.Semaphore(_AT_ONCE)
    async with _hearers(place, 1 if place.kind == "sqlite" else 2) as hearers:

        async def deliver(update: Mapping[str, Any]) -> None:
            """Hand it to somebody, as often as it takes."""
            while True:
                with suppress(OSError):
                    if await dice.choice(hearers).take(update):
                        return
                await asyncio.sleep(_NOT_AGAIN_FOR)

        async def write(chat: int) -> None:
            nonlocal deliveries
            for number in range(1, plan.messages + 1):
                if monotonic() > ends:
                    return
                update = _update(chat, number, dice.randrange(2**31))
                copies = dice.randint(1, plan.copies)
                async with hands:
                    await asyncio.gather(*(deliver(update) for _ in range(copies)))
                handed[chat] = number
                deliveries += copies

        killing = asyncio.create_task(_kill_now_and_then(hearers, plan.between, dice))
        await asyncio.gather(*(write(700_000 + number) for number in range(plan.chats)))
        killing.cancel()
        with suppress(asyncio.CancelledError):
            await killing
        await _all_said(place)
        held = {one for hearer in hearers for one in hearer.lives.held}
        killed = sum(hearer.lives.ends for hearer in hearers)
    broken, twice = judged(handed, await _effects(place), _said(place))
    broken["unclean ends"] = sum(hearer.lives.unclean for hearer in hearers)
    return Outcome(
        did={
            "processes": len(hearers),
            "of them killed": killed,
            "chats": len(handed),
            "messages": handed.total(),
            "deliveries": deliveries,
        },
        broken=dict(broken),
        bounded={"answers repeated, of those in flight": (twice, len(held))},
    )


def judged(
    handed: Mapping[int, int],
    effects: Mapping[int, Sequence[int]],
    said: Mapping[int, Sequence[int]],
) -> tuple[Counter[str], int]:
    """What is broken, and how many answers came again.

    By chat: the number of its last message, those that had an effect, and those answered, in order.
    """
    broken: Counter[str] = Counter(
        {
            "messages without an effect": 0,
            "messages with several effects": 0,
            "answers missing": 0,
            "chats heard out of order": 0,
            "chats answered out of order": 0,
        }
    )
    twice = 0
    for chat, last in handed.items():
        heard, answered = effects.get(chat, []), said.get(chat, [])
        wanted = set(range(1, last + 1))
        broken["messages without an effect"] += len(wanted - set(heard))
        broken["messages with several effects"] += len(heard) - len(set(heard))
        broken["chats heard out of order"] += _is_out_of_order(heard)
        broken["answers missing"] += len(wanted - set(answered))
        broken["chats answered out of order"] += _is_out_of_order(answered)
        twice += len(answered) - len(set(answered))
    return broken, twice


@asynccontextmanager
async def _hearers(place: Place, many: int) -> AsyncIterator[Sequence[_Hearer]]:
    """So many processes on one database, stopped in order."""
    async with AsyncExitStack() as stack:
        hearers: list[_Hearer] = []
        folder = stack.enter_context(TemporaryDirectory())  # a socket's path has to be short
        for number in range(many):
            path = f"{folder}/{number}"
            lives = await stack.enter_async_context(
                living(place, path, SHORT_LEASE, "bench.torture.hearers")
            )
            hearers.append(_Hearer(lives, path))
        for hearer in hearers:
            await hearer.begin()
        yield hearers
        for hearer in hearers:
            await hearer.lives.stop(hearer.life)


async def _kill_now_and_then(
    hearers: Sequence[_Hearer], between: float, dice: random.Random
) -> None:
    while True:
        await asyncio.sleep(dice.uniform(0.5, 1.5) * between)
        hearer = dice.choice(hearers)
        await asyncio.shield(_killed(hearer))


async def _killed(hearer: _Hearer) -> None:
    await hearer.lives.end(hearer.life, signal.SIGKILL)
    await hearer.begin()


async def _all_said(place: Place) -> None:
    """Wait until nothing waits to be said."""
    waits = select(exists().where(message.c.due_at.is_not(None)))
    database = open_database(place.url)
    deadline = monotonic() + _PATIENCE
    while monotonic() < deadline:
        if not await database.read(lambda connection: connection.execute(waits).scalar()):
            break
        await asyncio.sleep(0.1)
    await database.close()


async def _effects(place: Place) -> dict[int, list[int]]:
    """By chat, the numbers of the messages that had a turn, in the order of the turns."""
    query = (
        select(message.c.external_id, message.c.message_id)
        .where(message.c.kind == "heard")
        .order_by(message.c.seq)
    )
    database = open_database(place.url)
    rows = await database.read(lambda connection: connection.execute(query).all())
    await database.close()
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(int(row.external_id), []).append(int(row.message_id))
    return found


def _said(place: Place) -> dict[int, list[int]]:
    """By chat, the numbers of the messages that were answered, in the order of the answers."""
    found: dict[int, list[int]] = {}
    for line in (place.folder / SAID).read_text(encoding="utf-8").splitlines():
        chat, text = json.loads(line)
        found.setdefault(chat, []).append(number_in(text))
    return found


def number_in(text: str) -> int:
    """Which message it is, or answers."""
    return int(text.rpartition("第")[2].partition("条")[0])


def _is_out_of_order(numbers: Sequence[int]) -> bool:
    return any(earlier > later for earlier, later in pairwise(numbers))


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
