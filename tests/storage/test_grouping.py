"""Grouped jobs, and the bounded cache."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.grouping import Grouped
from storage.instant import from_micros, to_micros
from storage.lru import Lru
from tests.storage.making import NOW


class _Doubler:
    """Doubles numbers; a group with a zero in it fails whole."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []

    async def __call__(self, group: Sequence[int]) -> Sequence[int]:
        self.groups.append(list(group))
        await asyncio.sleep(0)
        if 0 in group:
            raise ZeroDivisionError
        return [2 * number for number in group]


async def test_a_lone_job_is_done_at_once_and_alone() -> None:
    work = _Doubler()
    assert await Grouped(work).submit(21) == 42
    assert work.groups == [[21]]


async def test_jobs_that_come_while_a_group_is_under_way_make_the_next_one() -> None:
    work = _Doubler()
    grouped = Grouped(work)
    first = asyncio.create_task(grouped.submit(1))
    while not work.groups:
        await asyncio.sleep(0)
    rest = [asyncio.create_task(grouped.submit(number)) for number in (2, 3, 4)]
    assert await asyncio.gather(first, *rest) == [2, 4, 6, 8]
    assert work.groups == [[1], [2, 3, 4]]


async def test_a_group_is_no_larger_than_its_limit() -> None:
    work = _Doubler()
    grouped = Grouped(work, limit=2)
    assert await asyncio.gather(*(grouped.submit(n) for n in range(1, 6))) == [2, 4, 6, 8, 10]
    assert work.groups == [[1, 2], [3, 4], [5]]


async def test_only_the_culprit_of_a_failed_group_fails() -> None:
    grouped = Grouped(_Doubler())
    outcomes = await asyncio.gather(
        *(grouped.submit(number) for number in (1, 0, 2)), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [int, ZeroDivisionError, int]
    assert await grouped.submit(5) == 10


async def test_a_job_whose_caller_went_away_is_done_all_the_same() -> None:
    work = _Doubler()
    grouped = Grouped(work)
    caller = asyncio.create_task(grouped.submit(7))
    await asyncio.sleep(0)
    caller.cancel()
    assert await grouped.submit(8) == 16
    assert work.groups == [[7, 8]]


async def test_finishing_waits_for_everything_handed_in() -> None:
    work = _Doubler()
    grouped = Grouped(work, limit=1)
    tasks = [asyncio.create_task(grouped.submit(number)) for number in (1, 2, 3)]
    await asyncio.sleep(0)
    await grouped.finish()
    assert [task.result() for task in tasks] == [2, 4, 6]


def test_the_value_unused_for_longest_makes_room() -> None:
    cache: Lru[str, int] = Lru(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert (cache.get("a"), cache.get("b"), cache.get("c"), len(cache)) == (1, None, 3, 2)
    cache.drop("a")
    cache.drop("never there")
    assert cache.get("a") is None


def test_a_cache_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="limit=0"):
        Lru(0)


@given(st.datetimes(timezones=st.timezones()))
def test_a_moment_is_the_same_instant_after_being_stored(moment: datetime) -> None:
    assert from_micros(to_micros(moment)) == moment.astimezone(UTC)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_micros(NOW.replace(tzinfo=None))
