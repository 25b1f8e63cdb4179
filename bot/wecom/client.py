"""The few calls the channel makes to WeCom's API."""

import asyncio
import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote

import httpx

from bot.tencent.compose import Choice
from bot.tencent.tokens import TokenHolder, TokenStore
from bot.wecom.errors import Action, Refused, Unreachable
from bot.wecom.translate import Person
from storage.wecom_ports import SessionState

TIMEOUT: Final = 10.0
"""Seconds for any call; well inside the lease of an outgoing message."""

MAX_DOWNLOAD: Final = 20 * 2**20
"""Bytes of the largest file fetched: the largest WeCom keeps."""

PAGE: Final = 1000
"""Messages asked for at once; WeCom gives no more."""

TRIES: Final = 3
_PAUSE: Final = 0.3  # seconds before the second try, doubled before the third
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_FILENAME = re.compile(r"filename\*?=(?:UTF-8'')?\"?([^\";]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Corp:
    """What the operator has from the WeCom console: the company and its self-built application."""

    corp_id: str
    secret: str = field(repr=False)
    api_base: str = "https://qyapi.weixin.qq.com"


@dataclass(frozen=True, slots=True)
class Page:
    """Some messages and events, the cursor behind them, and whether there are more."""

    messages: Sequence[Mapping[str, Any]] = field(repr=False)
    cursor: str
    has_more: bool


@dataclass(frozen=True, slots=True)
class Download:
    """A file somebody sent; ``name`` is empty where WeCom tells none."""

    content: bytes = field(repr=False)
    name: str = ""


class WeComClient:
    """A company's view of WeCom. Every call raises ``WeComFault``.

    A busy WeCom is asked again a few times, a refused token is renewed once. Whether a customer
    may be written to now is not asked here (``bot.wecom.sender``), except by WeCom.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        corp: Corp,
        store: TokenStore,
        clock: Callable[[], datetime],
        *,
        pause: float = _PAUSE,
    ) -> None:
        # At INFO it logs addresses, and the token is part of every one.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._http = http
        self._corp = corp
        self._tokens = TokenHolder(store, corp.corp_id, self._fetch_token, clock, _busy)
        self._pause = pause

    async def pull(self, account: str, cursor: str | None, token: str | None) -> Page:
        """What was said at an account after the cursor. Without a token WeCom is easily tired."""
        asked: dict[str, Any] = {"open_kfid": account, "limit": PAGE}
        asked |= {"cursor": cursor} if cursor else {}
        asked |= {"token": token} if token else {}
        answer = await self._post("/cgi-bin/kf/sync_msg", asked)
        messages = answer.get("msg_list")
        listed = messages if isinstance(messages, list) else []
        found = [one for one in listed if isinstance(one, Mapping)]
        cursor = str(answer.get("next_cursor") or cursor or "")
        return Page(found, cursor, answer.get("has_more") == 1)

    async def send_text(self, person: Person, message_id: str, text: str) -> None:
        """Send a text of at most 2,048 bytes; ``message_id`` has at most 32 of ``A-Za-z0-9_-``."""
        await self._send(person, message_id, "text", {"content": text})

    async def send_menu(
        self, person: Person, message_id: str, text: str, choices: Sequence[Choice]
    ) -> None:
        """Send a question with lines to tap, below its text."""
        await self._send(person, message_id, "msgmenu", _menu(text, choices))

    async def send_file(self, person: Person, message_id: str, kind: str, media_id: str) -> None:
        """Send an uploaded file; ``kind`` is ``image`` or ``file``."""
        await self._send(person, message_id, kind, {"media_id": media_id})

    async def answer_event(
        self, code: str, message_id: str, text: str, choices: Sequence[Choice] = ()
    ) -> None:
        """Send the one message an event lets through: a text, with lines to tap perhaps."""
        kind = "msgmenu" if choices else "text"
        content = _menu(text, choices) if choices else {"content": text}
        said = {"code": code, "msgid": message_id, "msgtype": kind, kind: content}
        await self._post("/cgi-bin/kf/send_msg_on_event", said)

    async def state(self, person: Person) -> tuple[SessionState, str]:
        """Who has a customer's session now: its state, and the servicer if there is one."""
        answer = await self._post("/cgi-bin/kf/service_state/get", _named(person))
        try:
            state = SessionState(int(answer["service_state"]))
        except (KeyError, TypeError, ValueError):
            raise Unreachable("no state in its answer", maybe_done=True) from None
        return state, str(answer.get("servicer_userid") or "")

    async def move(self, person: Person, state: SessionState, servicer: str = "") -> None:
        """Change a session's state; ``servicer`` for ``HUMAN`` only."""
        asked = {**_named(person), "service_state": int(state)}
        asked |= {"servicer_userid": servicer} if servicer else {}
        await self._post("/cgi-bin/kf/service_state/trans", asked)

    async def upload(self, kind: str, name: str, content: bytes, media_type: str) -> str:
        """Let WeCom keep a file for three days; its media id."""
        answer = await self._call(
            "POST",
            "/cgi-bin/media/upload",
            query={"type": kind},
            files={"media": (name, content, media_type)},
        )
        return str(answer["media_id"])

    async def download(self, media_id: str) -> Download:
        """A file somebody sent. Raises ``Refused`` beyond ``MAX_DOWNLOAD`` bytes or 3 days."""
        found = await self._call("GET", "/cgi-bin/media/get", query={"media_id": media_id})
        if not isinstance(found, Download):
            raise Refused(40007)
        return found

    async def contact_url(self, account: str, scene: str) -> str:
        """The address that opens a chat with an account; ``&scene_param=…`` may be put behind."""
        asked = {"open_kfid": account, "scene": scene}
        return str((await self._post("/cgi-bin/kf/add_contact_way", asked)).get("url", ""))

    async def _send(
        self, person: Person, message_id: str, kind: str, content: Mapping[str, Any]
    ) -> None:
        message = {
            "touser": person.customer,
            "open_kfid": person.account,
            "msgid": message_id,
            "msgtype": kind,
            kind: content,
        }
        await self._post("/cgi-bin/kf/send_msg", message)

    async def _post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        answer: Mapping[str, Any] = await self._call("POST", path, content=content)
        return answer

    async def _call(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, **body: Any
    ) -> Any:
        """The answer: parsed JSON, or a file."""
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
        """WeCom gives the same token again while it is valid: there is nothing to force."""
        asked = {"corpid": self._corp.corp_id, "corpsecret": self._corp.secret}
        answer = await self._ask("GET", "/cgi-bin/gettoken", params=asked)
        try:
            return str(answer["access_token"]), int(answer["expires_in"])
        except (KeyError, TypeError, ValueError):
            raise Unreachable("no token in its answer", maybe_done=True) from None

    async def _ask(self, method: str, path: str, **sent: Any) -> Any:
        """One request. Raises Refused for a code, Unreachable for anything but an answer."""
        url = f"{self._corp.api_base}{path}"
        try:
            async with self._http.stream(method, url, timeout=TIMEOUT, **sent) as response:
                content = await _read(response)
                headers, status = response.headers, response.status_code
        except _NEVER_SENT as error:
            raise Unreachable(type(error).__name__, maybe_done=False) from None
        except httpx.HTTPError as error:
            raise Unreachable(type(error).__name__, maybe_done=True) from None
        if status != 200:
            raise Unreachable(f"status {status}", maybe_done=True)
        named = _FILENAME.search(headers.get("content-disposition", ""))
        if named or (path.endswith("/media/get") and not content.startswith(b"{")):
            return Download(content, unquote(named.group(1)) if named else "")
        try:
            answer = json.loads(content)
        except ValueError:
            kind = headers.get("content-type", "")[:40]
            raise Unreachable(f"an answer of type {kind!r}", maybe_done=True) from None
        code = answer.get("errcode", 0) if isinstance(answer, dict) else -1
        if code:
            raise Refused(code if isinstance(code, int) else -1)
        return answer


def _menu(text: str, choices: Sequence[Choice]) -> Mapping[str, Any]:
    listed = [{"type": "click", "click": {"id": one.id, "content": one.label}} for one in choices]
    return {"head_content": text, "list": listed}


def _named(person: Person) -> Mapping[str, str]:
    return {"open_kfid": person.account, "external_userid": person.customer}


def _busy() -> Unreachable:
    return Unreachable("another process fetches the token", maybe_done=False)


async def _read(response: httpx.Response) -> bytes:
    content = bytearray()
    async for part in response.aiter_bytes():
        content += part
        if len(content) > MAX_DOWNLOAD:
            raise Refused(40009)
    return bytes(content)
