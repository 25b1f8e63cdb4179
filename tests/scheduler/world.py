"""A world on a virtual clock: applicants, their channels, and sweepers that come and go."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from bot.settings import Settings
from bot.world import load_world
from dialogs.answers.base import Context
from dialogs.assistant import Assistant
from dialogs.case import Answer, Attention, Case, FilingRecord
from dialogs.journey import basis_of, journey
from dialogs.message import Identity
from dialogs.ports import TurnRecord
from dialogs.world import World, day_of
from filing.deadline import CHINA
from filing.event import Event, EventType
from scheduler.ladder import Reach
from scheduler.planning import CasePlanner
from scheduler.ports import ReminderRecord
from scheduler.sweep import Sweep
from storage.memory import memory_stores
from storage.ports import Stores
from tests.dialogs.talk import HAPPY

REACH = Reach(
    pushing=frozenset({"telegram", "email"}),
    pulled=frozenset({"web"}),
    attended=frozenset({"terminal"}),
)


@cache
def shared_world() -> World:
    """The shipped content, read once."""
    return load_world(Settings(_env_file=None))


@cache
def answers(began: datetime, site_manager_same: str = "no") -> tuple[Answer, ...]:
    """Everything answered as somebody without trouble would."""
    world = shared_world()
    flow = world.flows["first_filing"]
    given: tuple[Answer, ...] = ()
    values = HAPPY | {"site_manager_same": site_manager_same, "confirm": "确认提交"}
    for _ in range(80):
        now = journey(flow, given, world.rulebook, day_of(began))
        if now.current is None:
            return given
        step = now.current
        assert step.ask is not None
        value = step.ask.parse(values[step.key], Context(day_of(began), now.values, "zh-CN"))
        assert isinstance(value, str), step.key
        given = (*given, Answer(step.key, value, began, basis=basis_of(step, now.values)))
    raise AssertionError("the questions do not end")


def answers_of(filing_id: str, events: tuple[Event, ...] = ()) -> FilingRecord:
    """A filled filing with what has happened to it."""
    began = datetime(2026, 11, 2, 9, tzinfo=CHINA)
    return FilingRecord(filing_id, "first_filing", 1, began, answers(began), events)


@dataclass(slots=True)
class Simulation:
    """Virtual time over stores in memory. Delivery fails for ``blocked`` people."""

    now: datetime
    world: World = field(default_factory=shared_world)
    stores: Stores = field(init=False)
    assistant: Assistant = field(init=False)
    sweep: Sweep = field(init=False)
    blocked: set[Identity] = field(default_factory=set)
    delivered: list[tuple[datetime, Identity, str]] = field(default_factory=list)
    skew: timedelta = timedelta(0)
    settled: dict[str, datetime] = field(default_factory=dict)  # deadlines, since when seen so

    def __post_init__(self) -> None:
        self.stores = memory_stores(self.clock)
        self.assistant = Assistant(
            self.world,
            self.stores.cases,
            self.stores.dead_letters,
            self.clock,
            planner=CasePlanner(self.world),
        )
        self.restart()

    def clock(self) -> datetime:
        """What this machine believes."""
        return self.now + self.skew

    def restart(self) -> None:
        """A fresh sweeper, as after a crash: nothing of the old one's memory is left."""
        self.sweep = Sweep(self.assistant, self.stores.reminders, self.clock, REACH)

    async def begin(self, who: Identity, *, site_manager_same: str = "no") -> str:
        """An applicant with a filled form; returns the filing's id."""
        fresh = await self.stores.cases.open(who, self.now, "zh-CN")
        began = datetime(2026, 11, 2, 9, tzinfo=CHINA)
        filing = FilingRecord(
            f"f{who.external_id}", "first_filing", 1, began, answers(began, site_manager_same)
        )
        case = replace(
            fresh.with_filing(filing), attention=Attention(seen_at=self.now - timedelta(days=1))
        )
        await self.stores.cases.commit(TurnRecord(fresh, case, None, at=self.now))
        return filing.id

    async def happen(self, who: Identity, event: Event) -> None:
        """Something happens to the filing, or is told of it."""
        await self.assistant.record(who, event)

    async def work(self) -> None:
        """One round of everything that runs: sweep, deliver, follow up."""
        await self.sweep.follow_up()
        await self.sweep.run()
        await self.deliver()
        await self.sweep.follow_up()

    async def deliver(self) -> None:
        """Hand out what waits in the outboxes."""
        for channel in ("telegram", "email"):
            while dues := await self.stores.outbox.claim(channel, self.clock(), 50):
                for due in dues:
                    to = due.outgoing.identity
                    if to in self.blocked:
                        await self.stores.outbox.undeliverable(due, "blocked", self.clock())
                        continue
                    await self.stores.outbox.delivered(due, None, self.clock())
                    reply = due.outgoing.reply
                    if reply is not None and reply.kind == "reminder":
                        self.delivered.append((self.now, to, reply.text))

    async def pass_time(self, until: datetime, *, at_most: timedelta = timedelta(hours=6)) -> None:
        """Work at each moment something is due, up to a time; look at least so often."""
        while self.now < until:
            await self.work()
            due = await self.stores.reminders.next_due()
            step = self.now + at_most
            if due is not None and due - self.skew > self.now:
                step = min(step, due - self.skew)
            self.now = min(max(step, self.now + timedelta(seconds=1)), until)
        await self.work()

    async def records(self, filing_id: str) -> Sequence[ReminderRecord]:
        """Every reminder there ever was."""
        return await self.stores.reminders.of_filing(filing_id)

    async def case(self, who: Identity) -> Case:
        """The person's case."""
        return await self.stores.cases.open(who, self.now, "zh-CN")


def counted(records: Iterable[ReminderRecord]) -> Counter[str]:
    """How many of each status."""
    return Counter(one.status.value for one in records)


def told(kind: str, at: datetime, **data: str) -> Event:
    """An event as the provider's staff would tell it."""
    return Event(EventType(kind), at, data)


def china(text: str) -> datetime:
    """A moment in China."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)
