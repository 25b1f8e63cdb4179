"""The applicants' application with every route `beian serve` adds to it, on stores in memory."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI
from starlette.requests import Request

from bot.api.filing_events import FilingEvents
from bot.api.routes import api_router
from bot.api.signing import Signatures
from bot.attachments import reader_of
from bot.clock import real_clock
from bot.letters.handing import LetterDesk
from bot.materials.isolated import Decoder
from bot.materials.receiving import Receiver
from bot.metrics import Metrics
from bot.pacing import Buckets, Rate
from bot.privacy.copies import Copies
from bot.privacy.papers import Notice
from bot.telegram.webhook import webhook_router
from bot.tencent.crypto import MessageKey
from bot.tencent.doorkeeper import Doorkeeper
from bot.web.app import create_app
from bot.web.calendar import calendar_router
from bot.web.config import WebConfig
from bot.web.form_desk import FormDesk
from bot.web.identity import Visitors
from bot.wechat.callback import Answer
from bot.wechat.callback import callback_router as wechat_router
from bot.wechat.consents import ConsentPage, consent_router
from bot.wechat.handing import FileLinks, file_router
from bot.wecom.callback import callback_router as wecom_router
from dialogs.assistant import Assistant
from dialogs.message import Identity, Inbound
from dialogs.world import World
from storage.memory import memory_stores
from storage.ports import Stores
from tests.bot.api.calling import SECRET
from tests.bot.web.real import PUBLIC_URL, SETTINGS, real_assistant

NO_LIMIT = Rate(1e9, 1e9)
CALLBACK = "a-token-of-these-tests"
SEAL = MessageKey.of("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx0123456789abcdef")
"""What WeChat's and WeCom's callbacks are signed and sealed with."""

LINKS = "a-secret-of-these-tests"
"""What addresses of files in WeChat's messages are signed with."""

TO_A_FORM = (
    "cmd:resume",
    "answer:consent_processing:agree",
    "answer:prerequisites:ready",
    "answer:subject_kind:individual",
    "answer:cert_type:id_card",
    "answer:consent_sensitive:agree",
)


@dataclass
class Served:
    """The application, the assistant behind it and what it keeps."""

    app: FastAPI
    assistant: Assistant
    stores: Stores
    told: list[str]  # which channels' callbacks got through


def served(world: World) -> Served:
    """All of it; nobody is too fast."""
    stores = memory_stores(real_clock)
    assistant = real_assistant(world, real_clock, stores)
    told: list[str] = []
    app = application(assistant, stores, Decoder(4_000_000), told)
    return Served(app, assistant, stores, told)


def application(assistant: Assistant, stores: Stores, decoder: Decoder, told: list[str]) -> FastAPI:
    """The web application with all that `beian serve` may add.

    ``told`` hears which platform's callback was let in, which is all that becomes of it.
    """
    receiver = Receiver(stores.files, decoder)
    letters = LetterDesk(assistant)
    copies = Copies(assistant.case, stores, assistant.world, assistant.clock)
    kept = reader_of(stores.files)
    app = create_app(
        WebConfig(person=NO_LIMIT, address=NO_LIMIT, form=NO_LIMIT, uploads=NO_LIMIT),
        assistant=assistant,
        transcript=stores.transcript,
        files=receiver,
        kept=kept,
        forms=FormDesk(assistant, stores.forms, receiver, stores.files, letters, copies),
        letters=letters,
        copies=copies,
        notice=Notice(SETTINGS, assistant.world, real_clock),
    )

    async def take_update(update: object) -> None:
        told.append("telegram")

    async def take_callback(fields: object) -> Answer:
        told.append("wechat")
        return Answer()

    door = Doorkeeper(CALLBACK, (SEAL,), real_clock)
    rates = Buckets(NO_LIMIT, lambda: 0.0)
    events = FilingEvents(assistant, stores.filings, stores.receipts)
    page = ConsentPage("wx0123456789abcdef", _ticket, ("once-a",), PUBLIC_URL, real_clock)
    for router in (
        webhook_router(take_update, CALLBACK),
        wechat_router(take_callback, door),
        wecom_router(lambda account, token: told.append("wecom"), door),
        api_router(events, Signatures(SECRET), rates, Metrics()),
        calendar_router(stores, assistant.world, real_clock, rates),
        consent_router(page),
        file_router(FileLinks(PUBLIC_URL, LINKS, real_clock), stores.outbox, kept),
    ):
        app.include_router(router)
    return app


async def _ticket() -> str:
    return "a-ticket"


async def offered_form(assistant: Assistant) -> tuple[Identity, str]:
    """Somebody on Telegram who has been offered a secure form, and its token."""
    who, token = Identity("telegram", "4200000001"), ""
    for button in TO_A_FORM:
        inbound = Inbound(who, uuid4().hex, assistant.clock(), button=button, locale="zh-CN")
        for reply in (await assistant.handle(inbound)).replies:
            for one in reply.buttons:
                token = one.url.rpartition("/")[2] if one.url else token
    assert token
    return who, token


@dataclass
class Visitor:
    """Somebody with a browser of their own, and what it was shown."""

    client: httpx.AsyncClient
    lines: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    async def come(cls, app: FastAPI) -> "Visitor":
        """Open the page."""
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://test")
        await client.get("/")
        return cls(client)

    @property
    def identity(self) -> Identity:
        """As the stores know them."""
        cookie = f"beian={self.client.cookies['beian']}".encode()
        known = Visitors(is_https=False).known(
            Request({"type": "http", "headers": [(b"cookie", cookie)]})
        )
        assert known is not None
        return known

    async def press(self, *values: str) -> None:
        """Press buttons, one after another."""
        for value in values:
            body = {"id": str(uuid4()), "button": value, "label": "x"}
            answer = await self.client.post("/api/v1/chat/messages", json=body)
            assert answer.status_code == 200, answer.text
            self.lines += answer.json()["entries"]
