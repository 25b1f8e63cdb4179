"""Running the web application on a real port, as the program does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from bot.web.server import Server


@asynccontextmanager
async def serving(app: FastAPI, port: int = 0) -> AsyncIterator[str]:
    """The address under which ``app`` is served inside the block."""
    server = Server(app, "127.0.0.1", port)
    running = asyncio.create_task(server._serve())
    while not server.started:
        if running.done():
            await running
        await asyncio.sleep(0.01)
    try:
        yield server.address
    finally:
        server.should_exit = True
        await running
