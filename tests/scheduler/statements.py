"""Sweeping and sending, killed by SIGKILL before its n-th statement, for every n there is.

``python -m tests.scheduler.statements URL FOLDER [every] [first]`` prints one JSON line. ``URL`` is
an empty, up-to-date database. Each death is a forked process on a fresh copy of the same scenario;
on PostgreSQL three processes sweep at once, and two of them die at the same statement of theirs.
What dead processes held is finished by another one two minutes later, by its clock.
"""

import asyncio
import json
import os
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from bot.sending import Delivered, Delivery, Outcome, Undeliverable
from dialogs.assistant import Assistant
from dialogs.case import Attention
from dialogs.message import Identity
from dialogs.ports import Due, Outgoing, TurnRecord
from dialogs.reminding import ReminderStatus
from filing.event import Event, EventType
from scheduler.ladder import Reach
from scheduler.planning import CasePlanner
from scheduler.sweep import Sweep
from storage.ports import Stores
from storage.stores import StoreSettings, open_stores
from tests.scheduler.sweeper import MASTER, die_at
from tests.scheduler.world import answers_of, shared_world

PEOPLE = 3
BLOCKED = "person-0"
"""Whose chat refuses, so that the way goes on to e-mail."""

_LATER = timedelta(minutes=2)
_CHANCES = 3
_UNSETTLED = (ReminderStatus.PLANNED, ReminderStatus.SENDING, ReminderStatus.HANDED)


class Log:
    """What was sent and what was noted of it: lines that outlive the process."""

    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY)

    def note(self, what: str, outgoing_id: str, whom: str) -> None:
        """One line, written at once."""
        os.write(self.file, f"{os.getpid()} {what} {outgoing_id} {whom}\n".encode())


class Platform:
    """A channel that takes every message, except from whoever is blocked."""

    def __init__(self, channel: str, log: Log) -> None:
        self.channel = channel
        self._log = log

    def is_private(self, external_id: str) -> bool:
        """Everybody here is one person."""
        return True

    async def send(self, outgoing: Outgoing) -> Outcome:
        """See ``Sender``."""
        if outgoing.identity.external_id == BLOCKED:
            return Undeliverable("blocked")
        self._log.note("sent", outgoing.id, outgoing.identity.external_id)
        return Delivered()


async def fill(url: str, folder: Path) -> None:
    """Applicants whose SMS came an hour ago, one of them blocked and reachable by e-mail."""
    now = datetime.now(UTC)
    stores = await _open(url, folder, timedelta(0))
    hours = {"submitted_for_first_review": 60, "submitted_to_bureau": 30, "sms_received": 1}
    for number in range(PEOPLE):
        who = Identity("telegram", f"person-{number}")
        fresh = await stores.cases.open(who, now, "zh-CN")
        events = tuple(
            Event(EventType(kind), now - timedelta(hours=h)) for kind, h in hours.items()
        )
        awake = replace(fresh, attention=Attention(quiet=(0, 0)))  # whatever hour it is
        case = awake.with_filing(answers_of(f"f{number}", events))
        planned = CasePlanner(shared_world())(fresh, case, now)
        await stores.cases.commit(TurnRecord(fresh, case, None, at=now, reminders=planned))
    blocked = Identity("telegram", BLOCKED)
    await stores.contacts.add(blocked, "email", "tea@example.cn", "c", now + _LATER, now)
    await stores.contacts.prove(blocked, "c", now)
    await stores.close()


async def work(url: str, folder: Path, ahead: timedelta, death: int) -> None:
    """Sweep and send until nothing is left that this process may take."""

    def clock() -> datetime:
        return datetime.now(UTC) + ahead

    log = Log(folder / "log")
    stores = await _open(url, folder, ahead)
    world = shared_world()
    assistant = Assistant(
        world, stores.cases, stores.dead_letters, clock, planner=CasePlanner(world)
    )
    reach = Reach(frozenset({"telegram", "email"}))
    sweep = Sweep(assistant, stores.reminders, clock, reach)
    die_at(death)
    for _ in range(6):  # a refused message takes the next way in the next round
        await sweep.run()
        for channel in ("telegram", "email"):
            delivery = Delivery(_Noted(stores, log), Platform(channel, log), clock)
            at_once = asyncio.Event()
            at_once.set()
            await delivery.run(at_once)
        await sweep.follow_up()
        due = await stores.reminders.next_due()
        if (due is None or due > clock()) and not (await stores.reminders.figures(clock())).handed:
            break
    await stores.close()


class _Noted:
    """The outbox; notes what it has recorded as sent."""

    def __init__(self, stores: Stores, log: Log) -> None:
        self._outbox = stores.outbox
        self._log = log
        self.claim = self._outbox.claim
        self.retry = self._outbox.retry
        self.undeliverable = self._outbox.undeliverable
        self.find = self._outbox.find
        self.hurry = self._outbox.hurry

    async def delivered(self, due: Due, platform_id: str | None, now: datetime) -> None:
        """See ``Outbox``."""
        await self._outbox.delivered(due, platform_id, now)
        self._log.note("recorded", due.outgoing.id, due.outgoing.identity.external_id)


async def unsettled(url: str, folder: Path) -> None:
    """Note how many reminders that were due are neither given nor given up."""
    stores = await _open(url, folder, _LATER)
    left = 0
    for number in range(PEOPLE):
        for one in await stores.reminders.of_filing(f"f{number}"):
            left += one.reminder.at <= datetime.now(UTC) and one.status in _UNSETTLED
    await stores.close()
    Log(folder / "log").note("left", str(left), "-")


async def _open(url: str, folder: Path, ahead: timedelta) -> Stores:
    settings = StoreSettings(url, folder / "files")
    return await open_stores(settings, MASTER, lambda: datetime.now(UTC) + ahead)


def forked(run: Callable[[], Awaitable[None]]) -> int:
    """Start a process that runs something and ends; its id."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        asyncio.run(_awaited(run()))
        status = 0
    finally:
        os._exit(status)  # nothing of the parent's is to be cleaned up twice


async def _awaited(what: Awaitable[None]) -> None:
    await what


def ended(pid: int) -> int:
    """Wait for a process: its exit status, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def copy_of(url: str, number: int, folder: Path) -> str:
    """A fresh copy of the scenario's database."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        path = folder / "copy.db"
        for ending in ("", "-wal", "-shm"):
            (folder / f"copy.db{ending}").unlink(missing_ok=True)
        shutil.copyfile(address.database or "", path)
        return f"sqlite:///{path}"
    name = f"{address.database}_{number}"
    asyncio.run(_on_server(url, f'CREATE DATABASE "{name}" TEMPLATE "{address.database}"'))
    return address.set(database=name).render_as_string(hide_password=False)


def drop(url: str, copy: str) -> None:
    """Let go of a copy."""
    if make_url(copy).get_backend_name() != "sqlite":
        name = make_url(copy).database
        asyncio.run(_on_server(url, f'DROP DATABASE "{name}" WITH (FORCE)'))


async def _on_server(url: str, statement: str) -> None:
    address = make_url(url)
    server = address.set(drivername="postgresql", database="postgres")
    connection = await asyncpg.connect(server.render_as_string(hide_password=False))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _joining(url: str, folder: Path) -> None:
    """Sweep beside the doomed, who shall have found something to do first."""
    await asyncio.sleep(0.2)
    await work(url, folder, timedelta(0), 0)


def one_death(url: str, number: int, folder: Path, sweepers: int) -> dict[str, int]:
    """What one death at a statement leads to: lost, repeated, and repeated without a reason."""
    (folder / "log").unlink(missing_ok=True)
    copy = copy_of(url, number, folder)
    doomed = [
        forked(lambda: work(copy, folder, timedelta(0), number))
        for _ in range(max(1, sweepers - 1))
    ]
    others = [forked(lambda: _joining(copy, folder)) for _ in range(sweepers > 1)]
    dead = {pid for pid in doomed if ended(pid) < 0}
    healthy = all(ended(pid) == 0 for pid in others)
    healthy &= ended(forked(lambda: work(copy, folder, _LATER, 0))) == 0
    healthy &= ended(forked(lambda: unsettled(copy, folder))) == 0
    drop(url, copy)
    lines = [line.split() for line in (folder / "log").read_text().splitlines()]
    sent = Counter(message for _, what, message, _ in lines if what == "sent")
    told = {whom for _, what, _, whom in lines if what == "sent"}
    left = sum(int(count) for _, what, count, _ in lines if what == "left")
    # Only what a process sent and did not live to note may have been sent again.
    mine = {(int(pid), message) for pid, what, message, _ in lines if what == "sent"}
    noted = {(int(pid), message) for pid, what, message, _ in lines if what == "recorded"}
    window = Counter(message for pid, message in mine - noted if pid in dead)
    return {
        "died": len(dead),
        "lost": PEOPLE - len(told) + left + (not healthy),
        "repeats": sum(times - 1 for times in sent.values()),
        "unexplained": sum(max(0, n - 1 - window[message]) for message, n in sent.items()),
    }


def main(url: str, folder: Path, every: int = 1, first: int = 1) -> None:
    """Die at the first statement, and then at every so many, until nobody dies any more.

    Which of several sweepers finds something to do is chance: nobody has to die a few times over.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shared_world()  # read once, before the first fork
    if ended(forked(lambda: fill(url, folder))):
        raise SystemExit("the scenario could not be prepared")
    if make_url(url).get_backend_name() == "sqlite":
        _checkpoint(make_url(url).database or "")
    sweepers = 1 if make_url(url).get_backend_name() == "sqlite" else 3
    total: Counter[str] = Counter()
    number = first
    while True:
        for _ in range(1 if sweepers == 1 else _CHANCES):
            found = one_death(url, number, folder, sweepers)
            total.update(found)
            if found["died"]:
                break
        else:
            break
        total["statements"] += 1
        number += every
    print(json.dumps({"last": number, **total}), flush=True)


def _checkpoint(path: str) -> None:
    """Bring the journal into the file, so that copying the file copies everything."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:5]))
