"""The HTTP side: takes an account's calls, answers with status 200 and an ``errcode``."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import aiohttp
from aiohttp import web

from bot.testing.tencent import File, LoopbackApi, Refusal, params_of
from bot.testing.wechat.account import Call, FakeAccount, Fault
from bot.testing.wechat.callbacks import PATIENCE, Callbacks
from bot.testing.wechat.methods import carry_out, read_json

_TYPES = {"image": "image/jpeg", "voice": "audio/amr", "thumb": "image/jpeg"}
_SECRETS = ("secret", "access_token")


class FakeWeChat(LoopbackApi[Callbacks]):
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
        super().__init__(port)

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

    def _posting(self, http: aiohttp.ClientSession) -> Callbacks:
        callbacks = Callbacks(self.account, http, self._patience)
        self.account.tell = callbacks.tell
        return callbacks

    async def _call(self, request: web.Request) -> web.StreamResponse:
        account, path = self.account, request.path
        params: dict[str, Any] = {}
        fault: Fault | None = None
        try:
            params = await params_of(request, read_json)
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


def _file(file: File) -> web.Response:
    name = quote(file.name)
    return web.Response(
        body=file.content,
        content_type=_TYPES[file.kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
