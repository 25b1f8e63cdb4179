"""What a conversation nobody is in takes of memory, and that only so many are remembered."""

import asyncio
import gc
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.reminder_victims import fill
from bench.reminders import MASTER
from bench.results import ROOT, Result, work_folder
from bot.clock import real_clock
from dialogs.message import Identity
from storage.cases import CACHED_CASES
from storage.stores import StoreSettings, open_stores

_PAGE = os.sysconf("SC_PAGE_SIZE")


def idle(people: int) -> dict[str, Result]:
    """Memory by how many complete filings were opened one after the other, in a fresh process."""
    with tempfile.TemporaryDirectory(dir=work_folder()) as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'beian.db'}"
        asyncio.run(fill(url, folder, people))
        done = subprocess.run(
            [sys.executable, "-m", "bench.idle", url, str(folder), str(people)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    rss: dict[str, float] = json.loads(done.stdout)
    marks = sorted(map(int, rss))
    kept = min(max(marks), CACHED_CASES)
    within = max(mark for mark in marks if mark <= kept)
    return {
        "memory_of_idle_conversations": Result(
            unit="kilobytes each",
            medians={
                "remembered": (rss[str(within)] - rss["0"]) / within / 1e3,
                "further": (rss[str(marks[-1])] - rss[str(within)])
                / max(1, marks[-1] - within)
                / 1e3,
            },
            counts={"remembered_at_most": CACHED_CASES, "opened": marks[-1]},
            further={"rss_mb": {mark: round(value / 1e6, 1) for mark, value in rss.items()}},
        )
    }


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE


async def _measured(url: str, folder: Path, people: int) -> dict[int, int]:
    """Resident bytes after so many conversations were opened."""
    stores = await open_stores(StoreSettings(url, folder / "files"), MASTER, real_clock)
    marks = {0, people, *(people * share // 4 for share in (1, 2, 3))}
    marks |= {CACHED_CASES} if people > CACHED_CASES else set()
    for number in range(20):  # whatever is loaded and made once
        await stores.cases.open(Identity("telegram", str(people - 1 - number)), real_clock(), "en")
    stores.cases.evict()
    found: dict[int, int] = {}
    for number in range(people + 1):
        if number in marks:
            gc.collect()
            found[number] = _resident()
        if number < people:
            await stores.cases.open(Identity("telegram", str(number)), real_clock(), "zh-CN")
    await stores.close()
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_measured(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))))
