"""The stores on each kind of storage, empty for every test."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from storage.crypto import MasterKey
from storage.memory import memory_stores
from storage.migrate import upgrade
from storage.opening import open_database
from storage.ports import StorePolicy, Stores
from storage.stores import StoreSettings, open_stores
from storage.tables import metadata
from tests.parts.postgres import note_rows
from tests.storage.making import NOW

MASTER = MasterKey(bytes(range(32)))
POLICY = StorePolicy(indexed_steps=frozenset({"cert_number", "phone"}))


@dataclass(frozen=True, slots=True)
class Place:
    """Where one test's database and files lie; any number of processes may open it."""

    url: str
    folder: Path

    @asynccontextmanager
    async def opened(self, master: MasterKey = MASTER) -> AsyncIterator[Stores]:
        """The stores as another process would open them: nothing cached yet."""
        settings = StoreSettings(self.url, self.folder / "files", policy=POLICY)
        stores = await open_stores(settings, master, lambda: NOW)
        try:
            yield stores
        finally:
            await stores.close()


@pytest.fixture
def sqlite_place(tmp_path: Path, migrated_sqlite: Path) -> Place:
    """A fresh SQLite file."""
    shutil.copy(migrated_sqlite, tmp_path / "beian.db")
    return Place(f"sqlite:///{tmp_path / 'beian.db'}", tmp_path)


@pytest.fixture
def postgres_place(postgres_url: str, tmp_path: Path) -> Iterator[Place]:
    """An up-to-date PostgreSQL database, emptied afterwards."""
    asyncio.run(upgrade(postgres_url))
    yield Place(postgres_url, tmp_path)
    asyncio.run(emptied(postgres_url))


async def emptied(url: str) -> None:
    """Take every row out of a database, and let it be searched for numbers of people."""
    await note_rows(url)
    database = open_database(url)
    tables = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)

    def empty(connection: Connection) -> None:
        # The audit trail refuses to be emptied by whoever may not do this.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"TRUNCATE {tables}"))

    await database.write(empty)
    await database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest) -> Place:
    """A database of each kind in turn."""
    found: Place = request.getfixturevalue(f"{request.param}_place")
    return found


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def place_or_memory(request: pytest.FixtureRequest) -> Place | None:
    """A database of each kind in turn, and none."""
    if request.param == "memory":
        return None
    found: Place = request.getfixturevalue(f"{request.param}_place")
    return found


@pytest.fixture
async def stores(place_or_memory: Place | None) -> AsyncIterator[Stores]:
    """The stores on each kind of storage in turn."""
    if place_or_memory is None:
        yield memory_stores(lambda: NOW, POLICY)
        return
    async with place_or_memory.opened() as opened:
        yield opened
