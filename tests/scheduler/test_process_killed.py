"""A whole scheduler process killed (-9): another takes over, nobody is forgotten or told twice."""

import asyncio
import base64
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, select, update

from bench.reminder_victims import fill
from bot.clock import real_clock
from storage.instant import to_micros
from storage.opening import open_database
from storage.tables import message, reminder
from tests.parts.commands import COMMANDS
from tests.scheduler.sweeper import KEY

PEOPLE = 40


@pytest.mark.timeout(300)
def test_what_a_scheduler_was_killed_over_another_gives_once(
    empty_postgres_url: str, tmp_path: Path, unused_port: int
) -> None:
    asyncio.run(fill(empty_postgres_url, tmp_path, PEOPLE))
    env: dict[str, Any] = {
        "BEIAN_DATABASE_URL": empty_postgres_url,
        "BEIAN_MASTER_KEY": base64.b64encode(KEY).decode(),
        "BEIAN_TELEGRAM_TOKEN": "1000:rehearsal-only-nobodys-token",
        "BEIAN_TELEGRAM_API_BASE": "http://127.0.0.1:1",
    }
    command = ("serve", "--role", "scheduler", "--port", str(unused_port))
    with COMMANDS.begin(tmp_path, *command, **env) as first:
        until(empty_postgres_url, lambda told: sum(told.values()) > 0)
        first.kill()
        assert first.ended() == -signal.SIGKILL
    asyncio.run(leases_end(empty_postgres_url))
    with COMMANDS.begin(tmp_path, *command, **env) as second:
        told = until(empty_postgres_url, lambda told: len(told) == PEOPLE)
        second.kill(signal.SIGTERM)
        assert second.ended() == 0
    assert told == Counter({str(number): 1 for number in range(PEOPLE)})


def until(url: str, enough: Callable[["Counter[str]"], bool]) -> "Counter[str]":
    """Messages by person once there are enough; what waits is taken by nobody's channel."""
    deadline = time.monotonic() + 120  # a busy machine takes long to start a process
    while not enough(told := asyncio.run(given(url))):
        if time.monotonic() > deadline:
            pytest.fail(f"{len(told)} people were told")
        time.sleep(0.02)
    return told


async def given(url: str) -> "Counter[str]":
    """How many messages were put out for each; those are sent now."""
    said = select(message.c.external_id).where(message.c.kind == "said")
    sent = (
        update(message)
        .where(message.c.kind == "said", message.c.status == "due")
        .values(status="sent", due_at=None, settled_at=message.c.at)
    )

    def work(connection: Connection) -> "Counter[str]":
        connection.execute(sent)
        return Counter(connection.execute(said).scalars())

    return await _written(url, work)


async def leases_end(url: str) -> None:
    """Let the two minutes pass for which a dead process has what it took."""
    over = update(reminder).where(reminder.c.due_at > to_micros(real_clock())).values(due_at=0)
    leased = over.where(reminder.c.fence > 0)
    await _written(url, lambda connection: connection.execute(leased))


T = TypeVar("T")


async def _written(url: str, work: Callable[[Connection], T]) -> T:
    database = open_database(url)
    try:
        return await database.write(work)
    finally:
        await database.close()
