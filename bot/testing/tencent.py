"""What the fakes of WeChat and WeCom have in common: refusals, files, a server on loopback."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

import aiohttp
from aiohttp import web

_MAX_BODY = 50 * 2**20


class Refusal(Exception):
    """An answer with an ``errcode``."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(f"{errcode} {errmsg}")
        self.errcode = errcode
        self.errmsg = errmsg

    def as_json(self) -> dict[str, Any]:
        """The answer's body."""
        return {"errcode": self.errcode, "errmsg": self.errmsg}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a form."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class File:
    """An answer that is a file."""

    name: str
    kind: str
    content: bytes = field(repr=False)


def as_object(body: bytes) -> dict[str, Any]:
    """A call's parameters in JSON; raises Refusal (47001) for anything else."""
    try:
        given = json.loads(body.decode("utf-8"))
    except ValueError:
        raise Refusal(47001, "data format error") from None
    if not isinstance(given, dict):
        raise Refusal(47001, "data format error")
    return given


async def params_of(
    request: web.Request, read: Callable[[bytes], dict[str, Any]] = as_object
) -> dict[str, Any]:
    """Parameters from the query and the body: JSON, or a form with a file."""
    params: dict[str, Any] = dict(request.query)
    if request.content_type.startswith("multipart/"):
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                params[name] = Upload(value.filename, value.file.read())
            else:
                params[name] = value
    elif request.method == "POST":
        params |= read(await request.read())
    return params


class Posts(Protocol):
    """The side that posts callbacks."""

    async def stop(self) -> None:
        """Give up what is on its way."""


Posting = TypeVar("Posting", bound=Posts)


class LoopbackApi(ABC, Generic[Posting]):
    """A platform's API on loopback while the context lasts. Port 0: any free one."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._runner: web.AppRunner | None = None
        self._http: aiohttp.ClientSession | None = None
        self._callbacks: Posting | None = None

    @abstractmethod
    async def _call(self, request: web.Request) -> web.StreamResponse:
        """Answer a call."""

    @abstractmethod
    def _posting(self, http: aiohttp.ClientSession) -> Posting:
        """The side that posts what happens."""

    @property
    def base_url(self) -> str:
        """What the channel's ``…_API_BASE`` is set to."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def callbacks(self) -> Posting:
        """The posting side; only inside the context."""
        assert self._callbacks is not None
        return self._callbacks

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=_MAX_BODY)
        application.router.add_route("*", "/{path:.*}", self._call)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        # No limit on connections: no platform queues what people do.
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self._callbacks = self._posting(self._http)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.callbacks.stop()
        if self._http is not None:
            await self._http.close()
        if self._runner is not None:
            await self._runner.cleanup()
