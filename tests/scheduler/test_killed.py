"""Sweepers killed at any statement lose nothing and hand nothing to a channel twice."""

import asyncio
import random
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from dialogs.case import Attention
from dialogs.message import Identity
from dialogs.ports import TurnRecord
from dialogs.reminding import ReminderStatus
from filing.event import Event, EventType
from scheduler.planning import CasePlanner
from storage.migrate import upgrade
from storage.opening import open_database
from storage.tables import message
from tests.scheduler.sweeper import opened
from tests.scheduler.world import answers_of, shared_world

ROOT = Path(__file__).parents[2]
PEOPLE = 12


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An up-to-date database of each kind."""
    found = f"sqlite:///{tmp_path / 'beian.db'}"
    if request.param == "postgres":
        found = request.getfixturevalue("empty_postgres_url")
    asyncio.run(upgrade(found))
    return found


async def _due_now(url: str, folder: Path) -> list[str]:
    """Applicants whose SMS came an hour ago: one reminder of two persons each is due."""
    now = datetime.now(UTC)
    filings = []
    async with opened(url, folder) as stores:
        for number in range(PEOPLE):
            who = Identity("telegram", f"person-{number}")
            fresh = await stores.cases.open(who, now, "zh-CN")
            events = tuple(
                Event(EventType(kind), now - timedelta(hours=hours))
                for kind, hours in (
                    ("submitted_for_first_review", 60),
                    ("submitted_to_bureau", 30),
                    ("sms_received", 1),
                )
            )
            awake = replace(fresh, attention=Attention(quiet=(0, 0)))  # whatever hour it is
            case = awake.with_filing(answers_of(f"f{number}", events))
            planned = CasePlanner(shared_world())(fresh, case, now)
            await stores.cases.commit(TurnRecord(fresh, case, None, at=now, reminders=planned))
            filings.append(f"f{number}")
    return filings


async def _sweeper(url: str, folder: Path, statement: int = 0) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.scheduler.sweeper",
        url,
        str(folder),
        str(statement),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    await process.stdout.readline()
    return process


async def _messages(url: str) -> Counter[str]:
    """Messages in the outbox for each person."""
    database = open_database(url)
    query = select(message.c.external_id).where(message.c.kind == "said")
    rows = await database.read(lambda connection: connection.execute(query).scalars().all())
    await database.close()
    return Counter(rows)


async def test_whatever_statement_a_sweeper_dies_at_each_reminder_is_handed_on_once(
    url: str, tmp_path: Path
) -> None:
    filings = await _due_now(url, tmp_path)
    # Three at once; each dies at another place, and one that does not finishes the work.
    statements = random.SystemRandom().sample(range(1, 60), 3)
    print("dies at statements", statements)
    doomed = [await _sweeper(url, tmp_path, statement) for statement in statements]
    await asyncio.gather(*(one.wait() for one in doomed))
    async with asyncio.timeout(60):
        await (await _sweeper(url, tmp_path)).wait()
    handed = await _messages(url)
    async with opened(url, tmp_path) as stores:
        for number, filing in enumerate(filings):
            records = await stores.reminders.of_filing(filing)
            late = [one for one in records if one.reminder.at <= datetime.now(UTC)]
            assert all(
                one.status is not ReminderStatus.PLANNED
                and one.status is not ReminderStatus.SENDING
                for one in late
            )
            assert all(
                sum(attempt.status == "handed" for attempt in one.attempts) <= 1 for one in records
            )
            told = {
                attempt.settled_at
                for one in records
                for attempt in one.attempts
                if attempt.status == "handed"
            }
            assert handed[f"person-{number}"] == len(told) >= 1
