"""Leases and paces that processes share, on every store."""

import asyncio
from datetime import timedelta

from storage.ports import Stores
from tests.storage.conftest import Place
from tests.storage.making import NOW, unique

A_WHILE = timedelta(seconds=15)
APART = timedelta(seconds=1)


async def test_one_holder_has_a_lease_until_it_ends_or_is_let_go(stores: Stores) -> None:
    leases, name = stores.leases, unique("work")
    assert await leases.take(name, "a", NOW, NOW + A_WHILE)
    assert not await leases.take(name, "b", NOW, NOW + A_WHILE)
    assert await leases.take(unique("other work"), "b", NOW, NOW + A_WHILE)
    later = NOW + A_WHILE / 2
    assert await leases.take(name, "a", later, later + A_WHILE)  # renewed
    assert not await leases.take(name, "b", NOW + A_WHILE, NOW + 2 * A_WHILE)
    end = later + A_WHILE
    assert await leases.take(name, "b", end, end + A_WHILE)
    await leases.release(name, "a")  # no longer its own
    assert not await leases.take(name, "a", end, end + A_WHILE)
    await leases.release(name, "b")
    assert await leases.take(name, "a", end, end + A_WHILE)


async def test_a_clock_that_was_put_back_makes_nobody_wait_for_it(stores: Stores) -> None:
    leases, paces, name = stores.leases, stores.paces, unique("work")
    ahead, burst = NOW + timedelta(hours=1), 5 * APART
    assert await leases.take(name, "dead", ahead, ahead + A_WHILE)
    assert await leases.take(name, "alive", NOW, NOW + A_WHILE)
    assert not await leases.take(name, "late", NOW, NOW + A_WHILE)
    await paces.reserve(name, 3, APART, burst, ahead)
    assert await paces.reserve(name, 3, APART, burst, NOW) == NOW - burst


async def test_moments_are_given_one_after_the_other_and_kept_up_to_the_burst(
    stores: Stores,
) -> None:
    paces, name = stores.paces, unique("platform")
    burst = 5 * APART
    assert await paces.reserve(name, 3, APART, burst, NOW) == NOW - burst
    assert await paces.reserve(name, 3, APART, burst, NOW) == NOW - 2 * APART
    assert await paces.reserve(name, 3, APART, burst, NOW) == NOW + APART
    assert await paces.reserve(name, 1, APART, burst, NOW, left=APART) is None
    later = NOW + timedelta(hours=1)
    assert await paces.reserve(name, 1, APART, burst, later, left=burst) is None
    assert await paces.reserve(name, 1, APART, burst, later) == later - burst


async def test_processes_that_race_for_a_lease_or_a_moment_get_different_ones(
    postgres_place: Place,
) -> None:
    name, zero = unique("race"), timedelta(0)
    async with postgres_place.opened() as here, postgres_place.opened() as there:
        taken = await asyncio.gather(
            *(
                store.leases.take(name, f"{number}", NOW, NOW + A_WHILE)
                for number, store in enumerate((here, there) * 5)
            )
        )
        moments = await asyncio.gather(
            *(store.paces.reserve(name, 1, APART, zero, NOW) for store in (here, there) * 5)
        )
    assert sum(taken) == 1
    assert sorted(one for one in moments if one) == [NOW + number * APART for number in range(10)]
