"""The WeChat channel living again for every line on standard input, each life a process.

usage: python -m bench.wechat_lives FOLDER API_BASE PORT LEASE
Loads everything once and forks, so that a life begins within milliseconds. Prints each life's
process id, and its exit status when it has ended. SIGTERM ends a life in order.
"""

import asyncio
import os
import signal
import socket
import sys
from datetime import timedelta
from pathlib import Path

import uvicorn
from fastapi import FastAPI

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


async def _live(settings: StoreSettings, config: WeChatConfig, port: int) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    stores = await open_stores(settings, MASTER, real_clock)
    stored = Stored(stores.outbox, stores.transcript, stores.wechat)
    parrot = Parrot(stores.cases, real_clock)
    async with open_wechat(config, parrot, stored, real_clock) as service:
        app = FastAPI()
        app.include_router(service.router)
        listening = socket.create_server(("127.0.0.1", port), backlog=1024)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        serving = asyncio.create_task(server.serve([listening]))
        await service.run(stop)
        server.should_exit = True
        await serving
    await stores.close()


def _end_alone(*_: object) -> None:
    """No life goes on after whoever began it."""
    if os.getppid() == 1:
        os._exit(1)


def main(folder: Path, api_base: str, port: int, lease: timedelta) -> None:
    """Live once for every line."""
    settings, config = store_settings(folder, lease), config_for(api_base, lease)
    asyncio.run(upgrade(settings.url))
    # A life that is asked to stop before it listens stops as soon as it does.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGALRM, _end_alone)
            signal.setitimer(signal.ITIMER_REAL, 1, 1)
            asyncio.run(_live(settings, config, port))
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    lasting = timedelta(seconds=float(sys.argv[4]))
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), lasting)
