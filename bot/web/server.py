"""The HTTP server: uvicorn, told to let event streams go before it waits for connections."""

import socket
from collections.abc import Callable, Sequence

import uvicorn
from fastapi import FastAPI

STOPS_WITHIN = 5
"""Seconds given to requests in hand when the server stops."""


class Server(uvicorn.Server):
    """Serves one application; on SIGTERM it finishes what is in hand and stops."""

    def __init__(self, app: FastAPI, host: str, port: int, *, proxies: str = "127.0.0.1") -> None:
        """``proxies``: addresses (comma-separated) whose X-Forwarded-* headers are believed."""
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                proxy_headers=True,
                forwarded_allow_ips=proxies,
                server_header=False,
                access_log=False,  # paths hold tokens
                log_config=None,
                timeout_graceful_shutdown=STOPS_WITHIN,
            )
        )
        self._closers: Sequence[Callable[[], None]] = app.state.closers

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; open event streams end first, or they would be waited for in vain."""
        for close in self._closers:
            close()
        await super().shutdown(sockets)

    @property
    def address(self) -> str:
        """Where it listens, once started."""
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"
