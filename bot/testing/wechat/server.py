"""The HTTP side: takes an account's calls, answers with status 200 and an ``errcode``."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import aiohttp
from aiohttp import web

from bot.testing.wechat.account import Call, FakeAccount, Fault
from bot.testing.wechat.callbacks import PATIENCE, Callbacks
from bot.testing.wechat.methods import File, Upload, carry_out, read_json
from bot.testing.wechat.rules import Refusal

_MAX_BODY = 50 * 2**20
_TYPES = {"image": "image/jpeg", "voice": "audio/amr", "thumb": "image/jpeg"}
_SECRETS = ("secret", "access_token")


class FakeWeChat:
    """WeChat's API on loopback for one service account, while the context lasts.

    Port 0: any free one. ``now`` is the clock of windows, tokens, media and signatures;
    ``patience`` the seconds a callback may take.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        patience: float = PATIENCE,
    ) -> None:
        self.account = FakeAccount(now=now)
        self._patience = patience
        self._port = port
        self._runner: web.AppRunner | None = None
        self._http: aiohttp.ClientSession | None = None
        self._callbacks: Callbacks | None = None

    @property
    def base_url(self) -> str:
        """What ``BEIAN_WECHAT_API_BASE`` is set to."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def callbacks(self) -> Callbacks:
        """The posting side; only inside the context."""
        assert self._callbacks is not None
        return self._callbacks

    def settings(self) -> dict[str, str]:
        """What the assistant is set to, by the names of its environment variables."""
        account = self.account
        return {
            "BEIAN_WECHAT_API_BASE": self.base_url,
            "BEIAN_WECHAT_APP_ID": account.app_id,
            "BEIAN_WECHAT_SECRET": account.secret,
            "BEIAN_WECHAT_TOKEN": account.envelope.token,
            "BEIAN_WECHAT_AES_KEY": account.envelope.aes_key,
        }

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=_MAX_BODY)
        application.router.add_route("*", "/{path:.*}", self._call)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        # No limit on connections: WeChat does not queue what people do.
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self._callbacks = Callbacks(self.account, self._http, self._patience)
        self.account.tell = self._callbacks.tell
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

    async def _call(self, request: web.Request) -> web.StreamResponse:
        account, path = self.account, request.path
        params: dict[str, Any] = {}
        fault: Fault | None = None
        try:
            params = await _params(request)
            fault = account.fault_for(path, params)
            if fault is not None:
                await _fail(account, request, params, fault)
            if account.allowed is not None and request.remote not in account.allowed:
                raise Refusal(40164, f"invalid ip {request.remote}, not in whitelist")
            result = carry_out(account, request.method, path, params)
        except ConnectionError:  # the caller died halfway through its call
            return web.Response(status=499)
        except Refusal as refusal:
            account.calls.append(_noted(path, params, refusal.errcode, account.now()))
            return _refused(request, refusal, fault)
        account.calls.append(_noted(path, params, 0, account.now()))
        return _file(result) if isinstance(result, File) else web.json_response(result)


async def _fail(
    account: FakeAccount, request: web.Request, params: dict[str, Any], fault: Fault
) -> None:
    """Let the call fail as ordered; returns only if it was but to be delayed."""
    await asyncio.sleep(fault.delay)
    if fault.effect:
        carry_out(account, request.method, request.path, params)
    if fault.errcode or fault.status != 200 or fault.cut:
        raise Refusal(fault.errcode, fault.errmsg)


def _refused(request: web.Request, refusal: Refusal, fault: Fault | None) -> web.Response:
    if fault is not None and fault.cut and request.transport is not None:
        request.transport.abort()
    if fault is not None and fault.status != 200:
        return web.Response(status=fault.status, text="<html>502 Bad Gateway</html>")
    return web.json_response(refusal.as_json())


def _noted(path: str, params: dict[str, Any], errcode: int, at: datetime) -> Call:
    known = {name: value for name, value in params.items() if name not in _SECRETS}
    return Call(path, known, errcode, at)


async def _params(request: web.Request) -> dict[str, Any]:
    """Parameters from the query and the body: JSON, or a form with a file."""
    params: dict[str, Any] = dict(request.query)
    if request.content_type.startswith("multipart/"):
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                params[name] = Upload(value.filename, value.file.read())
            else:
                params[name] = value
    elif request.method == "POST":
        params |= read_json(await request.read())
    return params


def _file(file: File) -> web.Response:
    name = quote(file.name)
    return web.Response(
        body=file.content,
        content_type=_TYPES[file.kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
