"""What one process does alone, and who goes on when it ends, and the pace all keep together."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import real_clock
from bot.common_pace import AT_ONCE, CommonPace, OwnPace, pace_of
from bot.holding import Alone
from bot.pacing import Rate
from storage.errors import StoreUnavailable
from storage.memory import memory_stores
from storage.memory.leases import MemoryLeases, MemoryPaces

SHORT = timedelta(seconds=0.5)


class Worker:
    """Counts who is at work."""

    def __init__(self) -> None:
        self.at_work: set[str] = set()
        self.most = 0
        self.done: list[str] = []

    def work(self, name: str) -> Callable[[asyncio.Event], "asyncio.Future[None]"]:
        """Work under a name."""

        async def run(stop: asyncio.Event) -> None:
            self.at_work.add(name)
            self.most = max(self.most, len(self.at_work))
            await stop.wait()
            self.at_work.remove(name)
            self.done.append(name)

        return lambda stop: asyncio.ensure_future(run(stop))


async def until(true: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.01)


async def test_one_works_the_others_stand_by_and_take_over_in_turn() -> None:
    leases, worker = MemoryLeases(), Worker()
    stops = {name: asyncio.Event() for name in "abc"}
    running = [
        asyncio.create_task(
            Alone(leases, real_clock, SHORT).run("work", worker.work(name), stops[name])
        )
        for name in "abc"
    ]
    for _ in stops:
        await until(lambda: bool(worker.at_work))
        [name] = worker.at_work
        stops[name].set()
        await until(lambda name=name: name in worker.done)  # type: ignore[misc]
    await asyncio.gather(*running)
    assert sorted(worker.done) == ["a", "b", "c"]
    assert worker.most == 1


async def test_after_a_killed_holder_its_lease_runs_out() -> None:
    leases, worker, stop = MemoryLeases(), Worker(), asyncio.Event()
    now = real_clock()
    assert await leases.take("work", "killed", now, now + SHORT)
    running = asyncio.create_task(
        Alone(leases, real_clock, SHORT).run("work", worker.work("next"), stop)
    )
    await until(lambda: worker.at_work == {"next"})
    assert real_clock() >= now + SHORT
    stop.set()
    await running


async def test_who_cannot_renew_its_lease_ends_its_work_with_it() -> None:
    class Away(MemoryLeases):
        is_away = False

        async def take(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
            if self.is_away:
                raise StoreUnavailable("gone")
            return await super().take(name, holder, now, until)

    leases, worker, stop = Away(), Worker(), asyncio.Event()
    running = asyncio.create_task(
        Alone(leases, real_clock, SHORT).run("work", worker.work("a"), stop)
    )
    await until(lambda: worker.at_work == {"a"})
    leases.is_away = True
    await until(lambda: worker.done == ["a"])
    leases.is_away = False
    await until(lambda: worker.at_work == {"a"})  # and takes it up again
    stop.set()
    await running


async def test_what_the_work_raises_is_raised_and_the_lease_is_let_go() -> None:
    leases, stop = MemoryLeases(), asyncio.Event()

    async def work(stop: asyncio.Event) -> None:
        raise LookupError("broken")

    with pytest.raises(LookupError):
        await Alone(leases, real_clock).run("work", work, stop)
    now = real_clock()
    assert await leases.take("work", "another", now, now + SHORT)


NOW = datetime(2026, 11, 24, tzinfo=UTC)


async def test_processes_keep_one_pace_together() -> None:
    paces = MemoryPaces(is_shared=True)
    rate = Rate(burst=AT_ONCE, per_second=10)
    here, there = (CommonPace(paces, "platform", rate, lambda: NOW) for _ in range(2))
    waits = [await one.reserve() for _ in range(AT_ONCE) for one in (here, there)]
    assert waits.count(0.0) == AT_ONCE + 1  # the burst, and the first after it
    assert sorted(waits)[-1] == pytest.approx((AT_ONCE - 1) / 10)
    there.give_back()
    assert await there.reserve() == max(waits[1::2])


async def test_while_the_store_is_away_everybody_keeps_their_own_pace() -> None:
    class Away(MemoryPaces):
        async def reserve(self, *_: object) -> datetime:
            raise StoreUnavailable("gone")

    pace = CommonPace(Away(is_shared=True), "platform", Rate(2, 1), lambda: NOW)
    waits = [await pace.reserve() for _ in range(3)]
    assert waits[:2] == [0.0, 0.0]
    assert waits[2] == pytest.approx(1, abs=0.5)


def test_alone_on_its_database_a_process_counts_by_itself() -> None:
    own = memory_stores(real_clock).paces
    assert isinstance(pace_of(own, "platform", Rate(30, 30), real_clock), OwnPace)
    shared = MemoryPaces(is_shared=True)
    assert isinstance(pace_of(shared, "platform", Rate(30, 30), real_clock), CommonPace)
    assert isinstance(pace_of(shared, "platform", Rate(1e9, 1e9), real_clock), OwnPace)


async def test_what_can_wait_leaves_half_of_the_burst_to_what_cannot() -> None:
    rate = Rate(burst=4, per_second=1)
    own = OwnPace(rate)
    assert [await own.spare() for _ in range(3)] == [0.0, 0.0, None]
    assert [await own.reserve() for _ in range(2)] == [0.0, 0.0]
    paces = MemoryPaces(is_shared=True)
    rate = Rate(burst=4 * AT_ONCE, per_second=10)
    here, there = (CommonPace(paces, "platform", rate, lambda: NOW) for _ in range(2))
    given = [await one.spare() for _ in range(AT_ONCE) for one in (here, there)]
    assert given == [0.0] * 2 * AT_ONCE
    assert await here.spare() is None
    assert [await one.reserve() for one in (here, there)] == [0.0, 0.0]
