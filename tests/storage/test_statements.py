"""What a turn and a reminder ask of the database: so many statements, and no more unnoticed.

``docs/performance.md`` says what each is for.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

import storage.postgres
from bot.sending import UNPACED, Delivered, Delivery, Outcome
from dialogs.assistant import Assistant
from dialogs.case import Attention
from dialogs.message import Identity, Inbound
from dialogs.ports import Outgoing, TurnRecord
from filing.event import Event, EventType
from scheduler.ladder import Reach
from scheduler.planning import CasePlanner
from scheduler.sweep import Sweep
from storage.ports import Stores
from tests.scheduler.world import answers_of, shared_world
from tests.storage.conftest import Place
from tests.storage.counting import Counted, counted
from tests.storage.making import NOW, unique

TURN: Final = (
    "begin",
    "select conversation",
    "select message",
    "select identity",
    "update conversation",
)
ANSWER: Final = (*TURN, "insert answer", "insert message", "commit")
QUESTION: Final = (*TURN, "insert message", "insert asked", "commit")
OUTCOME: Final = ("begin", "update message", "commit")
CLAIM: Final = {
    "sqlite": ("select reminder", "update reminder", "insert delivery", "select reminder"),
    "postgresql": ("select held",),
}
GIVEN: Final = (
    "begin",
    "select conversation",
    "select reminder",
    "update conversation",
    "insert message",
    "update reminder",
    "update delivery",
    "commit",
)


class _Platform:
    """Takes every message once it is open."""

    channel = "telegram"

    def __init__(self) -> None:
        self.is_open = asyncio.Event()

    def is_private(self, _: str) -> bool:
        """Everybody is one person."""
        return True

    async def send(self, _: Outgoing) -> Outcome:
        """Delivered."""
        await self.is_open.wait()
        return Delivered("1")


class _Process:
    """An assistant whose answers are delivered at once."""

    def __init__(self, stores: Stores, counts: Counted) -> None:
        self.stores = stores
        self.counts = counts
        self.assistant = Assistant(
            shared_world(),
            stores.cases,
            stores.dead_letters,
            lambda: NOW,
            planner=CasePlanner(shared_world()),
        )
        self._platform = _Platform()
        self.delivery = Delivery(stores.outbox, self._platform, lambda: NOW, UNPACED)
        self.assistant.couriers["telegram"] = self.delivery.take_over
        self.sweep = Sweep(self.assistant, stores.reminders, lambda: NOW, Reach())

    async def say(self, who: Identity, text: str) -> int:
        """One message; how many replies there are."""
        inbound = Inbound(who, unique("m"), NOW, text=text)
        return len((await self.assistant.handle(inbound)).replies)

    async def delivered(self) -> None:
        """Wait until what was said is delivered, and that recorded."""
        self._platform.is_open.set()
        async with asyncio.timeout(30):
            while self.delivery.in_hand:
                await asyncio.sleep(0.005)
        self._platform.is_open.clear()

    async def due(self) -> None:
        """Somebody of whom a deadline ends tomorrow."""
        who = Identity("telegram", unique("person"))
        fresh = await self.stores.cases.open(who, NOW, "zh-CN")
        hours = {"submitted_for_first_review": 60, "submitted_to_bureau": 30, "sms_received": 1}
        events = tuple(Event(EventType(one), NOW - timedelta(hours=h)) for one, h in hours.items())
        awake = replace(fresh, attention=Attention(quiet=(0, 0)))  # whatever hour it is
        case = awake.with_filing(answers_of(unique("f"), events))
        planned = CasePlanner(shared_world())(fresh, case, NOW)
        await self.stores.cases.commit(TurnRecord(fresh, case, None, at=NOW, reminders=planned))

    def asked(self) -> tuple[Sequence[str], int]:
        """What was asked since the last look, and the ways to the server it took."""
        found = tuple(self.counts.statements), self.counts.ways
        self.counts.clear()
        return found


async def test_a_turn_and_a_reminder_ask_this_and_no_more(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.postgres, "BELIEVED", float("inf"))  # however slow the machine
    kind = "sqlite" if place.url.startswith("sqlite") else "postgresql"
    is_served = kind == "postgresql"
    async with counted(place, monkeypatch) as (stores, counts):
        process, who = _Process(stores, counts), Identity("telegram", unique("person"))
        for text in ("你好", "同意", "都准备好了", "备案要多久？"):
            await process.say(who, text)  # each statement is prepared once
            await process.delivered()
        counts.clear()
        replies = await process.say(who, "我们是公司")
        assert process.asked() == (ANSWER, len(ANSWER) * is_served)
        await process.delivered()
        assert process.asked() == (OUTCOME * replies, replies * is_served)
        replies = await process.say(who, "备案期间网站能访问吗？")
        assert process.asked() == (QUESTION, len(QUESTION) * is_served)
        await process.delivered()
        assert process.asked() == (OUTCOME * replies, replies * is_served)

        await stores.news.tell([who])
        counts.clear()
        await stores.news.tell([who])
        assert counts.ways == is_served

        for _ in range(3):
            await process.due()
            counts.clear()
            await process.sweep.run()
        look = ("begin", "select reminder", "commit")
        claim = ("begin", *CLAIM[kind], "commit")
        given = (*look, *claim, *GIVEN)
        assert process.asked() == (given, len(given) * is_served)


async def test_a_connection_that_lay_idle_is_asked_first(
    postgres_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with counted(postgres_place, monkeypatch) as (stores, counts):
        who = [Identity("web", unique("person"))]
        await stores.news.tell(who)
        for believed, ways in ((float("inf"), 1), (-1.0, 2)):
            monkeypatch.setattr(storage.postgres, "BELIEVED", believed)
            counts.clear()
            await stores.news.tell(who)
            assert counts.ways == ways
