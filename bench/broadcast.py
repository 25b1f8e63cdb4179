"""How long an answer takes while a hundred thousand reminders go out beside it, in one process."""

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from time import perf_counter, process_time, thread_time, time

from bench.form import FILING
from bench.mass import fill as fill_mass
from bench.postgres import server
from bench.reminder_victims import fill as fill_people
from bench.reminders import MASTER
from bench.results import Result, work_folder
from bot.clock import real_clock
from bot.memory import keep_what_is_loaded
from bot.pacing import Rate
from bot.sending import UNHURRIED, Delivered, Delivery, Outcome, Pace
from dialogs.assistant import Assistant
from dialogs.message import Identity, Inbound
from dialogs.ports import Outgoing
from scheduler.jobs import SWEEP_SECONDS, Tick, tick
from scheduler.ladder import Reach
from scheduler.planning import CasePlanner
from scheduler.sweep import ROOM, Sweep
from storage.ports import Stores
from storage.stores import StoreSettings, open_stores
from tests.scheduler.world import shared_world

A_SECOND = 20
"""Messages that come in meanwhile, whatever is answered."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How many reminders are due, and how long is measured."""

    reminders: int
    people: int  # whose reminders are given meanwhile: two each
    rounds: int
    seconds: float  # of each window, quiet or not


FULL = Plan(100_000, 3_000, 4, 10)
QUICK = Plan(10_000, 1_000, 2, 8)


@dataclass(slots=True)
class Window:
    """What was measured in one stretch of time, in milliseconds."""

    taken: list[float] = field(default_factory=list)  # until the turn was committed
    answered: list[float] = field(default_factory=list)  # until the first answer was delivered
    worked: list[float] = field(default_factory=list)  # by the loop's own thread until then
    cpu: float = 0.0  # processors used
    sent: int = 0
    given: int = 0  # reminders

    def p(self, share: float) -> float:
        """A quantile of the times until an answer."""
        return _of(self.answered, share)


def _of(times: Sequence[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)]


def broadcast(kind: str, plan: Plan) -> dict[str, Result]:
    """Some quiet stretches, then as many with the reminders going out."""
    with tempfile.TemporaryDirectory(dir=work_folder()) as name:
        folder = Path(name)
        if kind == "sqlite":
            quiet, loud = asyncio.run(_run(f"sqlite:///{folder / 'beian.db'}", folder, plan))
        else:
            with server() as url:
                if url is None:
                    return {}
                quiet, loud = asyncio.run(_run(url, folder, plan))
    return {f"answer_while_broadcasting_{kind}": _compared(quiet, loud, plan)}


async def _run(url: str, folder: Path, plan: Plan) -> tuple[list[Window], list[Window]]:
    began = perf_counter()
    await fill_people(url, folder, plan.people)
    rest = plan.reminders - 2 * plan.people
    await asyncio.to_thread(
        fill_mass, url, rest, int(time() * 1e6) + 1_000_000, MASTER, reminders=rest, due=rest
    )
    print(f"  {plan.reminders:,} reminders due in {perf_counter() - began:.0f} s", flush=True)
    quiet: list[Window] = []
    loud: list[Window] = []
    async with _open(url, folder) as stores, _talking(stores) as (assistant, talk):
        reach = Reach(frozenset({"telegram"}))
        sweep = Sweep(assistant, stores.reminders, real_clock, reach, room=ROOM)
        await talk.window(plan.seconds)  # warm
        for _ in range(plan.rounds):
            quiet.append(await talk.window(plan.seconds))
            print(f"  quiet: {_in_words(quiet[-1])}", flush=True)
        stop = asyncio.Event()
        sweeping = asyncio.create_task(tick((Tick("sweep", SWEEP_SECONDS, sweep.run),), stop))
        await asyncio.sleep(2)
        for _ in range(plan.rounds):
            before = await stores.reminders.figures(real_clock())
            loud.append(await talk.window(plan.seconds))
            after = await stores.reminders.figures(real_clock())
            loud[-1].given = before.due - after.due
            print(f"  loud: {_in_words(loud[-1])}", flush=True)
        stop.set()
        await sweeping
    return quiet, loud


@asynccontextmanager
async def _open(url: str, folder: Path) -> AsyncIterator[Stores]:
    stores = await open_stores(StoreSettings(url, folder / "files"), MASTER, real_clock)
    try:
        yield stores
    finally:
        await stores.close()


class Platform:
    """A chat platform that takes every message at once, and tells whoever waits for one."""

    channel = "telegram"

    def __init__(self) -> None:
        self.sent = 0
        self._awaited: dict[str, asyncio.Event] = {}

    def is_private(self, external_id: str) -> bool:
        """See ``Sender``."""
        return True

    async def send(self, outgoing: Outgoing) -> Outcome:
        """See ``Sender``."""
        self.sent += 1
        self._awaited.setdefault(outgoing.id, asyncio.Event()).set()
        return Delivered()

    async def has(self, outgoing_id: str) -> None:
        """Wait for a message."""
        await self._awaited.setdefault(outgoing_id, asyncio.Event()).wait()


class Talk:
    """People who write at a steady rate, whatever is answered; each fills in a filing."""

    def __init__(self, assistant: Assistant, platform: Platform) -> None:
        self._assistant = assistant
        self._platform = platform
        self._messages = _messages()

    async def window(self, seconds: float) -> Window:
        """Write for so long; what was answered of it."""
        found = Window()
        sent, cpu, began = self._platform.sent, process_time(), perf_counter()
        tasks: list[asyncio.Task[None]] = []
        for number in range(int(seconds * A_SECOND)):
            await asyncio.sleep(max(0.0, began + number / A_SECOND - perf_counter()))
            tasks.append(asyncio.create_task(self._one(found)))
        found.cpu = (process_time() - cpu) / (perf_counter() - began)
        await asyncio.gather(*tasks)
        found.sent = self._platform.sent - sent
        return found

    async def _one(self, found: Window) -> None:
        person, number, text = next(self._messages)
        message = Inbound(Identity("telegram", person), f"m{number}", real_clock(), text=text)
        began, work = perf_counter(), thread_time()
        handled = await self._assistant.handle(message)
        found.taken.append((perf_counter() - began) * 1e3)
        await self._platform.has(handled.outgoing[0].id)
        found.answered.append((perf_counter() - began) * 1e3)
        found.worked.append((thread_time() - work) * 1e3)


def _messages() -> Iterator[tuple[str, int, str]]:
    """A hundred people side by side, then the next hundred."""
    for group in itertools.count():
        for number, text in enumerate(FILING):
            for person in range(100):
                yield f"t{group}-{person}", number, text


@asynccontextmanager
async def _talking(stores: Stores) -> AsyncIterator[tuple[Assistant, Talk]]:
    """The assistant with its delivery, at the pace chat platforms bear."""
    world = replace(shared_world(), cautious_channels=frozenset())
    assistant = Assistant(
        world, stores.cases, stores.dead_letters, real_clock, planner=CasePlanner(world)
    )
    platform = Platform()
    pace = Pace(Rate(1e9, 1e9), UNHURRIED.together)
    delivery = Delivery(stores.outbox, platform, real_clock, pace)
    assistant.couriers["telegram"] = delivery.take_over
    stop = asyncio.Event()
    delivering = asyncio.create_task(delivery.run(stop))
    keep_what_is_loaded()
    try:
        yield assistant, Talk(assistant, platform)
    finally:
        stop.set()
        await delivering


def _in_words(one: Window) -> str:
    return (
        f"{one.p(0.5):.0f} ms, p99 {one.p(0.99):.0f} (taken {_of(one.taken, 0.99):.0f}, "
        f"worked {_of(one.worked, 0.99):.0f}), "
        f"{one.cpu:.2f} of a processor, {one.sent} sent, {one.given} given"
    )


def _compared(quiet: Sequence[Window], loud: Sequence[Window], plan: Plan) -> Result:
    def figures(windows: Sequence[Window]) -> dict[str, float]:
        answered = [one for window in windows for one in window.answered]
        taken = [one for window in windows for one in window.taken]
        worked = [one for window in windows for one in window.worked]
        return {
            "p50_ms": _of(answered, 0.5),
            "p99_ms": _of(answered, 0.99),
            "taken_p99_ms": _of(taken, 0.99),
            "worked_p50_ms": _of(worked, 0.5),
            "worked_p99_ms": _of(worked, 0.99),
            "processors": median(one.cpu for one in windows),
            "given_a_second": median(one.given for one in windows) / plan.seconds,
        }

    before, meanwhile = figures(quiet), figures(loud)
    return Result(
        unit="milliseconds until an answer is delivered",
        medians={"quiet": before, "broadcasting": meanwhile},
        counts={
            "rounds": plan.rounds,
            "reminders": plan.reminders,
            "messages_a_second": A_SECOND,
        },
        further={
            "p50_growth": meanwhile["p50_ms"] / before["p50_ms"],
            "p99_growth": meanwhile["p99_ms"] / before["p99_ms"],
            "worked_p99_growth": meanwhile["worked_p99_ms"] / before["worked_p99_ms"],
        },
    )
