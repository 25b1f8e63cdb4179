"""One target fed with spoilt input: what came of it, and whether it stayed sound."""

import asyncio
import ctypes
import gc
import os
import random
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from fastapi.dependencies import models

FRESH_EVERY: Final = 1_000
"""Inputs after which a target begins anew, so that what it keeps does not count as a leak."""

PROVED_EVERY: Final = 50
"""Between so many inputs something valid is sent and must count."""

_MOST_FAULTS: Final = 20


class Fault(Exception):
    """What must never be: an error of ours, or a valid message without effect."""


class Target(Protocol):
    """A door at which strangers may put anything."""

    async def begin(self) -> None:
        """Begin anew, with nothing kept."""
        ...

    async def feed(self, chance: random.Random) -> str:
        """Put in something spoilt; what it was answered, in a word. Raises for a fault."""
        ...

    async def prove(self, number: int) -> None:
        """Put in something valid and see that it counts. Raises Fault if not."""
        ...

    async def end(self) -> None:
        """See that nothing failed in silence since ``begin``. Raises Fault."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of so many inputs."""

    name: str
    seed: int
    inputs: int
    valid: int
    answers: Counter[str]
    faults: tuple[str, ...]
    seconds: float
    slowest: tuple[float, int]  # seconds of the processor, and the number of that input
    grown: int  # bytes of resident memory, from the first tenth to the most seen after it

    @property
    def is_sound(self) -> bool:
        """Whether nothing broke."""
        return not self.faults

    def as_data(self) -> dict[str, Any]:
        """For a results file."""
        return {
            "seed": self.seed,
            "inputs": self.inputs,
            "valid in between": self.valid,
            "answers": dict(sorted(self.answers.items())),
            "faults": list(self.faults),
            "seconds": round(self.seconds, 1),
            "slowest input, ms of the processor": round(self.slowest[0] * 1000),
            "slowest input": self.slowest[1],
            "memory grown, MiB": round(self.grown / 2**20, 1),
        }


@dataclass(slots=True)
class _Run:
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    valid: int = 0
    slowest: tuple[float, int] = (0.0, 0)
    warm: int = 0
    most: int = 0


async def campaign(
    name: str, target: Target, inputs: int, seed: int, tell: Callable[[str], None] = print
) -> Outcome:
    """Feed a target; every input follows from the seed, the target's name and its number."""
    run = _Run()
    began = time.perf_counter()
    for number in range(inputs):
        if number % FRESH_EVERY == 0:
            await _fresh(target, run, is_first=number == 0)
            _remember_memory(run, number, inputs)
        chance = random.Random(f"{seed}/{name}/{number}")
        at = time.process_time()
        try:
            run.answers[await target.feed(chance)] += 1
        except Exception as error:
            _note(run, f"{name} {number}: {_story(error)}")
        if number >= FRESH_EVERY:  # what is loaded when first used is no input's doing
            run.slowest = max(run.slowest, (time.process_time() - at, number))
        if number % PROVED_EVERY == 0:
            try:
                await target.prove(number)
                run.valid += 1
            except Exception as error:
                _note(run, f"{name} {number}, valid: {_story(error)}")
        if number and number % 50_000 == 0:
            tell(f"  {name} {number:,} of {inputs:,}, {len(run.faults)} faults")
    await _ended(target, run)
    _remember_memory(run, inputs, inputs)
    return Outcome(
        name,
        seed,
        inputs,
        run.valid,
        run.answers,
        tuple(run.faults),
        time.perf_counter() - began,
        run.slowest,
        max(0, run.most - run.warm),
    )


async def _fresh(target: Target, run: _Run, *, is_first: bool) -> None:
    if not is_first:
        await _ended(target, run)
    await target.begin()
    await asyncio.sleep(0)


async def _ended(target: Target, run: _Run) -> None:
    try:
        await target.end()
    except Exception as error:
        _note(run, _story(error))


def _remember_memory(run: _Run, number: int, inputs: int) -> None:
    for one in vars(models).values():  # FastAPI remembers functions of applications that are gone
        if hasattr(one, "cache_clear"):
            one.cache_clear()
    gc.collect()
    _give_back()
    resident = _resident()
    if number * 10 <= inputs:
        run.warm = max(run.warm, resident)
    run.most = max(run.most, resident)


def _give_back() -> None:
    """Let the C library return what is free: it keeps some after a large input, and is no leak."""
    with suppress(OSError, AttributeError, TypeError):  # elsewhere than on Linux with glibc
        ctypes.CDLL(None).malloc_trim(0)


def _resident() -> int:
    """Bytes of memory this process holds; 0 where nobody says."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _note(run: _Run, story: str) -> None:
    if len(run.faults) < _MOST_FAULTS:
        run.faults.append(story)


def _story(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(frames))
    return f"{type(error).__name__}: {str(error)[:200]} ({places})"
