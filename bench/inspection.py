"""Checks of pictures: time and memory for each, and what chatting costs while they go on."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from statistics import median, quantiles
from time import monotonic, perf_counter

from bench.results import ROOT, Result
from bot.inspection.inspector import WORKER, PictureInspector, new_inspector
from bot.settings import Settings
from bot.wiring import new_assistant
from bot.world import load_world
from dialogs.assistant import Assistant
from dialogs.message import Identity, Inbound
from dialogs.ports import Sought
from filing.materials.material import MaterialKind
from storage.memory import memory_stores
from storage.ports import StorePolicy, Stores
from tests.specimens.shots import good

_SEED = 7000
_SAID = ("你好", "还差什么", "备案要多久", "帮助")
_DAY = datetime(2026, 11, 20, 9, tzinfo=UTC)


def inspection(pictures: int, turns: int) -> dict[str, Result]:
    """One worker looking at so many pictures, then turns alone and beside such looking."""
    photos = [good(_SEED + place).content for place in range(pictures)]
    looked = _looked(photos)
    alone, beside, checked = asyncio.run(_chatted(photos[:4], turns))
    return {
        "inspection_picture": looked,
        "inspection_beside_chat": Result(
            unit="seconds a turn",
            ratios={"without_pictures": median(alone) / median(beside)},
            medians={
                "alone": median(alone),
                "beside": median(beside),
                "alone_p95": quantiles(alone, n=20)[-1],
                "beside_p95": quantiles(beside, n=20)[-1],
            },
            counts={"turns": turns, "pictures_meanwhile": checked},
        ),
    }


def _looked(photos: Sequence[bytes]) -> Result:
    """A worker as the pool runs it, fed by hand so that its use of resources can be read."""
    process = subprocess.Popen(
        [sys.executable, "-m", WORKER],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert process.stdin and process.stdout
    seconds: list[float] = []
    for photo in photos:
        wanted = {"formats": ["jpg"], "max_bytes": 20_000_000, "coloured": True}
        head = json.dumps({"wanted": wanted, "content": None, "bytes": len(photo)})
        began = perf_counter()
        process.stdin.write(head.encode() + b"\n" + photo)
        process.stdin.flush()
        told = json.loads(process.stdout.readline())
        seconds.append(perf_counter() - began)
        if "findings" not in told:
            raise SystemExit(f"a picture was not looked at: {told}")
    process.stdin.close()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("the worker failed")
    return Result(
        unit="seconds a picture",
        medians={
            "seconds": median(seconds[1:] or seconds),
            "first_seconds": seconds[0],
            "processor_seconds": (usage.ru_utime + usage.ru_stime) / len(photos),
            "peak_megabytes": usage.ru_maxrss / 1024,
        },
        counts={"pictures": len(photos)},
    )


async def _chatted(photos: Sequence[bytes], turns: int) -> tuple[list[float], list[float], int]:
    """Seconds of turns without and with two pictures always in work, and how many were done.

    Both kinds alternate in short spells, so that the machine's other work falls on both.
    """
    settings = Settings(_env_file=None)
    world = load_world(settings)
    stores = memory_stores(_clock, StorePolicy(frozenset()))
    inspector = new_inspector(stores.files, world, settings)
    assistant = new_assistant(settings, world, _clock, stores)
    spells, numbers = 10, count()
    alone: list[float] = []
    beside: list[float] = []
    checked = 0
    try:
        kept = await _keep(stores, photos)
        await inspector.inspect(kept[0], _SOUGHT)  # the first one starts a worker
        await _turns(assistant, 40, numbers)  # what is loaded when first used is loaded
        for _ in range(spells):
            alone += await _turns(assistant, turns // spells, numbers)
            enough = asyncio.Event()
            load = [asyncio.create_task(_steadily(inspector, kept, enough)) for _ in range(2)]
            beside += await _turns(assistant, turns // spells, numbers)
            enough.set()
            checked += sum(await asyncio.gather(*load))
    finally:
        await inspector.stop()
    return alone, beside, checked


_SOUGHT = Sought(_DAY.date(), MaterialKind.SUBJECT_CERTIFICATE)


async def _steadily(inspector: PictureInspector, kept: Sequence[str], enough: asyncio.Event) -> int:
    """Have one picture after the other looked at; returns how many were."""
    looked = 0
    while not enough.is_set():
        await inspector.inspect(kept[looked % len(kept)], _SOUGHT)
        looked += 1
    return looked


async def _keep(stores: Stores, photos: Sequence[bytes]) -> list[str]:
    whose = Identity("web", "pictures")
    return [
        await stores.files.put(whose, f"{place}.jpg", "image/jpeg", photo)
        for place, photo in enumerate(photos)
    ]


async def _turns(assistant: Assistant, turns: int, numbers: "count[int]") -> list[float]:
    seconds: list[float] = []
    for _ in range(turns):
        number = next(numbers)
        inbound = Inbound(
            Identity("web", f"applicant-{number % 20}"),
            f"m{number}",
            _clock(),
            text=_SAID[number // 20 % len(_SAID)],
        )
        began = perf_counter()
        await assistant.handle(inbound)
        seconds.append(perf_counter() - began)
        await asyncio.sleep(0.01)  # people pause, and the workers' answers come in
    return seconds


def _clock() -> datetime:
    return _DAY + timedelta(seconds=monotonic())
