"""Jobs that arrive while one group is under way make up the next group."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")

GROUP_LIMIT = 64
"""Jobs per group: beyond it, the gain is gone and the wait for the first one grows."""


class Grouped(Generic[Job, Outcome]):
    """Hands waiting jobs to ``run`` in groups, one group at a time, in order of arrival.

    ``run`` does a group whole or raises; it gives one outcome per job. If a group of several
    fails, each of its jobs is run alone, so only the culprit fails. Nothing waits on
    purpose: a lone job runs at once.
    """

    def __init__(
        self,
        run: Callable[[Sequence[Job]], Awaitable[Sequence[Outcome]]],
        limit: int = GROUP_LIMIT,
    ) -> None:
        self._run = run
        self._limit = limit
        self._waiting: list[tuple[Job, asyncio.Future[Outcome]]] = []
        self._running: asyncio.Task[None] | None = None

    async def submit(self, job: Job) -> Outcome:
        """Do the job, in company if there is some, and return its outcome.

        Cancelling the caller does not take the job back: it may be done all the same.
        """
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, future))
        if self._running is None:
            self._running = asyncio.create_task(self._drain(), name="grouped-jobs")
        return await future

    async def finish(self) -> None:
        """Wait until nothing is waiting."""
        while self._running is not None:
            await asyncio.wait({self._running})

    async def _drain(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = (
                    self._waiting[: self._limit],
                    self._waiting[self._limit :],
                )
                await self._run_group(group)
        finally:
            self._running = None

    async def _run_group(self, group: list[tuple[Job, asyncio.Future[Outcome]]]) -> None:
        try:
            outcomes = await self._run([job for job, _ in group])
        except Exception as error:
            if len(group) == 1:
                _fail(group[0][1], error)
                return
            for member in group:
                await self._run_group([member])
            return
        for (_, future), outcome in zip(group, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)


def _fail(future: asyncio.Future[Outcome], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
