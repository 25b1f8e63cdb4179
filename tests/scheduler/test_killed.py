"""Sweepers and senders killed at any statement lose nothing; a repeat has its documented reason."""

import asyncio
import json
import random
from pathlib import Path

import pytest

from storage.migrate import upgrade
from tests.parts.commands import COMMANDS

EVERY = 45
"""Only some of the statements, others in each run; ``make bench`` dies at every one."""


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An up-to-date database of each kind."""
    found = f"sqlite:///{tmp_path / 'beian.db'}"
    if request.param == "postgres":
        found = request.getfixturevalue("empty_postgres_url")
    asyncio.run(upgrade(found))
    return found


def test_whatever_statement_a_sweeper_dies_at_nothing_is_lost(url: str, tmp_path: Path) -> None:
    first = random.SystemRandom().randrange(1, EVERY + 1)
    print("dies first at statement", first)
    arguments = (url, str(tmp_path / "work"), str(EVERY), str(first))
    done = COMMANDS.run(tmp_path, *arguments, module="tests.scheduler.statements")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["statements"] >= 1
    assert (found["lost"], found["unexplained"]) == (0, 0)
