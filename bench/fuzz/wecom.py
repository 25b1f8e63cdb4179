"""WeCom's callback under spoilt XML, and spoilt messages where it lets us pull them."""

import asyncio
import json
import random
import time
from typing import Any, Final

import httpx
from fastapi import FastAPI

from bench.fuzz.campaign import Fault
from bench.fuzz.people import Behind
from bench.fuzz.sealed import AES_KEY, TOKEN, post, spoilt_xml, written
from bench.fuzz.spoiling import spoilt, spoilt_bytes, text
from bot.clock import real_clock
from bot.pacing import Rate
from bot.sending import Delivery
from bot.tencent.crypto import MessageKey
from bot.tencent.doorkeeper import Doorkeeper
from bot.wecom.callback import PATH, TOLD, callback_router
from bot.wecom.client import Corp, WeComClient
from bot.wecom.core import Means, Post, WeComCore
from bot.wecom.pulling import Puller
from bot.wecom.sender import Books, WeComSender
from bot.wecom.sessions import Sessions
from bot.wecom.translate import CUSTOMER, EVENT, SERVICER, Person
from dialogs.message import Identity

_CORP: Final = "ww0123456789abcdef"
_ACCOUNT: Final = "wkFuzz0000000000000000000000001"
_KEY: Final = MessageKey.of(AES_KEY, _CORP)
_PEOPLE: Final = tuple(f"wmFuzz000000000000000000000000{number}" for number in range(3))
_SOUND: Final = "wmFuzz00000000000000000000sound"
_NO_LIMIT: Final = Rate(1e12, 1e12)
_NAMES: Final = ("ToUserName", "CreateTime", "MsgType", "Event", "Token", "OpenKfId", "Encrypt")
_KINDS: Final = ("image", "file", "voice", "video", "location", "link", "merged_msg", "msgmenu")
_EVENTS: Final = (
    *("enter_session", "session_status_change", "msg_send_fail", "user_recall_msg"),
    *("servicer_status_change", "reject_customer_msg_switch_change", "of_tomorrow"),
)


class WeCom:
    """The target: callbacks sealed and signed unless that is spoilt, and what they announce."""

    def __init__(self) -> None:
        self._behind: Behind
        self._app: FastAPI
        self._core: WeComCore
        self._puller: Puller
        self._http: httpx.AsyncClient | None = None
        self._pulling: asyncio.Task[None] | None = None
        self._stop: asyncio.Event
        self._waiting: list[Any] = []
        self._told = self._failed = self._number = self._beginning = 0

    async def begin(self) -> None:
        """Begin anew."""
        self._behind, self._failed = Behind(self._beginning), 0
        self._beginning += 1
        stores, assistant = self._behind.stores, self._behind.assistant
        self._http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        corp = Corp(_CORP, "secret")
        client = WeComClient(self._http, corp, stores.wechat, real_clock, pause=0)
        sessions = Sessions(assistant, stores.wecom, client, real_clock)
        books = Books(stores.wechat, stores.wecom)
        sender = WeComSender(client, books, sessions, real_clock)
        means = Means(
            assistant,
            stores.outbox,
            stores.transcript,
            stores.wechat,
            stores.wecom,
            client,
            sessions,
            Post(Delivery(stores.outbox, sender, real_clock), sender),
            real_clock,
            count=self._counted,
        )
        self._core = WeComCore(means, flood=_NO_LIMIT)
        self._puller = Puller(
            client, stores.wecom, (_ACCOUNT,), real_clock, lambda: None, self._counted
        )
        self._app = FastAPI()
        door = Doorkeeper(TOKEN, (_KEY,), real_clock)
        self._app.include_router(callback_router(self._hear, door, self._counted))
        self._stop = asyncio.Event()
        self._pulling = asyncio.create_task(self._puller.run(self._stop))

    async def feed(self, chance: random.Random) -> str:
        """Post a spoilt callback; or a sound one, and let spoilt messages be pulled."""
        self._number += 1
        if chance.random() < 0.5:
            sound = {"Event": TOLD, "Token": text(chance), "OpenKfId": _ACCOUNT}
            xml = f"<xml>{written({**sound, 'CreateTime': str(int(time.time()))})}</xml>"
            xml = spoilt_xml(xml, _NAMES, chance) if chance.random() < 0.9 else xml
            plain = xml.encode("utf-8", "surrogatepass")
            plain = spoilt_bytes(plain, chance) if chance.random() < 0.1 else plain
            return str(await post(self._app, PATH, _KEY, plain, self._number, chance))
        messages = [self._message(chance) for _ in range(chance.choice((1, 1, 1, 3)))]
        self._waiting = [spoilt(one, chance, messages) for one in messages]
        await self._announce()
        return "pulled"

    async def prove(self, number: int) -> None:
        """A customer who writes plainly is heard."""
        said = f"第{number}句"
        self._waiting = [self._said(_SOUND, CUSTOMER, "text", {"content": said})]
        await self._announce()
        whose = Identity("wecom", Person(_ACCOUNT, _SOUND).external_id)
        lines = await self._behind.stores.transcript.latest(whose, 30)
        if said not in [line.heard for line in lines]:
            raise Fault("a valid message had no effect")

    async def end(self) -> None:
        """Nothing was passed over for a fault of ours."""
        self._stop.set()
        if self._pulling is not None:
            await self._pulling
        if self._http is not None:
            await self._http.aclose()
        self._behind.see_that_nothing_failed()
        if self._failed:
            raise Fault(f"{self._failed} messages were passed over")

    async def _announce(self) -> None:
        told = self._told
        sound = {"Event": TOLD, "Token": "t", "OpenKfId": _ACCOUNT}
        plain = f"<xml>{written(sound)}</xml>".encode()
        status = await post(self._app, PATH, _KEY, plain, self._number, None)
        if status != 200 or self._told != told + 1:
            raise Fault(f"a sound callback was answered {status}")
        await self._puller.settled()
        await self._core.settled()
        if self._waiting:
            raise Fault("nothing was pulled")

    def _hear(self, account: str, token: str) -> None:
        self._told += 1
        self._puller.told(account, token)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        """WeCom takes all that is sent, and gives what waits."""
        answer: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
        match request.url.path.rpartition("/")[2]:
            case "gettoken":
                answer |= {"access_token": "t", "expires_in": 7200}
            case "sync_msg":
                answer |= {"next_cursor": str(self._number), "has_more": 0}
                answer["msg_list"] = self._waiting
                self._waiting = []
            case "get":
                answer["service_state"] = 1
        return httpx.Response(200, content=json.dumps(answer).encode())

    def _counted(self, reason: str) -> None:
        self._failed += reason == "failed"

    def _message(self, chance: random.Random) -> dict[str, Any]:
        person = chance.choice(_PEOPLE)
        if chance.random() < 0.3:
            return self._said(person, EVENT, "event", self._event(person, chance))
        if chance.random() < 0.6:
            content = {"content": text(chance)}
            if chance.random() < 0.2:
                content["menu_id"] = chance.choice(("none.0", "1", text(chance)))
            return self._said(person, chance.choice((CUSTOMER, SERVICER)), "text", content)
        found = {"media_id": "m", "url": "http://127.0.0.1/", "filename": text(chance)}
        return self._said(person, CUSTOMER, chance.choice(_KINDS), found)

    def _event(self, person: str, chance: random.Random) -> dict[str, Any]:
        return {
            "event_type": chance.choice(_EVENTS),
            "open_kfid": _ACCOUNT,
            "external_userid": person,
            "scene_param": chance.choice(("ab12", text(chance))),
            "welcome_code": chance.choice(("c", "")),
            "change_type": chance.choice((1, 2, 3, 4, 9)),
            "new_servicer_userid": text(chance),
            "msg_code": "c",
            "fail_type": chance.choice((0, 4, 6, 10, 13)),
            "fail_msgid": chance.choice(("1-0", text(chance))),
            "recall_msgid": f"m{self._number - 1}",
        }

    def _said(self, person: str, origin: int, kind: str, content: Any) -> dict[str, Any]:
        self._number += 1
        about = {} if kind == "event" else {"external_userid": person, "open_kfid": _ACCOUNT}
        return {
            "msgid": f"m{self._number}",
            "send_time": int(time.time()),
            "origin": origin,
            "servicer_userid": "zhang" if origin == SERVICER else "",
            **about,
            "msgtype": kind,
            kind: content,
        }
