"""`beian demo`: serves the demonstration on this machine until it is stopped."""

import asyncio
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

from bot.demo.app import PAGE, demo_app
from bot.demo.stage import open_stage
from bot.memory import keep_what_is_loaded
from bot.settings import BrokenSettings
from bot.web.server import Server

HOST = "127.0.0.1"


async def demonstrate(port: int) -> None:
    """Serve on ``port``, 0 for any free one. Raises BrokenSettings if it is in use."""
    try:
        listening = socket.create_server((HOST, port))
    except OSError as error:
        raise BrokenSettings(
            f"cannot listen on port {port} ({error.strerror}); choose another with --port"
        ) from None
    with tempfile.TemporaryDirectory(prefix="beian-demo-") as folder:
        async with open_stage(Path(folder)) as stage:
            keep_what_is_loaded()
            server = Server(demo_app(stage), HOST, port)
            number = listening.getsockname()[1]
            print(f"demonstration  http://{HOST}:{number}{PAGE}", flush=True)
            directing = asyncio.create_task(stage.director.run(), name="demo-director")
            try:
                await server.serve([listening])
            finally:
                directing.cancel()
                with suppress(asyncio.CancelledError):
                    await directing
