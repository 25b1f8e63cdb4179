"""Putting the parts together: the one place that sees every package."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.settings import Settings
from bot.world import load_world
from dialogs.assistant import Assistant
from dialogs.ports import CaseStore, DeadLetters
from dialogs.world import World
from storage.agents import SqlAgents
from storage.cases import SqlCaseStore
from storage.crypto import MasterKey
from storage.dead_letters import SqlDeadLetters
from storage.engine import Database, Durability
from storage.files import EncryptedFiles
from storage.filings import SqlFilings
from storage.forms import SqlFormStore
from storage.keys import DataKeys
from storage.memory import MemoryStore
from storage.migrate import upgrade
from storage.opening import open_database
from storage.outbox import SqlOutbox
from storage.transcript import SqlTranscript
from storage.turns import StorePolicy

INDEXED_STEPS = frozenset(
    {"cert_number", "domain", "phone", "site_manager_phone", "subject_name", "principal_name"}
)
"""Answers that staff may look a filing up by, through a blind index."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Every store of one database."""

    database: Database
    cases: SqlCaseStore
    outbox: SqlOutbox
    transcript: SqlTranscript
    forms: SqlFormStore
    dead_letters: SqlDeadLetters
    files: EncryptedFiles
    filings: SqlFilings
    agents: SqlAgents


@dataclass(frozen=True, slots=True)
class Program:
    """The assistant with what its channels need."""

    settings: Settings
    world: World
    assistant: Assistant
    stores: Stores


def master_key(settings: Settings) -> MasterKey:
    """The configured master key, else that of the key file in the home folder."""
    if settings.master_key is not None:
        return MasterKey.from_text(settings.master_key.get_secret_value())
    return MasterKey.from_file(settings.home / "master.key")


@asynccontextmanager
async def open_stores(
    settings: Settings, clock: Callable[[], datetime]
) -> AsyncIterator[Stores]:
    """The configured database with its schema brought up to date; closed in order."""
    settings.home.mkdir(parents=True, exist_ok=True)
    await upgrade(settings.database)
    database = open_database(settings.database, Durability(settings.sqlite_synchronous.lower()))
    keys = DataKeys(master_key(settings))
    cases = SqlCaseStore(database, keys, StorePolicy(INDEXED_STEPS))
    files = EncryptedFiles(database, keys, settings.home / "files", clock)
    outbox = SqlOutbox(database, keys)
    try:
        await database.read(keys.check)
        yield Stores(
            database=database,
            cases=cases,
            outbox=outbox,
            transcript=SqlTranscript(database, keys),
            forms=SqlFormStore(database),
            dead_letters=SqlDeadLetters(database),
            files=files,
            filings=SqlFilings(database, keys, cases, files),
            agents=SqlAgents(database),
        )
    finally:
        await cases.close()
        await outbox.close()
        await database.close()


@asynccontextmanager
async def open_program(
    settings: Settings, clock: Callable[[], datetime]
) -> AsyncIterator[Program]:
    """The whole program on the configured database."""
    world = load_world(settings)
    async with open_stores(settings, clock) as stores:
        assistant = new_assistant(settings, world, clock, stores.cases, stores.dead_letters)
        yield Program(settings, world, assistant, stores)


@asynccontextmanager
async def open_assistant(
    settings: Settings, clock: Callable[[], datetime], *, in_memory: bool = False
) -> AsyncIterator[Assistant]:
    """Only the assistant, on the database or in memory."""
    if in_memory:
        store = MemoryStore(clock)
        world = load_world(settings)
        yield new_assistant(settings, world, clock, store.cases, store.dead_letters)
        return
    async with open_program(settings, clock) as program:
        yield program.assistant


def new_assistant(
    settings: Settings,
    world: World,
    clock: Callable[[], datetime],
    cases: CaseStore,
    dead_letters: DeadLetters,
) -> Assistant:
    """An assistant that offers secure forms under the public address, if there is one."""
    public_url = settings.public_url
    form_url = None if public_url is None else (lambda token: f"{public_url}/form/{token}")
    return Assistant(world, cases, dead_letters, clock, form_url)

