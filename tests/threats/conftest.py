"""The shipped content, and a home that several lives of a process share."""

import asyncio
import shutil
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from desk import passwords
from dialogs.world import World
from storage.migrate import upgrade
from tests.bot.web.real import real_world


@pytest.fixture(scope="session")
def world() -> World:
    """The shipped content, read once."""
    return real_world()


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An up-to-date SQLite file to copy."""
    path = tmp_path_factory.mktemp("replay") / "empty.db"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture
def home(empty: Path, tmp_path: Path) -> Path:
    """A folder with a copy of it."""
    shutil.copy(empty, tmp_path / "beian.db")
    return tmp_path


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of less strength: thousands of them would take minutes."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
