"""The few calls the channel makes to WeCom's API."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import httpx

from bot.tencent.client import PAUSE, TencentClient
from bot.tencent.compose import Choice
from bot.tencent.tokens import TokenStore
from bot.wecom.errors import Refused, Unreachable
from bot.wecom.translate import Person
from storage.wecom_ports import SessionState

PAGE: Final = 1000
"""Messages asked for at once; WeCom gives no more."""


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


class WeComClient(TencentClient):
    """A company's view of WeCom. Every call raises ``WeComFault``.

    Whether a customer may be written to now is not asked here (``bot.wecom.sender``), except by
    WeCom.
    """

    refused, unreachable = Refused, Unreachable

    def __init__(
        self,
        http: httpx.AsyncClient,
        corp: Corp,
        store: TokenStore,
        clock: Callable[[], datetime],
        *,
        pause: float = PAUSE,
    ) -> None:
        self._corp = corp
        super().__init__(http, corp.api_base, store, corp.corp_id, clock, pause)

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
        """Let WeCom keep a file for three days, ``image`` or ``file``; its media id."""
        return await self._upload(kind, name, content, media_type)

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

    async def _fetch_token(self, *, force: bool) -> tuple[str, int]:
        """WeCom gives the same token again while it is valid: there is nothing to force."""
        asked = {"corpid": self._corp.corp_id, "corpsecret": self._corp.secret}
        answer = await self._ask("GET", "/cgi-bin/gettoken", params=asked)
        return self._lasting(answer, "access_token")


def _menu(text: str, choices: Sequence[Choice]) -> Mapping[str, Any]:
    listed = [{"type": "click", "click": {"id": one.id, "content": one.label}} for one in choices]
    return {"head_content": text, "list": listed}


def _named(person: Person) -> Mapping[str, str]:
    return {"open_kfid": person.account, "external_userid": person.customer}
