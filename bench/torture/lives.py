"""A bot on Telegram that lives again for every line on standard input, each life a process.

usage: python -m bench.torture.lives URL FOLDER API_BASE LEASE
A line is the number of the statement before which the life kills itself, 0 for none: see
``forked``.
"""

import asyncio
import sys
from datetime import timedelta

from bench.applicants import undisturbed
from bench.forked import live_for_every_line
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


def main(place: Place, api_base: str, lease: timedelta) -> None:
    """Live once for every line."""
    world = load_world(Settings(_env_file=None))
    config = TelegramConfig(TOKEN, api_base, long_poll=5)
    asyncio.run(_warm_up(place, config, world))
    keep_what_is_loaded()

    async def live(line: str, stop: asyncio.Event) -> None:
        die_at(int(line))
        stores = await place.open(lease)
        assistant = Assistant(world, stores.cases, stores.dead_letters, real_clock)
        async with open_telegram(config, assistant, stores.outbox, real_clock) as service:
            await service.run(stop)
        await stores.close()

    live_for_every_line(live)


async def _warm_up(place: Place, config: TelegramConfig, world: World) -> None:
    """Import and compile everything: a life shall talk at once, however often it begins."""
    await undisturbed(world)
    await open_client(config).close()
    await (await place.open()).close()


if __name__ == "__main__":
    main(
        Place.at(*sys.argv[1:3]),
        sys.argv[3],
        timedelta(seconds=float(sys.argv[4])),
    )
