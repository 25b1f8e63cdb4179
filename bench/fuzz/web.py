"""The applicants' pages and API, the secure form and the events API under spoilt requests."""

import json
import random
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import FastAPI
from fastapi.routing import APIRoute
from standardwebhooks import Webhook

from bench.fuzz.asking import Headers, ask
from bench.fuzz.campaign import Fault
from bench.fuzz.people import Behind
from bench.fuzz.routes import api_routes
from bench.fuzz.spoiling import spoilt, spoilt_bytes, spoilt_text, text
from bench.fuzz.uploads import Near
from bot.clock import real_clock
from bot.wechat.handing import FileLinks
from dialogs.message import Identity
from tests.bot.api.calling import SECRET
from tests.threats.served import LINKS, application

_COOKIES: Final = ("a" * 32, "b" * 32, "c" * 32)
_SOUND: Final = "s" * 32
_HOST: Final = (b"host", b"127.0.0.1")
_JSON: Final = (b"content-type", b"application/json")
_BEGIN: Final = (
    "cmd:resume",
    "answer:consent_processing:agree",
    "answer:prerequisites:ready",
    "answer:subject_kind:individual",
    "answer:cert_type:id_card",
    "answer:consent_sensitive:agree",
)
_EVENT_TYPES: Final = (
    *("first_review_passed", "sms_received", "sms_verified", "bureau_approved", "returned"),
    *("website_opened", "withdrawn", "police_filed"),
)
PARTS_OF_A_PATH: Final = ("1", "0", "-1", "x", "x" * 32, "%00", "..", "%2e%2e%2f", "案", "9" * 40)
"""What is put where a route's path names something."""


class Web:
    """The target: every route there is, and bodies made for each."""

    def __init__(self) -> None:
        self._behind: Behind
        self._app: FastAPI
        self._routes: tuple[APIRoute, ...]
        self._let_in: list[str] = []
        self._token = ""
        self._filing = ""
        self._number = 0

    async def begin(self) -> None:
        """Begin anew, with somebody who has been offered a secure form."""
        self._behind = Behind()
        stores, assistant = self._behind.stores, self._behind.assistant
        self._let_in.clear()
        self._app = application(assistant, stores, Near(4 * 10**6), self._let_in)
        self._routes = tuple(api_routes(self._app))
        await self._meet()

    async def feed(self, chance: random.Random) -> str:
        """Ask one of the routes something it does not expect."""
        route = chance.choice(self._routes)
        method = min(route.methods or {"GET"})
        path = self._path(route, chance)
        query, headers, body = self._made_for(route, path, chance)
        if chance.random() < 0.1:
            body = spoilt_bytes(body, chance)
        if chance.random() < 0.1:
            name, value = chance.choice(list(headers))
            headers = [*headers, (name, spoilt_bytes(value, chance).replace(b"\0", b""))]
        if chance.random() < 0.02:
            method = chance.choice(("PUT", "DELETE", "OPTIONS", "HEAD", "PROPFIND", "get"))
        streams = path == "/api/v1/chat/events"
        asked = await ask(self._app, method, path, body, query, headers, streams=streams)
        if asked.status >= 500:
            raise Fault(
                f"status {asked.status}: {method} {path} {body[:200]!r} {asked.body[:200]!r}"
            )
        return str(asked.status)

    async def prove(self, number: int) -> None:
        """Somebody who writes plainly is answered."""
        said = f"第{number}句"
        message = {"id": str(UUID(int=2**100 + number)), "text": said}
        body = json.dumps(message).encode()
        headers = [_HOST, _JSON, (b"cookie", f"beian={_SOUND}".encode())]
        asked = await ask(self._app, "POST", "/api/v1/chat/messages", body, b"", headers)
        if asked.status != 200 or said not in json.dumps(
            json.loads(asked.body), ensure_ascii=False
        ):
            raise Fault(f"a valid message was answered {asked.status}")

    async def end(self) -> None:
        """No turn failed, and nobody passed for a platform."""
        if self._let_in:
            raise Fault(f"unsigned, and let in: {set(self._let_in)}")
        self._behind.see_that_nothing_failed()

    async def _meet(self) -> None:
        """An individual answers until a form is offered."""
        cookie = (b"cookie", f"beian={_COOKIES[0]}".encode())
        for number, button in enumerate(_BEGIN):
            said = {"id": str(UUID(int=number)), "button": button, "label": "x"}
            body = json.dumps(said).encode()
            asked = await ask(
                self._app, "POST", "/api/v1/chat/messages", body, b"", [_HOST, _JSON, cookie]
            )
            told = json.loads(asked.body)
            for reply in told["replies"]:
                for one in reply.get("buttons", ()):
                    if "/form/" in str(one.get("url")):
                        self._token = one["url"].rpartition("/")[2]
        whose = Identity("web", sha256(_COOKIES[0].encode()).hexdigest()[:40])
        self._filing = (await self._behind.assistant.case(whose)).active or ""

    def _path(self, route: APIRoute, chance: random.Random) -> str:
        path = route.path_format
        named = {"token": self._token, "filing": self._filing, "key": "a", "ending": "pdf"}
        if path.startswith("/wechat/files/"):
            named["token"] = FileLinks("", LINKS, real_clock).to("1", 0).rpartition("/")[2]
        for name in route.param_convertors:
            known = named.get(name, "")
            part = chance.choice((known, known, chance.choice(PARTS_OF_A_PATH), text(chance)))
            path = path.replace(f"{{{name}}}", part or "x")
        return path.encode("utf-8", "replace").decode()

    def _made_for(
        self, route: APIRoute, path: str, chance: random.Random
    ) -> tuple[bytes, Headers, bytes]:
        self._number += 1
        cookie = (b"cookie", f"beian={chance.choice(_COOKIES)}".encode())
        headers = [_HOST, cookie]
        query = b""
        if chance.random() < 0.2:
            names = ("after", "field", "dark", "locale", "x")
            query = urlencode({chance.choice(names): text(chance)}, errors="surrogatepass").encode()
        if route.path.startswith("/api/v1/filings"):
            return self._event(path, chance)
        if path.startswith("/form/") and not path.endswith("/pictures"):
            fields = {name: text(chance) for name in ("cert_number", "principal_id_number", "x")}
            pairs = list(fields.items()) * chance.choice((1, 1, 2, 20))
            body = urlencode(pairs, errors="surrogatepass").encode()
            return query, [*headers, (b"content-type", _FORM)], body
        if "files" in path or path.endswith("/pictures"):
            named = quote(text(chance), errors="surrogatepass").encode()
            sent = [
                (b"x-message-id", self._id(chance).encode("utf-8", "replace")),
                (b"x-file-name", named),
            ]
            picture = chance.choice((b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"%PDF-1.4", b""))
            return query, [*headers, *sent], picture + chance.randbytes(40)
        message: dict[str, Any] = {"id": self._id(chance), "after": 0}
        if chance.random() < 0.7:
            message["text"] = text(chance)
        else:
            message |= {"button": chance.choice((*_BEGIN, text(chance))), "label": text(chance)}
        if chance.random() < 0.6:
            message = spoilt(message, chance)
        written = json.dumps(message, ensure_ascii=chance.random() < 0.5)
        return query, [*headers, _JSON], written.encode("utf-8", "surrogatepass")

    def _event(self, path: str, chance: random.Random) -> tuple[bytes, Headers, bytes]:
        """An event, signed nine times out of ten."""
        event: Any = {
            "type": chance.choice(_EVENT_TYPES),
            "at": "2026-11-20T09:00:00+08:00",
            "reason": text(chance),
            "code": "R18",
            "filing_number": "苏ICP备2026000001号-1",
        }
        event = spoilt(event, chance) if chance.random() < 0.8 else event
        content = json.dumps(event, ensure_ascii=True)
        at, call = datetime.now(UTC), f"evt_{self._number}"
        signed = content if chance.random() < 0.7 else path
        headers = [
            _HOST,
            _JSON,
            (b"webhook-id", call.encode()),
            (b"webhook-timestamp", str(int(at.timestamp())).encode()),
            (b"webhook-signature", Webhook(SECRET).sign(call, at, signed).encode()),
        ]
        return b"", headers, content.encode()

    def _id(self, chance: random.Random) -> str:
        plain = str(UUID(int=2**120 + self._number))
        return plain if chance.random() < 0.9 else spoilt_text(plain, chance)


_FORM: Final = b"application/x-www-form-urlencoded"
