"""The demonstration's stage: the whole assistant in memory, the fakes, and three people on them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import httpx
from fastapi import FastAPI

from bot.attachments import reader_of
from bot.chat_json import JsonChat
from bot.clock import SimulatedClock
from bot.demo.actors import Actor, OnTelegram, OnWeb
from bot.demo.cast import Part, read_cast
from bot.demo.director import Director, Pace, Role
from bot.pacing import Rate
from bot.settings import Settings
from bot.telegram.service import TelegramConfig, TelegramService, open_telegram
from bot.telegram.translate import CHANNEL as TELEGRAM
from bot.testing.telegram import FakeBot, FakeTelegram, Person
from bot.testing.wechat import FakeWeChat, Follower
from bot.web.app import create_app
from bot.web.config import WebConfig
from bot.web.identity import CHANNEL as WEB
from bot.wiring import Program, open_program
from dialogs.message import Identity
from dialogs.world import SHANGHAI
from scheduler.ladder import Reach
from scheduler.sweep import Sweep

START: Final = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
TOKEN: Final = "1000:rehearsal-only-nobodys-token"
BROWSER: Final = "demonstration-visitor-0000000000"
"""The browser id of the web page's visitor: whoever opens the demonstration is that visitor."""

_UNHURRIED = Rate(1e6, 1e6)


@dataclass(slots=True)
class Stage:
    """Everything that plays, while it plays."""

    program: Program
    web: FastAPI
    telegram: FakeTelegram
    bot: FakeBot
    person: Person
    service: TelegramService
    director: Director
    wechat: FakeWeChat | None = None
    follower: Follower | None = None

    async def settled(self) -> None:
        """Wait until everything said is answered and everything answered is delivered."""
        await self.bot.updates.emptied(30)
        await self.service.core.finish()
        await self.service.delivery.settled()


@asynccontextmanager
async def open_stage(home: Path, pace: Pace | None = None) -> AsyncIterator[Stage]:
    """The stage with everybody in place; the director has not begun."""
    clock = SimulatedClock(START)
    settings = Settings(_env_file=None, home=home)
    async with AsyncExitStack() as stack:
        program = await stack.enter_async_context(open_program(settings, clock, in_memory=True))
        telegram = await stack.enter_async_context(FakeTelegram())
        bot = telegram.add_bot(TOKEN)
        bot.now = lambda: clock.now.timestamp()
        service = await stack.enter_async_context(_telegram(program, telegram))
        web = create_app(
            WebConfig(person=_UNHURRIED, address=_UNHURRIED, provider=provider_names(program)),
            assistant=program.assistant,
            transcript=program.stores.transcript,
            files=program.receiver,
            kept=reader_of(program.stores.files),
        )
        person = Person(bot, language="en")
        client = await stack.enter_async_context(_visitor(web))
        actors: dict[str, Actor] = {
            WEB: OnWeb(client, _visitor_identity(), "zh-CN"),
            TELEGRAM: OnTelegram(person, Identity(TELEGRAM, str(person.number))),
        }
        sweep = Sweep(
            program.assistant,
            program.stores.reminders,
            clock,
            Reach(frozenset({TELEGRAM}), frozenset(), attended=frozenset({WEB})),
        )
        roles = tuple(
            _role(program, clock, part, actors[part.channel])
            for part in read_cast()
            if part.channel in actors
        )
        wording = program.world.wording

        async def settled() -> None:
            await stage.settled()

        director = Director(
            roles,
            clock,
            sweep,
            settled,
            lambda locale: wording.say("button.type_here", locale),
            pace or Pace(),
        )
        stage = Stage(program, web, telegram, bot, person, service, director)
        yield stage


def provider_names(program: Program) -> dict[str, str]:
    """The provider's short name by locale."""
    return dict(program.world.provider.short_names)


@asynccontextmanager
async def _telegram(program: Program, server: FakeTelegram) -> AsyncIterator[TelegramService]:
    """The channel at work."""
    config = TelegramConfig(TOKEN, server.base_url, long_poll=2)
    async with open_telegram(
        config,
        program.assistant,
        program.stores.outbox,
        program.assistant.clock,
        kept=reader_of(program.stores.files),
        contacts=program.stores.contacts,
    ) as service:
        stop = asyncio.Event()
        running = asyncio.create_task(service.run(stop), name="demo-telegram")
        try:
            yield service
        finally:
            stop.set()
            await asyncio.wait({running}, timeout=10)


@asynccontextmanager
async def _visitor(web: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    address = "http://demonstration.local"
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(web),
        base_url=address,
        cookies={"beian": BROWSER},
        headers={"Origin": address},
        timeout=60,
    ) as client:
        yield client


def _visitor_identity() -> Identity:
    return Identity(WEB, sha256(BROWSER.encode()).hexdigest()[:40])


def _role(program: Program, clock: SimulatedClock, part: Part, actor: Actor) -> Role:
    chat = JsonChat.of(program, clock, actor.identity, part.locale)
    return Role(part, actor, chat)
