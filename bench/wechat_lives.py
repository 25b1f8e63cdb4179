"""The WeChat channel living again for every line on standard input: see ``forked``.

usage: python -m bench.wechat_lives FOLDER API_BASE PORT LEASE
"""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from bench.forked import live_for_every_line
from bench.listening import listen
from bench.reminders import MASTER
from bot.clock import real_clock
from bot.testing.wechat.account import APP_ID, ENVELOPE, SECRET
from bot.wechat.service import Stored, WeChatConfig, open_wechat
from storage.migrate import upgrade
from storage.stores import StoreSettings, open_stores
from tests.bot.wechat.running import Parrot


def database(folder: Path) -> Path:
    """The file in which the lives keep what they know."""
    return folder / "beian.db"


def store_settings(folder: Path, lease: timedelta) -> StoreSettings:
    """The stores of all lives; what a killed one was sending is sent again after ``lease``."""
    return StoreSettings(f"sqlite:///{database(folder)}", folder / "files", lease=lease)


def config_for(api_base: str, lease: timedelta) -> WeChatConfig:
    """What an operator would set; what a killed life had kept is taken over after ``lease``."""
    keys = (ENVELOPE.aes_key,)
    return WeChatConfig(
        APP_ID, SECRET, ENVELOPE.token, keys, api_base, look_again=0.5, late=lease, sets_menu=False
    )


async def _live(
    settings: StoreSettings, config: WeChatConfig, port: int, stop: asyncio.Event
) -> None:
    stores = await open_stores(settings, MASTER, real_clock)
    stored = Stored(stores.outbox, stores.transcript, stores.wechat)
    parrot = Parrot(stores.cases, real_clock)
    async with open_wechat(config, parrot, stored, real_clock) as service:
        await listen(service, port, stop)
    await stores.close()


def main(folder: Path, api_base: str, port: int, lease: timedelta) -> None:
    """Live once for every line."""
    settings, config = store_settings(folder, lease), config_for(api_base, lease)
    asyncio.run(upgrade(settings.url))

    async def live(_: str, stop: asyncio.Event) -> None:
        await _live(settings, config, port, stop)

    live_for_every_line(live)


if __name__ == "__main__":
    lasting = timedelta(seconds=float(sys.argv[4]))
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), lasting)
