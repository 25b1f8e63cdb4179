"""The HTTP side: takes a company's calls, and posts that there is something to pull."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from urllib.parse import quote

import aiohttp
from aiohttp import web

from bot.testing.tencent import File, LoopbackApi, Refusal, params_of
from bot.testing.wechat.callbacks import as_xml
from bot.testing.wecom.corp import Call, FakeCorp
from bot.testing.wecom.methods import carry_out

PATIENCE = 5.0
TRIES = 3
_SECRETS = ("corpsecret", "access_token")


@dataclass(slots=True)
class Callbacks:
    """The posting side. ``silent``: nothing is posted, as when callbacks are lost on their way."""

    corp: FakeCorp
    http: aiohttp.ClientSession
    patience: float = PATIENCE
    silent: bool = False
    statuses: list[int | None] = field(default_factory=list)  # None is no answer in time
    waits: list[float] = field(default_factory=list)  # seconds until each answer
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    def tell(self, account: str, token: str) -> None:
        """Post that there is something, beside whatever else is on its way."""
        if self.corp.callback_url is None or self.silent:
            return
        task = asyncio.create_task(self._post(account, token), name="wecom-callback")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until everything was acknowledged or given up."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def stop(self) -> None:
        """Give up what is on its way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def verify(self) -> bool:
        """What the console does when the address is saved: does it give the word back?"""
        assert self.corp.callback_url is not None
        word = str(self.corp.next_id() + 10**18)
        sealed = self.corp.envelope.seal(word, int(self.corp.now().timestamp()))
        query = {
            "msg_signature": sealed.signature,
            "timestamp": sealed.timestamp,
            "nonce": sealed.nonce,
            "echostr": sealed.encrypt,
        }
        async with self.http.get(self.corp.callback_url, params=query) as response:
            return response.status == 200 and await response.text() == word

    async def _post(self, account: str, token: str) -> None:
        content = {
            "ToUserName": self.corp.corp_id,
            "CreateTime": int(self.corp.now().timestamp()),
            "MsgType": "event",
            "Event": "kf_msg_or_event",
            "Token": token,
            "OpenKfId": account,
        }
        for _ in range(TRIES):
            sealed = self.corp.envelope.seal(as_xml(content), int(self.corp.now().timestamp()))
            query = {
                "msg_signature": sealed.signature,
                "timestamp": sealed.timestamp,
                "nonce": sealed.nonce,
            }
            body = as_xml({"ToUserName": self.corp.corp_id, "Encrypt": sealed.encrypt})
            status, began = None, monotonic()
            try:
                async with (
                    asyncio.timeout(self.patience),
                    self.http.post(
                        self.corp.callback_url or "", data=body.encode(), params=query
                    ) as response,
                ):
                    await response.read()
                    status = response.status
                    self.waits.append(monotonic() - began)
            except (aiohttp.ClientError, TimeoutError):
                pass
            self.statuses.append(status)
            if status == 200:
                return


class FakeWeCom(LoopbackApi[Callbacks]):
    """WeCom's API on loopback for one company, while the context lasts.

    Port 0: any free one. ``now`` is the clock of windows, tokens, media and signatures.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        patience: float = PATIENCE,
    ) -> None:
        self.corp = FakeCorp(now=now)
        self._patience = patience
        super().__init__(port)

    def settings(self) -> dict[str, str]:
        """What the assistant is set to, by the names of its environment variables."""
        corp = self.corp
        return {
            "BEIAN_WECOM_API_BASE": self.base_url,
            "BEIAN_WECOM_CORP_ID": corp.corp_id,
            "BEIAN_WECOM_SECRET": corp.secret,
            "BEIAN_WECOM_TOKEN": corp.envelope.token,
            "BEIAN_WECOM_AES_KEY": corp.envelope.aes_key,
            "BEIAN_WECOM_OPEN_KFID": ",".join(corp.accounts),
        }

    def _posting(self, http: aiohttp.ClientSession) -> Callbacks:
        callbacks = Callbacks(self.corp, http, self._patience)
        self.corp.tell = callbacks.tell
        return callbacks

    async def _call(self, request: web.Request) -> web.StreamResponse:
        corp, path = self.corp, request.path
        params: dict[str, Any] = {}
        try:
            params = await params_of(request)
            if (fault := corp.fault_for(path)) is not None:
                if fault.effect:
                    carry_out(corp, request.method, path, params)
                if fault.cut and request.transport is not None:
                    request.transport.abort()
                raise Refusal(fault.errcode, "as ordered")
            result = carry_out(corp, request.method, path, params)
        except ConnectionError:  # the caller died halfway through its call
            return web.Response(status=499)
        except Refusal as refusal:
            corp.calls.append(Call(path, _noted(params), refusal.errcode))
            return web.json_response(refusal.as_json())
        corp.calls.append(Call(path, _noted(params), 0))
        if isinstance(result, File):
            named = f'attachment; filename="{quote(result.name)}"'
            return web.Response(body=result.content, headers={"Content-Disposition": named})
        return web.json_response(result)


def _noted(params: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name not in _SECRETS}
