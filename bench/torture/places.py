"""Where the tortured keep what they know: an SQLite file, or a PostgreSQL that can be killed."""

import asyncio
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
from sqlalchemy import URL

from bench.results import work_folder
from bot.clock import real_clock
from bot.wiring import INDEXED_STEPS
from storage.crypto import MasterKey
from storage.engine import Durability
from storage.migrate import upgrade
from storage.ports import LEASE, StorePolicy, Stores
from storage.stores import StoreSettings, open_stores
from tests.parts import postgres
from tests.parts.folders import own_run
from tests.parts.ports import free_port

MASTER = MasterKey(bytes(range(32)))

_PATIENCE = 60.0


class LeftOut(Exception):
    """Something this machine does not have; says what."""


@dataclass(slots=True)
class Server:
    """A PostgreSQL with its own durable settings: what it acknowledged survives its death."""

    folder: Path
    port: int

    @property
    def options(self) -> str:
        """How it is started: on loopback, nothing switched off that keeps data."""
        return f"-c listen_addresses=127.0.0.1 -c port={self.port} -c max_connections=300"

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL of one of its databases."""
        url = URL.create(
            "postgresql+asyncpg", "postgres", host="127.0.0.1", port=self.port, database=database
        )
        return url.render_as_string(hide_password=False)

    async def another(self, name: str) -> str:
        """The URL of a new database like the first one, which nobody may be using."""
        connection = await asyncpg.connect(self.url("template1").replace("+asyncpg", ""))
        try:
            await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE postgres')
        finally:
            await connection.close()
        return self.url(name)

    @property
    def version(self) -> str:
        """Which PostgreSQL it is."""
        told = subprocess.run(
            [self.folder / "pg_ctl", "--version"], capture_output=True, text=True, check=True
        )
        return told.stdout.split()[-1]

    def kill(self) -> None:
        """SIGKILL to the server; its children notice and end."""
        postgres.kill(self.folder)

    def start_again(self) -> None:
        """Start it after its death, as soon as its last child is gone."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                postgres.start_again(self.folder, self.options)
            except subprocess.CalledProcessError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return


@dataclass(frozen=True, slots=True)
class Place:
    """An up-to-date database of one kind and a folder beside it."""

    kind: str
    url: str
    folder: Path
    server: Server | None = None

    @classmethod
    def at(cls, url: str, folder: str) -> "Place":
        """A place another process made: for a life of its own."""
        return cls(url.partition(":")[0], url, Path(folder))

    def settings(self, lease: timedelta = LEASE) -> StoreSettings:
        """How its stores are opened; what a dead process was sending is sent again after it."""
        return StoreSettings(
            self.url,
            self.folder / "files",
            Durability.NORMAL,
            policy=StorePolicy(INDEXED_STEPS),
            lease=lease,
            reminder_lease=lease,
        )

    async def open(
        self, lease: timedelta = LEASE, clock: Callable[[], datetime] = real_clock
    ) -> Stores:
        """Its stores."""
        return await open_stores(self.settings(lease), MASTER, clock)

    async def another(self, name: str) -> "Place":
        """A place like this one as long as it is empty, with a database of its own."""
        folder = self.folder / name
        folder.mkdir()
        if self.server is not None:
            return replace(self, url=await self.server.another(name), folder=folder)
        path = folder / "beian.db"
        with (
            closing(sqlite3.connect(self.folder / path.name)) as ours,
            closing(sqlite3.connect(path)) as theirs,
        ):
            ours.backup(theirs)
        return replace(self, url=f"sqlite:///{path}", folder=folder)


@contextmanager
def place(kind: str) -> Iterator[Place]:
    """A place of a kind, ``sqlite`` or ``postgres``. Raises LeftOut where there is none."""
    with tempfile.TemporaryDirectory(dir=work_folder()) as name:
        folder = Path(name)
        if kind == "sqlite":
            yield _ready(Place(kind, f"sqlite:///{folder / 'beian.db'}", folder))
            return
        with _server() as server:
            yield _ready(Place(kind, server.url(), folder, server))


def _ready(made: Place) -> Place:
    asyncio.run(upgrade(made.url))
    return made


@contextmanager
def _server() -> Iterator[Server]:
    binaries = postgres.find_binaries()
    if binaries is None:
        raise LeftOut("no PostgreSQL here")
    own_run()
    with tempfile.TemporaryDirectory() as parent:
        server = Server(Path(parent) / "pg", free_port())
        postgres.start(binaries, server.folder, server.options)
        try:
            yield server
        finally:
            postgres.stop(server.folder)
