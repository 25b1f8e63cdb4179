"""Processes that fire reminders until they are killed, and the count of what was lost then."""

import asyncio
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, select, text

from dialogs.case import Attention
from dialogs.message import Identity
from dialogs.ports import TurnRecord
from filing.event import Event, EventType
from scheduler.planning import CasePlanner
from storage.migrate import upgrade
from storage.opening import open_database
from storage.tables import message
from tests.scheduler.sweeper import opened, sweep_over
from tests.scheduler.world import answers_of, shared_world

PEOPLE = 300
JOBS = 5_000


async def fill(url: str, folder: Path, people: int = PEOPLE) -> None:
    """Applicants with two reminders due each, from real cases."""
    await upgrade(url)
    now = datetime.now(UTC)
    events = tuple(
        Event(EventType(kind), now - timedelta(hours=hours))
        for kind, hours in (("submitted_for_first_review", 60), ("submitted_to_bureau", 1))
    )
    async with opened(url, folder) as stores:
        for number in range(people):
            who = Identity("telegram", str(number))
            fresh = await stores.cases.open(who, now, "zh-CN")
            case = fresh.with_filing(answers_of(f"f{number}", events))
            case = replace(case, attention=Attention(quiet=(0, 0)))
            planned = CasePlanner(shared_world())(fresh, case, now)
            await stores.cases.commit(TurnRecord(fresh, case, None, at=now, reminders=planned))


async def sweep(url: str, folder: Path) -> None:
    """Give them."""
    async with opened(url, folder) as stores:
        print("firing", flush=True)
        while True:
            await sweep_over(stores).run()
            due = await stores.reminders.next_due()
            if due is None or due > datetime.now(UTC) + timedelta(seconds=30):
                return
            await asyncio.sleep(0.1)


async def lost(url: str, folder: Path) -> int:
    """How many people got no message once a second sweeper had finished."""
    async with opened(url, folder) as stores:
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            await sweep_over(stores).run()
            due = await stores.reminders.next_due()
            if due is None or due > datetime.now(UTC) + timedelta(seconds=30):
                break
            await asyncio.sleep(0.1)
    database = open_database(url)
    query = select(message.c.external_id).where(message.c.kind == "said")
    rows = await database.read(lambda connection: connection.execute(query).scalars().all())
    await database.close()
    found = Counter(rows)
    if any(count > 1 for count in found.values()):
        raise SystemExit(f"{sum(count > 1 for count in found.values())} people were told twice")
    return PEOPLE - len(found)


async def fire_jobs(folder: Path) -> None:
    """Run jobs that take as long as a call to a chat platform."""
    from bench.peers import apscheduler_jobs

    apscheduler_jobs.LOG = (folder / "done").open("ab", buffering=0)
    fired = apscheduler_jobs.Fired(JOBS)
    scheduler = apscheduler_jobs.scheduler_with(
        folder, JOBS, datetime.now(UTC), apscheduler_jobs.call_platform
    )
    print("firing", flush=True)
    scheduler.start()
    await fired.all_done()


def lost_jobs(folder: Path) -> int:
    """Jobs neither run to their end nor still in the store."""
    done = (folder / "done").read_bytes().count(b".")
    with create_engine(f"sqlite:///{folder / 'jobs.db'}").connect() as connection:
        left = connection.execute(text("SELECT count(*) FROM apscheduler_jobs")).scalar_one()
    return JOBS - done - int(left)


def main(who: str, folder: Path, counts: bool) -> None:
    """Fire, or count after a kill."""
    url = f"sqlite:///{folder / 'beian.db'}"
    if who == "ours":
        if counts:
            print(asyncio.run(lost(url, folder)))
            return
        asyncio.run(fill(url, folder))
        asyncio.run(sweep(url, folder))
    elif counts:
        print(lost_jobs(folder))
    else:
        asyncio.run(fire_jobs(folder))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), len(sys.argv) > 3)
