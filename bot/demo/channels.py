"""The channels of the demonstration, each at work on a rehearsal server of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Protocol

import httpx
from fastapi import APIRouter, FastAPI

from bot.attachments import reader_of
from bot.letters.handing import LetterDesk
from bot.materials.receiving import Door
from bot.pacing import Rate
from bot.privacy.running import copies_of
from bot.sending import Delivery
from bot.telegram.service import TelegramConfig, TelegramService, open_telegram
from bot.testing.telegram import FakeTelegram
from bot.testing.wechat import FakeWeChat
from bot.testing.wecom import FakeWeCom
from bot.web.app import create_app
from bot.web.config import WebConfig
from bot.web.server import Server
from bot.wechat.callback import PATH as WECHAT_PATH
from bot.wechat.notice_templates import DEFAULT, NoticeTemplates, Template
from bot.wechat.notices import NoticeBook, TemplateSender
from bot.wechat.service import Stored, WeChatConfig, WeChatService, open_wechat
from bot.wecom.callback import PATH as WECOM_PATH
from bot.wecom.service import Stored as WeComStored
from bot.wecom.service import WeComConfig, WeComService, open_wecom
from bot.wiring import Program

TOKEN: Final = "1000:rehearsal-only-nobodys-token"
BROWSER: Final = "demonstration-visitor-0000000000"
"""The browser id of the web page's visitor: whoever opens the demonstration is that visitor."""

TEMPLATE: Final = Template(
    "rehearsal-template-of-nobody",
    {"thing1": "title", "character_string2": "filing", "time3": "due", "thing4": "left"},
)

_UNHURRIED: Final = Rate(1e6, 1e6)
_ENDS_WITHIN: Final = 10.0  # seconds


@asynccontextmanager
async def telegram_at_work(
    program: Program, server: FakeTelegram
) -> AsyncIterator[TelegramService]:
    """Telegram, fetching from the server."""
    config = TelegramConfig(TOKEN, server.base_url, long_poll=2)
    async with open_telegram(
        config,
        program.assistant,
        program.stores.outbox,
        program.assistant.clock,
        kept=reader_of(program.stores.files),
        contacts=program.stores.contacts,
        door=Door(program.assistant, program.receiver),
    ) as service:
        stop = asyncio.Event()
        running = asyncio.create_task(service.run(stop), name="demo-telegram")
        try:
            yield service
        finally:
            stop.set()
            await asyncio.wait({running}, timeout=_ENDS_WITHIN)


@dataclass(frozen=True, slots=True)
class WeChatAtWork:
    """The channel, and the way of its template messages."""

    service: WeChatService
    notices: Delivery

    async def run(self, stop: asyncio.Event) -> None:
        """Answer and deliver until ``stop`` is set."""
        await asyncio.gather(self.service.run(stop), self.notices.run(stop))

    async def settled(self) -> None:
        """Wait until nothing is due."""
        await self.service.core.finish()
        await self.service.delivery.settled()
        await self.notices.settled()


@asynccontextmanager
async def wechat_at_work(program: Program, server: FakeWeChat) -> AsyncIterator[WeChatAtWork]:
    """WeChat, its callbacks taken on a port of their own, with one template for reminders."""
    account, stores, clock = server.account, program.stores, program.assistant.clock
    account.notices.add(TEMPLATE.id, "备案办理提醒", *TEMPLATE.fields)
    templates = NoticeTemplates(follow={DEFAULT: TEMPLATE})
    config = WeChatConfig(
        app_id=account.app_id,
        secret=account.secret,
        token=account.envelope.token,
        aes_keys=(account.envelope.aes_key,),
        api_base=server.base_url,
    )
    async with open_wechat(
        config,
        program.assistant,
        Stored(stores.outbox, stores.transcript, stores.wechat),
        clock,
        door=Door(program.assistant, program.receiver),
        kept=reader_of(stores.files),
        notices=NoticeBook(stores.notice_consents, templates, stores.reminders, clock),
    ) as service:
        sender = TemplateSender(service.client, templates, stores.wechat, clock)
        at_work = WeChatAtWork(service, service.delivery_by(sender))
        async with _answering(service.router, at_work) as address:
            account.callback_url = f"{address}{WECHAT_PATH}"
            yield at_work


@asynccontextmanager
async def wecom_at_work(program: Program, server: FakeWeCom) -> AsyncIterator[WeComService]:
    """WeCom customer service, its callbacks taken on a port of their own."""
    corp, stores, clock = server.corp, program.stores, program.assistant.clock
    config = WeComConfig(
        corp_id=corp.corp_id,
        secret=corp.secret,
        token=corp.envelope.token,
        aes_keys=(corp.envelope.aes_key,),
        accounts=corp.accounts,
        api_base=server.base_url,
    )
    async with (
        open_wecom(
            config,
            program.assistant,
            WeComStored(stores.outbox, stores.transcript, stores.wechat, stores.wecom),
            clock,
            door=Door(program.assistant, program.receiver),
            kept=reader_of(stores.files),
        ) as service,
        _answering(service.router, service) as address,
    ):
        corp.callback_url = f"{address}{WECOM_PATH}"
        yield service


class _Runs(Protocol):
    async def run(self, stop: asyncio.Event) -> None: ...


@asynccontextmanager
async def _answering(router: APIRouter, channel: _Runs) -> AsyncIterator[str]:
    """A channel at work, and the address at which its callbacks are taken."""
    app = FastAPI()
    app.state.closers = ()
    app.include_router(router)
    listening = socket.create_server(("127.0.0.1", 0))
    address, port = listening.getsockname()
    answering = Server(app, address, port)
    stop = asyncio.Event()
    running = {
        asyncio.create_task(answering._serve([listening]), name="demo-callbacks"),
        asyncio.create_task(channel.run(stop), name="demo-channel"),
    }
    try:
        yield f"http://{address}:{port}"
    finally:
        stop.set()
        answering.should_exit = True
        await asyncio.wait(running, timeout=_ENDS_WITHIN)


def web_channel(program: Program) -> FastAPI:
    """The web chat as it is, for one visitor who may write as fast as a script does."""
    return create_app(
        WebConfig(
            person=_UNHURRIED,
            address=_UNHURRIED,
            provider=dict(program.world.provider.short_names),
        ),
        assistant=program.assistant,
        transcript=program.stores.transcript,
        files=program.receiver,
        kept=reader_of(program.stores.files),
        letters=LetterDesk(program.assistant),
        copies=copies_of(program),
    )


@asynccontextmanager
async def visitor_of(web: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The visitor's browser, without the page."""
    address = "http://demonstration.local"
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(web),
        base_url=address,
        cookies={"beian": BROWSER},
        headers={"Origin": address},
        timeout=60,
    ) as client:
        yield client
