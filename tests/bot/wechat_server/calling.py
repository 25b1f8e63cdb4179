"""Plain calls to the server, and a plain server that answers what it posts."""

import json
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

import httpx
from aiohttp import web

from bot.testing.wechat import FakeAccount
from bot.testing.wechat.callbacks import as_xml
from bot.testing.wechat.envelope import Sealed
from bot.testing.wechat.passive import read_xml


class Api:
    """Calls as a program without a library would make them."""

    def __init__(self, http: httpx.AsyncClient, account: FakeAccount) -> None:
        self.http = http
        self.account = account
        self.token = ""

    async def renew(self, *, force: bool = False) -> dict[str, Any]:
        """Fetch a token, and use it from now on."""
        given = {
            "grant_type": "client_credential",
            "appid": self.account.app_id,
            "secret": self.account.secret,
            "force_refresh": force,
        }
        answer: dict[str, Any] = (await self.http.post("/cgi-bin/stable_token", json=given)).json()
        self.token = answer.get("access_token", self.token)
        return answer

    async def __call__(self, path: str, **params: Any) -> Any:
        """The answer to a POST with JSON, or the errcode of its refusal."""
        body = json.dumps(params, ensure_ascii=False).encode()
        query = {"access_token": self.token}
        return _read(await self.http.post(f"/cgi-bin/{path}", params=query, content=body))

    async def get(self, path: str, **params: str) -> Any:
        """The same for a GET."""
        query = {"access_token": self.token, **params}
        return _read(await self.http.get(f"/cgi-bin/{path}", params=query))

    async def upload(self, kind: str, content: bytes, field: str = "media") -> Any:
        """Upload a file."""
        query = {"access_token": self.token, "type": kind}
        files = {field: ("file", content)}
        return _read(await self.http.post("/cgi-bin/media/upload", params=query, files=files))

    async def text(self, openid: str, text: str = "您好") -> Any:
        """Send a customer-service text."""
        content = {"content": text}
        return await self("message/custom/send", touser=openid, msgtype="text", text=content)


def _read(response: httpx.Response) -> Any:
    assert response.status_code == 200
    if not response.headers["content-type"].startswith("application/json"):
        return response.content
    answer = response.json()
    return answer.get("errcode") or answer


Answering = Callable[[dict[str, str]], Awaitable[bytes]]


class Developer:
    """Receives callbacks, opens them and answers as it is told: ``success`` at first."""

    def __init__(self, account: FakeAccount) -> None:
        self.account = account
        self.heard: list[dict[str, str]] = []
        self.queries: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.answer: Answering = _success
        self._runner: web.AppRunner | None = None
        self.url = ""

    def reply(self, to: dict[str, str], **content: Any) -> bytes:
        """A sealed passive reply; ``content`` is added to the addresses or replaces them."""
        message = {
            "ToUserName": to["FromUserName"],
            "FromUserName": to["ToUserName"],
            "CreateTime": int(to["CreateTime"]),
            "MsgType": "text",
            **content,
        }
        return self.seal(as_xml(message))

    def seal(self, text: str) -> bytes:
        """Any text, sealed."""
        sealed = self.account.envelope.seal(text, 1_800_000_000)
        outer = {
            "Encrypt": sealed.encrypt,
            "MsgSignature": sealed.signature,
            "TimeStamp": int(sealed.timestamp),
            "Nonce": sealed.nonce,
        }
        return as_xml(outer).encode()

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_post("/", self._hear)
        application.router.add_get("/", self._verify)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _hear(self, request: web.Request) -> web.Response:
        query, body = dict(request.query), await request.read()
        outer, _ = read_xml(body.decode())
        sealed = Sealed(
            outer["Encrypt"], query["msg_signature"], query["timestamp"], query["nonce"]
        )
        message, _ = read_xml(self.account.envelope.open(sealed))
        self.heard.append(message)
        self.queries.append(query)
        self.bodies.append(body)
        return web.Response(body=await self.answer(message))

    async def _verify(self, request: web.Request) -> web.Response:
        signature = self.account.envelope.sign(request.query["timestamp"], request.query["nonce"])
        assert request.query["signature"] == signature
        return web.Response(text=request.query["echostr"])


async def _success(_: dict[str, str]) -> bytes:
    return b"success"
