"""A bot on Telegram that lives again for every line on standard input, each life a process.

usage: python -m bench.torture.lives URL FOLDER API_BASE LEASE
Loads everything once and forks, so that a life begins within milliseconds. A line is the number
of the statement before which the life kills itself, 0 for none. Prints each life's process id, and
its exit status when it has ended. SIGTERM ends a life in order.
"""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from bench.applicants import undisturbed
from bench.platform import TOKEN
from bench.torture.places import Place
from bot.clock import real_clock
from bot.memory import keep_what_is_loaded
from bot.settings import Settings
from bot.telegram.service import TelegramConfig, open_client, open_telegram
from bot.world import load_world
from dialogs.assistant import Assistant
from dialogs.world import World
from tests.scheduler.sweeper import die_at


async def _live(place: Place, lease: timedelta, config: TelegramConfig, world: World) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    stores = await place.open(lease)
    assistant = Assistant(world, stores.cases, stores.dead_letters, real_clock)
    async with open_telegram(config, assistant, stores.outbox, real_clock) as service:
        await service.run(stop)
    await stores.close()


def main(place: Place, api_base: str, lease: timedelta) -> None:
    """Live once for every line."""
    world = load_world(Settings(_env_file=None))
    config = TelegramConfig(TOKEN, api_base, long_poll=5)
    asyncio.run(_warm_up(place, config, world))
    keep_what_is_loaded()
    # A life that is asked to stop before it listens stops as soon as it does.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            die_at(int(line))
            asyncio.run(_live(place, lease, config, world))
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


async def _warm_up(place: Place, config: TelegramConfig, world: World) -> None:
    """Import and compile everything: a life shall talk at once, however often it begins."""
    await undisturbed(world)
    await open_client(config).close()
    await (await place.open()).close()


if __name__ == "__main__":
    main(
        Place(sys.argv[1].partition(":")[0], sys.argv[1], Path(sys.argv[2])),
        sys.argv[3],
        timedelta(seconds=float(sys.argv[4])),
    )
