"""Firing what is due at once, against APScheduler with one job for each reminder, in one run.

Firing is claiming: every reminder is leased and its delivery row written, 500 to a transaction.
What follows (the case read again, the message put into the outbox) is measured by itself.
"""

import asyncio
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert

from bench.results import ROOT, Result, work_folder
from bot.memory import keep_what_is_loaded
from storage import tables
from storage.crypto import MasterKey
from storage.instant import to_micros
from storage.migrate import upgrade
from storage.opening import open_database
from storage.ports import Stores
from storage.stores import StoreSettings, open_stores

BATCH = 500
MASTER = MasterKey(bytes(range(32)))


def reminders(rounds: int, *, quick: bool) -> dict[str, Result]:
    """All benchmarks of reminding."""
    many = 20_000 if quick else 100_000
    pending = 100_000 if quick else 1_000_000
    found: dict[str, Result] = {}
    with _databases() as urls:
        for name, url in urls.items():
            runs = [_against_apscheduler(url, 5_000) for _ in range(rounds)]
            found[f"reminders_fired_{name}"] = Result(
                unit="seconds for 5,000 due at once",
                ratios={"apscheduler": median(one.theirs / one.ours for one in runs)},
                medians={
                    "ours": median(one.ours for one in runs),
                    "apscheduler": median(one.theirs for one in runs),
                    "ours_loop_blocked_ms": median(one.our_lag for one in runs),
                    "apscheduler_loop_blocked_ms": median(one.their_lag for one in runs),
                },
                counts={"rounds": rounds, "reminders": 5_000},
                further={"cpu_ratio": median(one.their_cpu / one.our_cpu for one in runs)},
            )
            found[f"reminders_swept_{name}"] = asyncio.run(_swept(url, many))
            found[f"reminders_given_{name}"] = asyncio.run(_given(url, 500 if quick else 2_500))
            found[f"reminders_killed_everywhere_{name}"] = _killed_everywhere(
                url, every=40 if quick else 1
            )
            found[f"reminders_pending_{name}"] = asyncio.run(_pending(url, pending))
    found["reminders_killed"] = _killed(5 if quick else 20)
    return found


class Compared(NamedTuple):
    """One round: seconds, processor seconds, and the longest the event loop was kept, in ms."""

    ours: float
    theirs: float
    our_cpu: float
    their_cpu: float
    our_lag: float
    their_lag: float


def _against_apscheduler(url: str, count: int) -> Compared:
    ours, our_cpu, our_lag = asyncio.run(_fired(url, count))
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        theirs, their_cpu, their_lag = asyncio.run(_apscheduler(Path(folder), count))
    kind = url.partition(":")[0]
    print(f"  {kind}: {ours:.3f} s ({our_cpu:.3f} s of processor), ", end="")
    print(f"APScheduler {theirs:.3f} s ({their_cpu:.3f} s)", flush=True)
    return Compared(ours, theirs, our_cpu, their_cpu, our_lag, their_lag)


async def _fired(url: str, count: int) -> tuple[float, float, float]:
    async with _filled(url, count, due=count) as stores:
        now = datetime.now(UTC)
        async with _lag() as lag:
            began, cpu = time.perf_counter(), time.process_time()
            fired = 0
            while claimed := await stores.reminders.claim(now, BATCH):
                fired += len(claimed)
            took, used = time.perf_counter() - began, time.process_time() - cpu
        if fired != count:
            raise SystemExit(f"{fired} of {count} reminders were fired")
        return took, used, lag.blocked


async def _swept(url: str, count: int) -> Result:
    """All of many planned reminders claimed, in how many seconds."""
    async with _filled(url, count, due=count) as stores:
        now = datetime.now(UTC)
        began = time.perf_counter()
        fired = 0
        async with _lag() as lag:
            while claimed := await stores.reminders.claim(now, BATCH):
                fired += len(claimed)
        took = time.perf_counter() - began
    return Result(
        unit="seconds",
        medians={"seconds": took, "a_second": count / took, "loop_blocked_ms": lag.blocked},
        counts={"planned": count, "claimed": fired},
        further={"sound": fired == count},
    )


async def _given(url: str, people: int) -> Result:
    """Two reminders for each of many real cases, from the claim to the message in the outbox."""
    from bench.reminder_victims import fill
    from tests.scheduler.sweeper import opened, sweep_over

    await _emptied(url)
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        await fill(url, Path(folder), people)
        keep_what_is_loaded()
        async with opened(url, Path(folder)) as stores:
            sweep = sweep_over(stores)
            async with _lag() as lag:
                began, cpu = time.perf_counter(), time.process_time()
                said = await sweep.run()
                took, used = time.perf_counter() - began, time.process_time() - cpu
    print(f"  given: {took:.1f} s, blocked {lag.blocked:.0f} ms, own work {lag.worked:.0f} ms")
    return Result(
        unit="seconds",
        medians={
            "seconds": took,
            "cpu_seconds": used,
            "people_a_second": people / took,
            "loop_blocked_ms": lag.blocked,
            "loop_worked_ms": lag.worked,
        },
        counts={"reminders": 2 * people, "people": people, "messages": len(said)},
        further={"sound": len(said) == people},
    )


async def _pending(url: str, count: int) -> Result:
    """From opening the stores to the first look for due ones, with many waiting."""
    async with _filled(url, count, due=1):
        pass
    began = time.perf_counter()
    stores = await _open(url)
    opened = time.perf_counter() - began
    claimed = await stores.reminders.claim(datetime.now(UTC), BATCH)
    first = time.perf_counter() - began
    await stores.close()
    return Result(
        unit="seconds",
        medians={"opened": opened, "first_claimed": first},
        counts={"pending": count, "due": len(claimed)},
        further={"sound": len(claimed) == 1},
    )


def _killed(trials: int) -> Result:
    """Kill -9 in the middle of firing 5,000: how many each side never gives."""
    ours: list[int] = []
    theirs: list[int] = []
    for number in range(trials):
        share = (number + 1) / (trials + 1)
        with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
            ours.append(_lost("ours", Path(folder), share))
        with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
            theirs.append(_lost("apscheduler", Path(folder), share))
        print(f"  killed: lost ours {ours[-1]}, APScheduler {theirs[-1]}", flush=True)
    return Result(
        unit="reminders lost of 5,000",
        medians={"ours": median(ours), "apscheduler": median(theirs)},
        counts={"trials": trials, "ours_worst": max(ours), "apscheduler_worst": max(theirs)},
        further={"sound": max(ours) == 0},
    )


def _killed_everywhere(url: str, every: int) -> Result:
    """Kill -9 before each statement of one scenario: lost, and repeated without a reason."""
    asyncio.run(_emptied(url))
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        driver = [sys.executable, "-m", "tests.scheduler.statements", url, folder, str(every)]
        done = subprocess.run(driver, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)
    print(f"  killed at every {every}. statement: {found}", flush=True)
    return Result(
        unit="reminders lost",
        counts={name: int(count) for name, count in found.items()},
        further={"sound": found["lost"] == found["unexplained"] == 0},
    )


async def _emptied(url: str) -> None:
    async with _filled(url, 0, due=0):
        pass


def _lost(who: str, folder: Path, share: float) -> int:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.reminder_victims", who, str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "firing"
    time.sleep((0.4 if who == "ours" else 1.6) * share)
    process.send_signal(signal.SIGKILL)
    process.wait()
    counted = subprocess.run(
        [sys.executable, "-m", "bench.reminder_victims", who, str(folder), "count"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(counted.stdout)


async def _apscheduler(folder: Path, count: int) -> tuple[float, float, float]:
    from bench.peers.apscheduler_jobs import Fired, scheduler_with

    fired = Fired(count)
    scheduler = scheduler_with(folder, count, datetime.now(UTC))
    async with _lag() as lag:
        began, cpu = time.perf_counter(), time.process_time()
        scheduler.start()
        await fired.all_done()
        took, used = time.perf_counter() - began, time.process_time() - cpu
        scheduler.shutdown()
    return took, used, lag.blocked


class Lag:
    """How long the event loop was kept from its next turn, at the longest, in milliseconds.

    ``blocked`` goes by the wall clock: on a machine with more to do than processors it holds the
    waits for one. ``worked`` counts only what the loop's own thread did in between.
    """

    def __init__(self) -> None:
        self.blocked = self.worked = 0.0
        self._wall, self._own = time.perf_counter(), time.thread_time()

    def look(self) -> None:
        """A turn of the loop."""
        wall, own = time.perf_counter(), time.thread_time()
        self.blocked = max(self.blocked, (wall - self._wall - _LOOK) * 1000)
        self.worked = max(self.worked, (own - self._own) * 1000)
        self._wall, self._own = wall, own


_LOOK = 0.005  # seconds between two looks


@asynccontextmanager
async def _lag() -> AsyncIterator[Lag]:
    """Watches the event loop while something runs on it."""
    lag = Lag()

    async def watch() -> None:
        while True:
            await asyncio.sleep(_LOOK)
            lag.look()

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    lag.look()
    try:
        yield lag
    finally:
        lag.look()  # what kept the loop until now has not let the watcher see it
        watching.cancel()


@contextmanager
def _databases() -> "Any":
    """An SQLite file, and a PostgreSQL if the machine can have one."""
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        urls = {"sqlite": f"sqlite:///{folder}/beian.db"}
        from bench.postgres import server

        with server() as url:
            if url is not None:
                urls["postgres"] = url
            yield urls


@asynccontextmanager
async def _filled(url: str, count: int, *, due: int) -> AsyncIterator[Stores]:
    """Stores with so many planned reminders of so many filings, some of them due."""
    await upgrade(url)
    database = open_database(url)
    await database.write(lambda connection: _fill(connection, count, due))
    await database.close()
    stores = await _open(url)
    try:
        yield stores
    finally:
        await stores.close()


async def _open(url: str) -> Stores:
    settings = StoreSettings(url, work_folder() / "files")
    return await open_stores(settings, MASTER, lambda: datetime.now(UTC))


def _fill(connection: Connection, count: int, due: int) -> None:
    for table in reversed(tables.metadata.sorted_tables):
        if table.name != "audit":  # it refuses, and nothing has been done that it tells of
            connection.execute(table.delete())
    now = to_micros(datetime.now(UTC))
    past, later = now - 1_000_000, now + to_micros(datetime(1980, 1, 1, tzinfo=UTC))
    people = max(1, count // 10) if count > 100_000 else count
    step = 10_000
    for start in range(0, people, step):
        ids = range(start, min(people, start + step))
        connection.execute(
            insert(tables.applicant), [{"id": f"a{n}", "created_at": now} for n in ids]
        )
        connection.execute(
            insert(tables.conversation),
            [
                {
                    "id": f"c{n}",
                    "applicant_id": f"a{n}",
                    "locale": "zh-CN",
                    "version": 1,
                    "attention": b"",
                    "updated_at": now,
                }
                for n in ids
            ],
        )
        connection.execute(
            insert(tables.identity),
            [
                {"channel": "telegram", "external_id": f"p{n}", "conversation_id": f"c{n}"}
                for n in ids
            ],
        )
        connection.execute(
            insert(tables.filing),
            [
                {
                    "id": f"f{n}",
                    "applicant_id": f"a{n}",
                    "flow": "first_filing",
                    "flow_version": 1,
                    "created_at": now,
                }
                for n in ids
            ],
        )
    for start in range(0, count, step):
        connection.execute(
            insert(tables.reminder),
            [
                {
                    "key": f"f{n % people}/audit:-:2026-12-20/-/P{n}D",
                    "filing_id": f"f{n % people}",
                    "deadline": "audit:-:2026-12-20",
                    "kind": "audit",
                    "offset": f"P{n}D",
                    "purpose": "remind",
                    "at": past,
                    "deadline_at": later,
                    "number": 1,
                    "total": 1,
                    "status": "planned",
                    "due_at": past if n < due else later,
                }
                for n in range(start, min(count, start + step))
            ],
        )


def lives(count: int) -> dict[str, Result]:
    """Random lives of filings on a virtual clock: how many break a promise (none may)."""
    from tests.scheduler.timelines import Broken, live

    began = time.perf_counter()
    first = int(time.time()) % 2**31
    broken: list[str] = []
    for seed in range(first, first + count):
        try:
            asyncio.run(live(seed))
        except Broken as error:
            broken.append(str(error))
            print(f"  {error}", flush=True)
    return {
        "reminders_random_lives": Result(
            unit="lives",
            counts={"lives": count, "first_seed": first, "broken": len(broken)},
            medians={"seconds": time.perf_counter() - began},
            further={"sound": not broken},
        )
    }
