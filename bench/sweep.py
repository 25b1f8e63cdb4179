"""A sweep over a million reminders: all due at once claimed, and few due among many planned."""

import asyncio
import tempfile
from pathlib import Path
from time import perf_counter, process_time, time

from bench.mass import fill
from bench.postgres import server
from bench.reminders import BATCH, MASTER
from bench.results import Result, work_folder
from bot.clock import real_clock
from storage.migrate import upgrade
from storage.stores import StoreSettings, open_stores


def swept(kind: str, count: int) -> dict[str, Result]:
    """One reminder for each of as many conversations, all of them due."""
    with tempfile.TemporaryDirectory(dir=work_folder()) as name:
        folder = Path(name)
        if kind == "sqlite":
            found = asyncio.run(_swept(f"sqlite:///{folder / 'beian.db'}", folder, count))
        else:
            with server() as url:
                if url is None:
                    return {}
                found = asyncio.run(_swept(url, folder, count))
    return {f"reminders_swept_of_{count}_{kind}": found}


async def _swept(url: str, folder: Path, count: int) -> Result:
    began = perf_counter()
    await upgrade(url)
    await asyncio.to_thread(fill, url, count, int(time() * 1e6), MASTER, reminders=count, due=count)
    print(f"  {count:,} reminders planned in {perf_counter() - began:.0f} s", flush=True)
    stores = await open_stores(StoreSettings(url, folder / "files"), MASTER, real_clock)
    began, cpu = perf_counter(), process_time()
    claimed = 0
    parts: list[float] = []  # seconds for each tenth
    while found := await stores.reminders.claim(real_clock(), BATCH):
        claimed += len(found)
        if claimed * 10 // count > len(parts):
            parts.append(perf_counter() - began - sum(parts))
        if claimed == count:
            break
    took, cpu = perf_counter() - began, process_time() - cpu
    await stores.close()
    print(f"  claimed in {took:.1f} s", flush=True)
    return Result(
        unit="seconds",
        medians={
            "seconds": took,
            "cpu_seconds": cpu,
            "microseconds_each": took / count * 1e6,
            "last_tenth_to_first": parts[-1] / parts[0],
        },
        counts={"reminders": count, "claimed": claimed},
        further={"sound": claimed == count},
    )
