"""The shipped content, and a home that several lives of a process share."""

import shutil
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from desk import passwords
from dialogs.world import World
from tests.bot.web.real import real_world


@pytest.fixture(scope="session")
def world() -> World:
    """The shipped content, read once."""
    return real_world()


@pytest.fixture
def home(migrated_sqlite: Path, tmp_path: Path) -> Path:
    """A folder with an up-to-date SQLite file."""
    shutil.copy(migrated_sqlite, tmp_path / "beian.db")
    return tmp_path


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of less strength: thousands of them would take minutes."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
