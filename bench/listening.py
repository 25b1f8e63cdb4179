"""A channel that listens to its platform's callbacks until it is asked to stop."""

import asyncio
import socket
from typing import Protocol

import uvicorn
from fastapi import APIRouter, FastAPI


class Listening(Protocol):
    """A channel with a callback of its own."""

    @property
    def router(self) -> APIRouter:
        """Where the platform posts."""
        ...

    async def run(self, stop: asyncio.Event) -> None:
        """Take, answer and deliver until stopped."""
        ...


async def listen(channel: Listening, port: int, stop: asyncio.Event) -> None:
    """Serve a channel on a port of this machine, and end both in order."""
    app = FastAPI()
    app.include_router(channel.router)
    listening = socket.create_server(("127.0.0.1", port), backlog=1024)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve([listening]))
    await channel.run(stop)
    server.should_exit = True
    await serving
