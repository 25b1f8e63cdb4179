"""A bot on Telegram that lives again for every line on standard input, each life a process.

usage: python -m bench.lives FOLDER API_BASE LEASE
Loads everything once and forks, so that a life begins within milliseconds. Prints each life's
process id, and its exit status when it has ended. SIGTERM ends a life in order.
"""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from bench.platform import TOKEN
from bot.clock import real_clock
from bot.settings import Settings
from bot.telegram.service import TelegramConfig, open_client, open_telegram
from bot.wiring import INDEXED_STEPS
from bot.world import load_world
from dialogs.assistant import Assistant
from dialogs.world import World
from storage.crypto import MasterKey
from storage.migrate import upgrade
from storage.ports import StorePolicy
from storage.stores import StoreSettings, open_stores


def database(folder: Path) -> Path:
    """The file in which the lives keep what they know."""
    return folder / "beian.db"


def store_settings(folder: Path, lease: timedelta) -> StoreSettings:
    """The stores of all lives; what a killed one was sending is sent again after ``lease``."""
    return StoreSettings(
        f"sqlite:///{database(folder)}",
        folder / "files",
        policy=StorePolicy(INDEXED_STEPS),
        lease=lease,
    )


async def _live(settings: StoreSettings, config: TelegramConfig, world: World) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    key = MasterKey.from_file(settings.files_folder.with_name("master.key"))
    stores = await open_stores(settings, key, real_clock)
    assistant = Assistant(world, stores.cases, stores.dead_letters, real_clock)
    async with open_telegram(config, assistant, stores.outbox, real_clock) as service:
        await service.run(stop)
    await stores.close()


def main(folder: Path, api_base: str, lease: timedelta) -> None:
    """Live once for every line."""
    world = load_world(Settings(home=folder))
    config = TelegramConfig(TOKEN, api_base, long_poll=5)
    settings = store_settings(folder, lease)
    asyncio.run(upgrade(settings.url))
    asyncio.run(_import_client(config))
    # A life that is asked to stop before it listens stops as soon as it does.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(_live(settings, config, world))
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


async def _import_client(config: TelegramConfig) -> None:
    await open_client(config).close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], timedelta(seconds=float(sys.argv[3])))
