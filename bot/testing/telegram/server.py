"""The HTTP side: takes calls as both libraries make them, posts webhooks."""

import asyncio
import json
import time
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from bot.testing.telegram.bots import Call, FakeBot, Fault, Limits
from bot.testing.telegram.methods import METHODS, Upload
from bot.testing.telegram.rules import Refusal

_JSON_PARAMS = frozenset(
    {"reply_markup", "allowed_updates", "commands", "scope", "link_preview_options"}
)
_MAX_BODY = 50 * 2**20
_REPEAT = 0.1


class FakeTelegram:
    """A Bot API server on loopback, while the context lasts. Port 0: any free one."""

    def __init__(self, port: int = 0) -> None:
        self.bots: dict[str, FakeBot] = {}
        self._port = port
        self._runner: web.AppRunner | None = None
        self._http: aiohttp.ClientSession | None = None
        self._postings: dict[tuple[str, object], asyncio.Task[None]] = {}

    @property
    def base_url(self) -> str:
        """What ``BEIAN_TELEGRAM_API_BASE`` is set to."""
        return f"http://127.0.0.1:{self._port}"

    def add_bot(self, token: str, limits: Limits | None = None) -> FakeBot:
        """A new bot; other tokens are refused."""
        bot = FakeBot(token, limits=limits or Limits())
        bot.on_update = lambda: self._post(bot)
        self.bots[token] = bot
        return bot

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=_MAX_BODY)
        application.router.add_route("*", "/bot{token}/{method}", self._call)
        application.router.add_get("/file/bot{token}/documents/{file}", self._file)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        postings = tuple(self._postings.values())
        for posting in postings:
            posting.cancel()
        await asyncio.gather(*postings, return_exceptions=True)
        if self._http is not None:
            await self._http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        bot = self.bots.get(request.match_info["token"])
        if bot is None:
            return _answer(Refusal(401, "Unauthorized"))
        method = request.match_info["method"]
        try:
            params = await _params(request)
        except ConnectionError:  # the caller died halfway through its call
            return web.Response(status=499)
        fault = bot.fault_for(method, params)
        try:
            if fault is not None:
                await _carry_out(bot, method, params, fault)
            result = await _result(bot, method, params)
        except Refusal as refusal:
            bot.calls.append(Call(method, params, refusal.status, time.monotonic()))
            if fault is not None and fault.cut and request.transport is not None:
                request.transport.abort()
            return _answer(refusal)
        bot.calls.append(Call(method, params, 200, time.monotonic()))
        return web.json_response({"ok": True, "result": result})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        bot = self.bots.get(request.match_info["token"])
        content = bot.files.get(request.match_info["file"]) if bot else None
        if content is None:
            return _answer(Refusal(404, "Not Found"))
        return web.Response(body=content)

    def _post(self, bot: FakeBot) -> None:
        """Post what waits, each chat's updates in order."""
        if bot.webhook is None:
            return
        for update in bot.updates.waiting:
            chat = (bot.token, _chat_key(update))
            if chat not in self._postings:
                self._postings[chat] = asyncio.create_task(self._post_chat(bot, chat))

    async def _post_chat(self, bot: FakeBot, chat: tuple[str, object]) -> None:
        try:
            while bot.webhook is not None:
                mine = [one for one in bot.updates.waiting if _chat_key(one) == chat[1]]
                if not mine:
                    return
                bot.updates.handed_out[mine[0].get("update_id", 0)] += 1
                if await self._post_one(bot.webhook.url, bot.webhook.secret, mine[0]):
                    bot.updates.confirm(mine[0])
                else:
                    await asyncio.sleep(_REPEAT)
        finally:
            del self._postings[chat]

    async def _post_one(self, url: str, secret: str | None, update: dict[str, Any]) -> bool:
        assert self._http is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        with suppress(aiohttp.ClientError, TimeoutError):
            async with self._http.post(url, json=update, headers=headers) as response:
                return 200 <= response.status < 300
        return False


async def _carry_out(bot: FakeBot, method: str, params: dict[str, Any], fault: Fault) -> None:
    """Let the call fail as ordered; returns only if it was but to be delayed."""
    await asyncio.sleep(fault.delay)
    if fault.effect:
        await _result(bot, method, params)
    if fault.retry_after is not None and "chat_id" in params:
        bot.pause(int(params["chat_id"]), fault.retry_after)
    if fault.status != 200:
        raise Refusal(fault.status, fault.description, retry_after=fault.retry_after)


async def _result(bot: FakeBot, method: str, params: dict[str, Any]) -> Any:
    known = {name.lower(): call for name, call in METHODS.items()}
    call = known.get(method.lower())
    if call is None:
        raise Refusal(404, "Not Found: method not found")
    return await call(bot, params)


async def _params(request: web.Request) -> dict[str, Any]:
    """Parameters from the query, a form or JSON; nested ones parsed."""
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        given = await request.json()
        params |= given if isinstance(given, dict) else {}
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                params[name] = Upload(value.filename, value.file.read())
            else:
                params[name] = value
    for name in _JSON_PARAMS & params.keys():
        if isinstance(params[name], str):
            with suppress(ValueError):
                params[name] = json.loads(params[name])
    for kind in ("document", "photo"):
        attached = params.get(kind)
        if isinstance(attached, str) and attached.startswith("attach://"):
            params[kind] = params.get(attached.removeprefix("attach://"))
    return params


def _chat_key(update: dict[str, Any]) -> object:
    """Updates with the same key must stay in order."""
    for kind in ("message", "edited_message", "my_chat_member"):
        if kind in update:
            return update[kind].get("chat", {}).get("id")
    return update.get("callback_query", {}).get("from", {}).get("id")


def _answer(refusal: Refusal) -> web.Response:
    return web.json_response(refusal.as_json(), status=refusal.status)
