"""WeChat's callback under spoilt XML, envelopes and parameters, with the real assistant behind."""

import random
import time
from typing import Final

import httpx
from fastapi import FastAPI

from bench.fuzz.campaign import Fault
from bench.fuzz.people import Behind
from bench.fuzz.sealed import AES_KEY, TOKEN, post, spoilt_xml, written
from bench.fuzz.spoiling import spoilt_bytes, text
from bot.clock import real_clock
from bot.pacing import Rate
from bot.sending import Delivery
from bot.tencent.crypto import MessageKey
from bot.tencent.doorkeeper import Doorkeeper
from bot.wechat.answering import Post
from bot.wechat.callback import PATH, callback_router
from bot.wechat.client import Account, WeChatClient
from bot.wechat.core import WeChatCore
from bot.wechat.means import Means
from bot.wechat.sender import WeChatSender
from bot.wechat.texts import menu_labels
from dialogs.message import Identity

_APP_ID: Final = "wx0123456789abcdef"
_KEY: Final = MessageKey.of(AES_KEY, _APP_ID)
_PEOPLE: Final = tuple(f"oFuzz-000000000000000000000{number}" for number in range(3))
_SOUND: Final = "oFuzz-0000000000000000000sound"
_NO_LIMIT: Final = Rate(1e12, 1e12)
_KINDS: Final = ("text", "image", "voice", "video", "shortvideo", "location", "link", "file")
_EVENTS: Final = (
    *("subscribe", "unsubscribe", "SCAN", "LOCATION", "CLICK", "VIEW", "TEMPLATESENDJOBFINISH"),
    *("subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event"),
)
_NAMES: Final = (
    *("ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "MsgId", "Event"),
    *("EventKey", "MediaId", "PicUrl", "Recognition", "Url", "Status", "bizmsgmenuid", "Encrypt"),
)


class WeChat:
    """The target: callbacks of every kind, sealed and signed unless that is what is spoilt."""

    def __init__(self) -> None:
        self._behind: Behind
        self._app: FastAPI
        self._core: WeChatCore
        self._http: httpx.AsyncClient | None = None
        self._failed = 0
        self._number = 0
        self._beginning = 0

    async def begin(self) -> None:
        """Begin anew."""
        if self._http is not None:
            await self._http.aclose()
        self._behind, self._failed = Behind(self._beginning), 0
        self._beginning += 1
        stores, answering = self._behind.stores, self._behind.answering
        # What is sent goes nowhere: WeChat takes it all.
        taken = httpx.MockTransport(lambda _: httpx.Response(200, json=_ANSWER))
        self._http = httpx.AsyncClient(transport=taken)
        account = Account(_APP_ID, "secret", "https://api.weixin.qq.com")
        client = WeChatClient(self._http, account, stores.wechat, real_clock)
        sender = WeChatSender(client, stores.wechat, real_clock)
        post = Post(Delivery(stores.outbox, sender, real_clock), sender)
        means = Means(
            answering,
            stores.outbox,
            stores.transcript,
            stores.wechat,
            client,
            post,
            real_clock,
            count=self._counted,
        )
        self._core = WeChatCore(means, flood=_NO_LIMIT)
        answering.couriers["wechat"] = post.take_over
        self._app = FastAPI()
        self._app.include_router(
            callback_router(self._core.take, Doorkeeper(TOKEN, (_KEY,), real_clock))
        )

    async def feed(self, chance: random.Random) -> str:
        """Post a callback: spoilt inside the seal, in its envelope, or in its parameters."""
        self._number += 1
        xml = self._callback(chance)
        if chance.random() < 0.75:
            xml = spoilt_xml(xml, _NAMES, chance)
        plain = xml.encode("utf-8", "surrogatepass")
        if chance.random() < 0.1:
            plain = spoilt_bytes(plain, chance)
        return str(await post(self._app, PATH, _KEY, plain, self._number, chance))

    async def prove(self, number: int) -> None:
        """Somebody who writes plainly is heard, and answered in kind."""
        said = f"第{number}句"
        self._number += 1
        xml = _xml(_SOUND, MsgType="text", Content=said, MsgId=str(10**15 + self._number))
        status = await post(self._app, PATH, _KEY, xml.encode(), self._number, None)
        lines = await self._behind.stores.transcript.latest(Identity("wechat", _SOUND), 30)
        if status != 200 or said not in [line.heard for line in lines]:
            raise Fault("a valid message had no effect")

    async def end(self) -> None:
        """Nothing was passed over for a fault of ours."""
        await self._core.finish()
        self._behind.see_that_nothing_failed()
        if self._failed:
            raise Fault(f"{self._failed} callbacks were passed over")

    def _counted(self, reason: str) -> None:
        self._failed += reason == "failed"

    def _callback(self, chance: random.Random) -> str:
        person, kind = chance.choice(_PEOPLE), chance.choice((*_KINDS, *["text"] * 8, "event"))
        if kind == "event":
            key = chance.choice((*menu_labels(), "qrscene_ab12", ""))
            event = chance.choice(_EVENTS)
            more = "<A><List><TemplateId>t</TemplateId><SubscribeStatusString>accept"
            more += "</SubscribeStatusString></List></A>"
            listed = more if "msg" in event else ""
            return _xml(
                person, listed, MsgType="event", Event=event, EventKey=key, Status="success"
            )
        said = {"Content": text(chance)} if kind == "text" else {"MediaId": "m", "PicUrl": "x"}
        if chance.random() < 0.1:
            said["bizmsgmenuid"] = chance.choice(("none.0", "1", text(chance)))
        if kind == "voice":
            said["Recognition"] = f"{text(chance)}。"
        return _xml(person, MsgType=kind, MsgId=str(self._number), **said)


_ANSWER: Final = {"errcode": 0, "errmsg": "ok", "access_token": "t", "expires_in": 7200}


def _xml(person: str, more: str = "", **elements: str) -> str:
    return (
        f"<xml><ToUserName>gh_1</ToUserName><FromUserName>{person}</FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime>{written(elements)}{more}</xml>"
    )
