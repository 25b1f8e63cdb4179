"""The few calls the channel makes to WeChat's API."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from bot.tencent.client import PAUSE, TencentClient
from bot.tencent.compose import Choice
from bot.wechat.errors import Refused, Unreachable
from storage.wechat_ports import WeChatStore


@dataclass(frozen=True, slots=True)
class Account:
    """What the operator has from mp.weixin.qq.com."""

    app_id: str
    secret: str = field(repr=False)
    api_base: str = "https://api.weixin.qq.com"


class WeChatClient(TencentClient):
    """An account's view of WeChat. Every call raises ``WeChatFault``.

    Whether a person may be written to now is not asked here (``bot.wechat.sender``), except by
    WeChat.
    """

    refused, unreachable = Refused, Unreachable

    def __init__(
        self,
        http: httpx.AsyncClient,
        account: Account,
        store: WeChatStore,
        clock: Callable[[], datetime],
        *,
        pause: float = PAUSE,
    ) -> None:
        self._account = account
        super().__init__(http, account.api_base, store, account.app_id, clock, pause)
        self._tickets = self._holder(f"{account.app_id}/jsapi", self._fetch_ticket)

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
        return await self._upload("image", name, content, media_type)

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

    async def _fetch_token(self, *, force: bool) -> tuple[str, int]:
        asked = {
            "grant_type": "client_credential",
            "appid": self._account.app_id,
            "secret": self._account.secret,
            "force_refresh": force,
        }
        answer = await self._ask("POST", "/cgi-bin/stable_token", json=asked)
        return self._lasting(answer, "access_token")

    async def _fetch_ticket(self, *, force: bool) -> tuple[str, int]:
        answer = await self._call("GET", "/cgi-bin/ticket/getticket", query={"type": "jsapi"})
        return self._lasting(answer, "ticket")
