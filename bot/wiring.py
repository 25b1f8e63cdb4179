"""Putting the parts together: the one place that sees every package."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.footer.reading import HomePages
from bot.inspection.inspector import PictureInspector, new_inspector
from bot.inspection.ocr.inspector import with_reading
from bot.materials.receiving import Receiver, new_receiver
from bot.settings import Settings
from bot.world import load_world
from dialogs.assistant import Assistant
from dialogs.looking import Looks
from dialogs.ports import Inspector
from dialogs.world import World
from scheduler.planning import CasePlanner
from storage.ports import StorePolicy, Stores

INDEXED_STEPS = frozenset(
    {"cert_number", "domain", "phone", "site_manager_phone", "subject_name", "principal_name"}
)
"""Answers that staff may look a filing up by, through a blind index."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Program:
    """The assistant with what its channels need."""

    settings: Settings
    world: World
    assistant: Assistant
    stores: Stores
    receiver: Receiver  # the door for files of applicants
    inspector: PictureInspector  # looks at what it let in


@asynccontextmanager
async def open_stores(settings: Settings, clock: Clock) -> AsyncIterator[Stores]:
    """The configured database, its schema brought up to date; closed in order."""
    # Imported here: a conversation in memory starts without a database's libraries.
    from storage.crypto import MasterKey
    from storage.engine import Durability
    from storage.migrate import upgrade
    from storage.stores import StoreSettings
    from storage.stores import open_stores as open_sql_stores

    settings.home.mkdir(parents=True, exist_ok=True)
    given = settings.master_key
    master = (
        MasterKey.from_file(settings.home / "master.key")
        if given is None
        else MasterKey.from_text(given.get_secret_value())
    )
    await upgrade(settings.database)
    stores = await open_sql_stores(
        StoreSettings(
            url=settings.database,
            files_folder=settings.home / "files",
            durability=Durability(settings.sqlite_synchronous.lower()),
            policy=StorePolicy(INDEXED_STEPS),
        ),
        master,
        clock,
    )
    try:
        yield stores
    finally:
        await stores.close()


@asynccontextmanager
async def open_program(
    settings: Settings, clock: Clock, *, in_memory: bool = False
) -> AsyncIterator[Program]:
    """The whole program, on the configured database or in memory."""
    world = load_world(settings)
    if in_memory:
        from storage.memory import memory_stores

        stores = memory_stores(clock, StorePolicy(INDEXED_STEPS))
        async with _program(settings, world, clock, stores) as program:
            yield program
        return
    async with (
        open_stores(settings, clock) as stores,
        _program(settings, world, clock, stores) as program,
    ):
        yield program


@asynccontextmanager
async def _program(
    settings: Settings, world: World, clock: Clock, stores: Stores
) -> AsyncIterator[Program]:
    inspector = new_inspector(stores.files, world, settings)
    reading = with_reading(inspector, stores.files, settings)
    if reading is not None:
        world = replace(world, reads_papers=True)
    assistant = new_assistant(settings, world, clock, stores, reading or inspector)
    receiver = new_receiver(stores.files, world.provider)
    try:
        yield Program(settings, world, assistant, stores, receiver, inspector)
    finally:
        if reading is not None:
            await reading.stop()
        await inspector.stop()


def new_assistant(
    settings: Settings,
    world: World,
    clock: Clock,
    stores: Stores,
    inspector: Inspector | None = None,
) -> Assistant:
    """An assistant that offers secure forms under the public address, if there is one.

    Without an ``inspector`` pictures are kept and left to staff.
    """
    public_url = settings.public_url
    form_url = None if public_url is None else (lambda token: f"{public_url}/form/{token}")
    return Assistant(
        world,
        stores.cases,
        stores.dead_letters,
        clock,
        form_url,
        planner=CasePlanner(world),
        line=stores.line,
        looks=Looks(HomePages(fetches=settings.check_pages)),
        inspector=inspector,
        discard=stores.files.destroy,
    )
