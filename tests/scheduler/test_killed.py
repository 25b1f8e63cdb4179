"""Sweepers and senders killed at any statement lose nothing; a repeat has its documented reason."""

import asyncio
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from storage.migrate import upgrade

ROOT = Path(__file__).parents[2]
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
    command = [sys.executable, "-m", "tests.scheduler.statements", url, str(tmp_path / "work")]
    done = subprocess.run(
        [*command, str(EVERY), str(first)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["statements"] >= 1
    assert (found["lost"], found["unexplained"]) == (0, 0)
