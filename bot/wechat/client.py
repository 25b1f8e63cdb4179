"""The few calls the channel makes to WeChat's API."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import httpx

from bot.tencent.compose import Choice
from bot.tencent.tokens import TokenHolder
from bot.wechat.errors import Action, Refused, Unreachable
from storage.wechat_ports import WeChatStore

TIMEOUT: Final = 10.0
"""Seconds for any call; well inside the lease of an outgoing message."""

MAX_DOWNLOAD: Final = 20 * 2**20
"""Bytes of the largest file fetched."""

TRIES: Final = 3
_PAUSE: Final = 0.3  # seconds before the second try, doubled before the third
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Account:
    """What the operator has from mp.weixin.qq.com."""

    app_id: str
    secret: str = field(repr=False)
    api_base: str = "https://api.weixin.qq.com"


class WeChatClient:
    """An account's view of WeChat. Every call raises ``WeChatFault``.

    A busy WeChat is asked again a few times, a refused token is renewed once. Whether a person
    may be written to now is not asked here (``bot.wechat.sender``), except by WeChat.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        account: Account,
        store: WeChatStore,
        clock: Callable[[], datetime],
        *,
        pause: float = _PAUSE,
    ) -> None:
        # At INFO it logs addresses, and the token is part of every one.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._http = http
        self._account = account
        self._tokens = TokenHolder(store, account.app_id, self._fetch_token, clock, _busy)
        self._tickets = TokenHolder(
            store, f"{account.app_id}/jsapi", self._fetch_ticket, clock, _busy
        )
        self._pause = pause

    async def page_ticket(self) -> str:
        """What pages are signed with for WeChat's script: shared by all, like the token."""
        return await self._tickets.get()

    async def send_text(self, openid: str, text: str) -> None:
        """Send a customer-service message: at most 2,048 bytes of plain text."""
        await self._send(openid, "text", {"content": text})

    async def send_menu(self, openid: str, text: str, choices: Sequence[Choice]) -> None:
        """Send a question with lines to tap, below its text."""
        listed = [{"id": one.id, "content": one.label} for one in choices]
        await self._send(openid, "msgmenu", {"head_content": text, "list": listed})

    async def send_picture(self, openid: str, media_id: str) -> None:
        """Send an uploaded picture."""
        await self._send(openid, "image", {"media_id": media_id})

    async def upload_picture(self, name: str, content: bytes, media_type: str) -> str:
        """Let WeChat keep a picture for three days; its media id."""
        answer = await self._call(
            "POST",
            "/cgi-bin/media/upload",
            query={"type": "image"},
            files={"media": (name, content, media_type)},
        )
        return str(answer["media_id"])

    async def download(self, media_id: str) -> bytes:
        """A file somebody sent. Raises ``Refused`` beyond ``MAX_DOWNLOAD`` bytes or 3 days."""
        found = await self._call("GET", "/cgi-bin/media/get", query={"media_id": media_id})
        if not isinstance(found, bytes):
            raise Refused(40007)  # a video's address, or nothing
        return found

    async def send_template(
        self,
        openid: str,
        template_id: str,
        data: Mapping[str, str],
        url: str | None,
        client_msg_id: str,
    ) -> str:
        """Send a template message to a follower; its id, which ``TEMPLATESENDJOBFINISH`` names.

        ``data`` has the values by field (``thing1``). With the same ``client_msg_id`` a person
        gets one message within ten minutes, however often this is called.
        """
        notice = {
            "touser": openid,
            "template_id": template_id,
            "data": {name: {"value": value} for name, value in data.items()},
            "client_msg_id": client_msg_id,
        }
        answer = await self._post(
            "/cgi-bin/message/template/send", {**notice, "url": url} if url else notice
        )
        return str(answer.get("msgid", ""))

    async def send_subscription(
        self, openid: str, template_id: str, data: Mapping[str, str], url: str | None
    ) -> None:
        """Send a notice the person consented to once, which uses the consent up.

        Not repeatable: after ``Unreachable(maybe_done=True)`` the consent may be gone.
        """
        notice = {
            "touser": openid,
            "template_id": template_id,
            "data": {name: {"value": value} for name, value in data.items()},
        }
        await self._post(
            "/cgi-bin/message/subscribe/bizsend", {**notice, "page": url} if url else notice
        )

    async def set_menu(self, buttons: Sequence[Mapping[str, Any]]) -> None:
        """Set the menu below the chat."""
        await self._post("/cgi-bin/menu/create", {"button": list(buttons)})

    async def code_url(self, word: str, seconds: int) -> str:
        """What a QR code shows that opens the account and hands it ``word`` (64 characters)."""
        asked = {
            "expire_seconds": seconds,
            "action_name": "QR_STR_SCENE",
            "action_info": {"scene": {"scene_str": word}},
        }
        return str((await self._post("/cgi-bin/qrcode/create", asked))["url"])

    async def check(self) -> None:
        """Whether account, secret and this server's address are accepted."""
        await self._tokens.get()

    async def _send(self, openid: str, kind: str, content: Mapping[str, Any]) -> None:
        message = {"touser": openid, "msgtype": kind, kind: content}
        await self._post("/cgi-bin/message/custom/send", message)

    async def _post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        # WeChat shows letters written as \uXXXX as such.
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        answer: Mapping[str, Any] = await self._call("POST", path, content=content)
        return answer

    async def _call(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, **body: Any
    ) -> Any:
        """The answer: parsed JSON, or the bytes of a file."""
        token, is_renewed = await self._tokens.get(), False
        tries = 0
        while True:
            try:
                params = {"access_token": token, **(query or {})}
                return await self._ask(method, path, params=params, **body)
            except Refused as refused:
                if refused.action is Action.REFRESH and not is_renewed:
                    token, is_renewed = await self._tokens.renew(token), True
                    continue
                tries += 1
                if refused.action is not Action.AGAIN or tries >= TRIES:
                    raise
                await asyncio.sleep(self._pause * 2 ** (tries - 1))

    async def _fetch_token(self, *, force: bool) -> tuple[str, int]:
        asked = {
            "grant_type": "client_credential",
            "appid": self._account.app_id,
            "secret": self._account.secret,
            "force_refresh": force,
        }
        answer = await self._ask("POST", "/cgi-bin/stable_token", json=asked)
        try:
            return str(answer["access_token"]), int(answer["expires_in"])
        except (KeyError, TypeError, ValueError):
            raise Unreachable("no token in its answer", maybe_done=True) from None

    async def _fetch_ticket(self, *, force: bool) -> tuple[str, int]:
        answer = await self._call("GET", "/cgi-bin/ticket/getticket", query={"type": "jsapi"})
        try:
            return str(answer["ticket"]), int(answer["expires_in"])
        except (KeyError, TypeError, ValueError):
            raise Unreachable("no ticket in its answer", maybe_done=True) from None

    async def _ask(self, method: str, path: str, **sent: Any) -> Any:
        """One request. Raises Refused for a code, Unreachable for anything but an answer."""
        url = f"{self._account.api_base}{path}"
        try:
            async with self._http.stream(method, url, timeout=TIMEOUT, **sent) as response:
                content = await _read(response)
                kind = response.headers.get("content-type", "")
                status = response.status_code
        except _NEVER_SENT as error:
            raise Unreachable(type(error).__name__, maybe_done=False) from None
        except httpx.HTTPError as error:
            raise Unreachable(type(error).__name__, maybe_done=True) from None
        if status != 200:
            raise Unreachable(f"status {status}", maybe_done=True)
        if path.endswith("/media/get") and not content.startswith(b"{"):
            return content
        try:
            answer = json.loads(content)
        except ValueError:
            raise Unreachable(f"an answer of type {kind[:40]!r}", maybe_done=True) from None
        code = answer.get("errcode", 0) if isinstance(answer, dict) else -1
        if code:
            raise Refused(code if isinstance(code, int) else -1)
        return answer


def _busy() -> Unreachable:
    return Unreachable("another process fetches the token", maybe_done=False)


async def _read(response: httpx.Response) -> bytes:
    content = bytearray()
    async for part in response.aiter_bytes():
        content += part
        if len(content) > MAX_DOWNLOAD:
            raise Refused(40009)
    return bytes(content)
