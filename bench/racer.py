"""One of two processes that race for conversations: `python -m bench.racer NUMBER URL FOLDER`.

Runs the real parts: the assistant, delivery, claims. Whatever is handed to the platform, and every
claim got and left, is noted in a journal with the machine's monotonic clock. The parent lets both
processes go on together from one line to the next.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TextIO
from uuid import uuid4

from bot.clock import real_clock
from bot.sending import UNPACED, Delivered, Delivery, Outcome, RetryLater
from bot.settings import Settings
from bot.world import load_world
from desk.claims import ClaimLost, Claims, HeldBy
from desk.ports import ClaimStore, HeldConversation
from dialogs.assistant import Assistant
from dialogs.case import Colleague, signed
from dialogs.message import Identity, Inbound
from dialogs.ports import Outgoing
from storage.crypto import MasterKey
from storage.ports import Stores
from storage.stores import StoreSettings, open_stores

MASTER: Final = MasterKey(bytes(range(32)))
AT_ONCE: Final = 100
"""Conversations raced for side by side."""

PRIVATE: Final = "只给同事看"
NAMES: Final = ("小李", "小王")
_SLOWEST: Final = 0.12  # seconds the platform takes for a message
_REFUSED: Final = 0.05  # the share it wants to have again a little later
_SPREAD: Final = 1.5  # seconds within which the races of a batch begin
_JITTER: Final = 0.02  # seconds within which both sides of one begin


@dataclass(slots=True)
class Journal:
    """What happened when; also the platform that messages are sent to."""

    file: TextIO
    chance: random.Random
    channel: str = "telegram"

    def note(self, what: str, conversation: str, **more: Any) -> None:
        """Write one line."""
        line = {"at": time.monotonic(), "what": what, "person": conversation, **more}
        self.file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def is_private(self, external_id: str) -> bool:
        """Everybody here is one person."""
        return True

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Take a message as a chat platform would."""
        assert outgoing.reply is not None
        person, reply = outgoing.identity.external_id, outgoing.reply
        self.note("begun", person, id=outgoing.id, author=outgoing.author, text=reply.text)
        await asyncio.sleep(self.chance.uniform(0, _SLOWEST))
        self.note("ended", person, id=outgoing.id)
        if self.chance.random() < _REFUSED:
            return RetryLater(self.chance.uniform(0, 0.1))
        return Delivered(outgoing.id)


@dataclass(slots=True)
class Watched:
    """A claim store that notes when a claim was committed: it is asked to clear away then."""

    store: ClaimStore
    journal: Journal
    agent: str
    persons: dict[str, str] = field(default_factory=dict)  # by conversation

    async def find(self, conversation: str) -> HeldConversation | None:
        """See ``ClaimStore``."""
        return await self.store.find(conversation)

    async def lapsed(self, now: datetime, limit: int = 100) -> Sequence[HeldConversation]:
        """See ``ClaimStore``."""
        return await self.store.lapsed(now, limit)

    async def clear(self, conversation: str, epoch: int, now: datetime) -> int:
        """See ``ClaimStore``."""
        person, agent = self.persons[conversation], self.agent
        self.journal.note("committed", person, agent=agent, epoch=epoch)
        return await self.store.clear(conversation, epoch, now)


@dataclass(slots=True)
class Racer:
    """One process: an applicant's channel and a colleague."""

    number: int
    stores: Stores
    assistant: Assistant
    claims: Claims
    watched: Watched
    journal: Journal
    chance: random.Random
    seed: int
    held: dict[str, int] = field(default_factory=dict)  # by person: the claim's epoch
    scopes: dict[str, str] = field(default_factory=dict)  # conversations by person

    @property
    def who(self) -> Colleague:
        """The colleague who works here."""
        return Colleague(f"a{self.number}", NAMES[self.number])

    async def begin(self) -> None:
        """Let everybody say hello, and write a private note about each."""
        for place in range(AT_ONCE):
            person = str(place + 1)
            if self.number == 0:
                await self.hear(person, "你好")
        await self._pause()
        for place in range(AT_ONCE):
            person = str(place + 1)
            case = await self.assistant.case(Identity("telegram", person))
            self.scopes[person] = case.conversation_id
            self.watched.persons[case.conversation_id] = person
            if self.number == 0:
                await self.stores.notebook.add(
                    case.conversation_id, NAMES[0], PRIVATE, (), real_clock()
                )

    async def run(self, batches: int) -> None:
        """Race; between two lines of the parent both do the same part."""
        for batch in range(batches):
            await self._pause()
            await self._together(self._make_ready, batch)
            await self._pause()
            await self._together(self._race, batch)
            await self._pause()
            await self._together(self._leave, batch)

    async def hear(self, person: str, text: str) -> None:
        """The applicant writes."""
        who = Identity("telegram", person)
        await self.assistant.handle(Inbound(who, uuid4().hex, real_clock(), text=text))

    async def _together(self, part: Any, batch: int) -> None:
        await asyncio.gather(*(part(str(place + 1), batch + place) for place in range(AT_ONCE)))

    async def _make_ready(self, person: str, number: int) -> None:
        if _mode(number) == "take_over" and self.number == 0:
            await self._take(person)

    async def _race(self, person: str, number: int) -> None:
        start = random.Random(f"{self.seed}/{person}/{number}").uniform(
            0, _SPREAD
        )  # the same in both
        await asyncio.sleep(start + self.chance.uniform(0, _JITTER))
        first = self.number == 0
        match _mode(number):
            case "bot":
                if not first:
                    await asyncio.sleep(self.chance.uniform(0, _SPREAD))
                    await self._take_and_say(person)
                    return
                for text in (
                    "备案要多久",
                    "要付钱吗",
                    "个人能备案吗",
                ):  # each waits behind the last
                    await self.hear(person, text)
            case "staff":
                works = [self._take_and_say(person)]
                if first:
                    works.append(self.hear(person, "有人吗"))
                await asyncio.gather(*works)
            case "take_over" if first:
                for _ in range(3):
                    await self._say(person)
            case _:
                self.journal.note("asked", person, agent=self.who.author)
                await self._take(person, over=True)
                await self._say(person)

    async def _take_and_say(self, person: str) -> None:
        with suppress(HeldBy):
            await self._take(person)
            await self._say(person)

    async def _take(self, person: str, *, over: bool = False) -> None:
        scope = self.scopes[person]
        taken = (
            await self.claims.take_over(self.who, scope, "race")
            if over
            else await self.claims.take(self.who, scope)
        )
        self.held[person] = taken.hold.epoch
        self.journal.note("taken", person, agent=self.who.author, epoch=taken.hold.epoch)

    async def _say(self, person: str) -> None:
        try:
            await self.claims.say(self.who, self.scopes[person], "您好，我来看。")
        except ClaimLost:
            self.held.pop(person, None)
            self.journal.note("lost", person, agent=self.who.author)

    async def _leave(self, person: str, number: int) -> None:
        epoch = self.held.pop(person, None)
        if epoch is None:
            return
        self.journal.note("left", person, agent=self.who.author, epoch=epoch)
        with suppress(ClaimLost):
            await self.claims.hand_back(self.who, self.scopes[person])

    async def _pause(self) -> None:
        """Wait for the other process."""
        self.journal.file.flush()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)


def _mode(number: int) -> str:
    """What the n-th race is: the bot against staff, staff against staff, or a take-over."""
    return ("bot", "staff", "take_over")[number % 3]


async def _main(number: int, url: str, folder: Path, batches: int, seed: int) -> None:
    chance = random.Random(f"{seed}/{number}")
    stores = await open_stores(StoreSettings(url, folder / "files"), MASTER, real_clock)
    with (folder / f"journal{number}.jsonl").open("w", encoding="utf-8") as file:
        journal = Journal(file, chance)
        world = load_world(Settings(_env_file=None))
        assistant = Assistant(world, stores.cases, stores.dead_letters, real_clock)
        delivery = Delivery(stores.outbox, journal, real_clock, UNPACED, look_again=0.05)
        assistant.couriers["telegram"] = delivery.take_over
        stop = asyncio.Event()
        delivering = asyncio.create_task(delivery.run(stop))
        watched = Watched(stores.claims, journal, signed(NAMES[number]))
        claims = Claims(assistant, watched, real_clock)
        racer = Racer(number, stores, assistant, claims, watched, journal, chance, seed)
        await racer.begin()
        await racer.run(batches)
        stop.set()
        await delivering
    await stores.close()


if __name__ == "__main__":
    asyncio.run(
        _main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
    )
