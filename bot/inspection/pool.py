"""Worker processes that look at pictures: few, bounded, and replaced when they die or hang.

Each is a program that reads requests from standard input and writes one line of JSON for each:
a line of JSON with ``bytes``, then so many bytes. What a picture does to a worker, it does to
nobody else.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.inspection.serving import FAILED

_LONGEST_ANSWER: Final = 2**20  # bytes


class WorkerFailed(Exception):
    """A picture was not looked at: the worker died, took too long or did not cope with it."""


@dataclass(slots=True)
class _Worker:
    process: Process
    asked: int = 0

    @property
    def is_alive(self) -> bool:
        return self.process.returncode is None


@dataclass(slots=True)
class WorkerPool:
    """Up to ``count`` workers running ``python -m module``, started when first needed.

    ``seconds`` may pass for one picture once it is looked at; ``recycled_after`` pictures a
    worker is replaced, so that what a library leaks stays small. An idle one ends by itself.
    """

    module: str
    count: int = 2
    seconds: float = 20.0
    recycled_after: int = 200
    _idle: list[_Worker] = field(default_factory=list)
    _busy: set[Process] = field(default_factory=set)
    _room: asyncio.Semaphore | None = None

    async def ask(self, given: Mapping[str, object], content: bytes) -> dict[str, Any]:
        """A worker's answer for a picture. Raises WorkerFailed."""
        if self._room is None:
            self._room = asyncio.Semaphore(self.count)
        async with self._room:
            worker = self._take_idle() or await self._start()
            was_idle = worker.asked > 0
            try:
                answer = await self._asked(worker, given, content)
            except WorkerFailed:
                if not was_idle:
                    raise
                # It may have ended while idle, just now: once more with a fresh one.
                answer = await self._asked(await self._start(), given, content)
        if FAILED in answer:
            raise WorkerFailed(str(answer[FAILED]))
        return answer

    async def stop(self) -> None:
        """End all workers."""
        for process in [*(worker.process for worker in self._idle), *self._busy]:
            if process.returncode is None:
                process.kill()
                await process.wait()
        self._idle.clear()

    def _take_idle(self) -> _Worker | None:
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive:
                return worker
        return None

    async def _start(self) -> _Worker:
        kept = ("PATH", "PYTHONPATH", "SYSTEMROOT", "LANG", "LC_ALL")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            self.module,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            limit=_LONGEST_ANSWER,
            # Neither keys nor passwords; and one thread each: the cores are the chat's.
            env={name: os.environ[name] for name in kept if name in os.environ}
            | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        return _Worker(process)

    async def _asked(
        self, worker: _Worker, given: Mapping[str, object], content: bytes
    ) -> dict[str, Any]:
        process = worker.process
        assert process.stdin and process.stdout
        self._busy.add(process)
        answer: object = None
        try:
            async with asyncio.timeout(self.seconds):
                head = json.dumps({**given, "bytes": len(content)})
                process.stdin.write(head.encode() + b"\n" + content)
                await process.stdin.drain()
                answer = json.loads(await process.stdout.readline())
        except (TimeoutError, OSError, ValueError, asyncio.LimitOverrunError):
            answer = None
        finally:
            self._busy.discard(process)
            worker.asked += 1
            if isinstance(answer, dict) and worker.asked < self.recycled_after:
                self._idle.append(worker)
            elif worker.is_alive:
                process.kill()
                await process.wait()
        if not isinstance(answer, dict):
            raise WorkerFailed("it died or took too long")
        return answer
