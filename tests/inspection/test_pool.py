"""Workers die and hang; whoever asks is told so, and the next picture is looked at all the same."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.inspection.pool import WorkerFailed, WorkerPool

MODULE = "tests.inspection.odd_worker"


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(MODULE, count=1, seconds=30.0, recycled_after=3)
    yield pool
    await pool.stop()


async def test_a_worker_answers_one_picture_after_another(pool: WorkerPool) -> None:
    first = await pool.ask({}, b"picture")
    second = await pool.ask({}, b"")
    assert first["length"] == 7 and second["length"] == 0
    assert first["pid"] == second["pid"]


async def test_a_worker_that_dies_is_replaced(pool: WorkerPool) -> None:
    before = await pool.ask({}, b"picture")
    with pytest.raises(WorkerFailed):
        await pool.ask({}, b"die")
    assert (await pool.ask({}, b"picture"))["pid"] != before["pid"]


async def test_a_picture_a_library_fails_on_costs_no_worker(pool: WorkerPool) -> None:
    before = await pool.ask({}, b"picture")
    with pytest.raises(WorkerFailed, match="KeyError"):
        await pool.ask({}, b"fail")
    assert (await pool.ask({}, b"picture"))["pid"] == before["pid"]


async def test_a_worker_that_hangs_is_ended() -> None:
    pool = WorkerPool(MODULE, count=1, seconds=0.5)
    with pytest.raises(WorkerFailed):
        await pool.ask({}, b"hang")
    pool.seconds = 30.0
    assert (await pool.ask({}, b"picture"))["length"] == 7
    await pool.stop()


async def test_a_worker_is_replaced_after_so_many_pictures(pool: WorkerPool) -> None:
    pids = [(await pool.ask({}, b"picture"))["pid"] for _ in range(4)]
    assert pids[0] == pids[1] == pids[2] != pids[3]


async def test_pictures_wait_for_a_worker(pool: WorkerPool) -> None:
    answers = await asyncio.gather(*(pool.ask({}, b"picture") for _ in range(3)))
    assert len({answer["pid"] for answer in answers}) == 1
