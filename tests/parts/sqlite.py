"""An up-to-date SQLite file, made once and copied by whoever needs an empty one."""

import asyncio
from pathlib import Path

import pytest

from storage.migrate import upgrade


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, up-to-date SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path
