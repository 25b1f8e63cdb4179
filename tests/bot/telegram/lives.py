"""A Telegram bot that is started anew for every line on standard input, each life a process.

usage: python -m tests.bot.telegram.lives FOLDER API_BASE LIBRARY LEASE_IN_SECONDS
Loads everything once and forks, so that a life begins within milliseconds. Prints each life's
process id, and `ID STATUS` when it has ended. SIGTERM ends a life in order.
"""

import asyncio
import gc
import os
import signal
import sys
from datetime import timedelta
from importlib import import_module
from pathlib import Path

from bot.clock import real_clock
from bot.settings import Settings
from bot.telegram.service import Library, TelegramConfig, open_telegram
from bot.world import load_world
from dialogs.assistant import Assistant
from dialogs.world import World
from storage.crypto import MasterKey
from storage.migrate import upgrade
from storage.stores import StoreSettings, open_stores
from tests.bot.telegram.running import TOKEN


def database(folder: Path) -> str:
    """Where the lives keep what they know."""
    return f"sqlite:///{folder / 'beian.db'}"


def store_settings(folder: Path, lease: float = 60) -> StoreSettings:
    """The stores of all lives; what a dead one held comes back after ``lease`` seconds."""
    return StoreSettings(database(folder), folder / "files", lease=timedelta(seconds=lease))


async def live(folder: Path, lease: float, config: TelegramConfig, world: World) -> None:
    """One life: serve until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    key = MasterKey.from_file(folder / "master.key")
    stores = await open_stores(store_settings(folder, lease), key, real_clock)
    assistant = Assistant(world, stores.cases, stores.dead_letters, real_clock)
    async with open_telegram(config, assistant, stores.outbox, real_clock) as service:
        await service.run(stop)
    await stores.close()


def main(folder: Path, api_base: str, library: Library, lease: float) -> None:
    """Live once for every line."""
    world = load_world(Settings())
    world.knowledge.load()
    config = TelegramConfig(TOKEN, api_base, library, long_poll=2)
    asyncio.run(upgrade(database(folder)))
    import_module(f"bot.telegram.{library}_client")
    # A life that is asked to stop before it listens stops as soon as it does.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    gc.freeze()
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(live(folder, lease, config, world))
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(child, os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    _, place, base, wanted, seconds = sys.argv
    main(Path(place), base, "ptb" if wanted == "ptb" else "aiogram", float(seconds))
