"""The demonstration's stage: the whole assistant in memory, the fakes, and four people on them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from bot.chat_json import JsonChat
from bot.clock import SimulatedClock
from bot.demo.actors import Actor, OnTelegram, OnWeb, OnWeChat, OnWeCom
from bot.demo.cast import read_cast
from bot.demo.channels import (
    BROWSER,
    TOKEN,
    WeChatAtWork,
    telegram_at_work,
    visitor_of,
    web_channel,
    wechat_at_work,
    wecom_at_work,
)
from bot.demo.director import Director, Pace, Role
from bot.settings import Settings
from bot.telegram.service import TelegramService
from bot.telegram.translate import CHANNEL as TELEGRAM
from bot.testing.telegram import FakeBot, FakeTelegram, Person
from bot.testing.wechat import FakeAccount, FakeWeChat, Follower
from bot.testing.wecom import Customer, FakeWeCom
from bot.web.identity import CHANNEL as WEB
from bot.wechat.translate import CHANNEL as WECHAT
from bot.wecom.service import WeComService
from bot.wecom.translate import CHANNEL as WECOM
from bot.wiring import Program, open_program
from dialogs.message import Identity
from dialogs.world import SHANGHAI
from scheduler.ladder import Reach
from scheduler.notices import WECHAT_TEMPLATE
from scheduler.sweep import Sweep

START: Final = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Telegram:
    """The Telegram side."""

    service: TelegramService
    bot: FakeBot
    person: Person

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        await self.bot.updates.emptied(30)
        await self.service.core.finish()
        await self.service.delivery.settled()


@dataclass(frozen=True, slots=True)
class WeChat:
    """The WeChat side."""

    work: WeChatAtWork
    server: FakeWeChat
    follower: Follower

    @property
    def account(self) -> FakeAccount:
        """The service account."""
        return self.server.account

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        await self.server.callbacks.settled()
        await self.work.settled()


@dataclass(frozen=True, slots=True)
class WeCom:
    """The side of WeCom customer service."""

    service: WeComService
    server: FakeWeCom
    customer: Customer

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        await self.server.callbacks.settled()
        await self.service.settled()


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that plays, while it plays."""

    program: Program
    web: FastAPI
    telegram: Telegram
    wechat: WeChat
    wecom: WeCom
    director: Director


@asynccontextmanager
async def open_stage(home: Path, pace: Pace | None = None) -> AsyncIterator[Stage]:
    """The stage with everybody in place; the director has not begun."""
    clock = SimulatedClock(START)
    settings = Settings(_env_file=None, home=home)
    async with AsyncExitStack() as stack:
        program = await stack.enter_async_context(open_program(settings, clock, in_memory=True))
        telegram = await stack.enter_async_context(_telegram(program, clock))
        wechat = await stack.enter_async_context(_wechat(program, clock))
        wecom = await stack.enter_async_context(_wecom(program, clock))
        web = web_channel(program)
        client = await stack.enter_async_context(visitor_of(web))
        visitor = Identity(WEB, sha256(BROWSER.encode()).hexdigest()[:40])
        number, openid = str(telegram.person.number), wechat.follower.openid
        actors: dict[str, Actor] = {
            WEB: OnWeb(client, visitor, "zh-CN"),
            TELEGRAM: OnTelegram(telegram.person, Identity(TELEGRAM, number)),
            WECHAT: OnWeChat(wechat.follower, Identity(WECHAT, openid)),
            WECOM: OnWeCom(wecom.customer, Identity(WECOM, wecom.customer.external_id)),
        }
        pushing = frozenset({TELEGRAM, WECHAT, WECHAT_TEMPLATE, WECOM})
        reach = Reach(pushing, frozenset(), attended=frozenset({WEB}))
        sweep = Sweep(program.assistant, program.stores.reminders, clock, reach)
        roles = tuple(
            Role(part, actor, JsonChat.of(program, clock, actor.identity, part.locale))
            for part in read_cast()
            for actor in (actors[part.channel],)
        )

        async def settled() -> None:
            await telegram.settled()
            await wechat.settled()
            await wecom.settled()

        def typing_consent(locale: str) -> str:
            return program.world.wording.say("button.type_here", locale)

        director = Director(roles, clock, sweep, settled, typing_consent, pace or Pace())
        yield Stage(program, web, telegram, wechat, wecom, director)


@asynccontextmanager
async def _telegram(program: Program, clock: SimulatedClock) -> AsyncIterator[Telegram]:
    async with FakeTelegram() as server:
        bot = server.add_bot(TOKEN)
        bot.now = lambda: clock.now.timestamp()
        async with telegram_at_work(program, server) as service:
            yield Telegram(service, bot, Person(bot, language="en"))


@asynccontextmanager
async def _wechat(program: Program, clock: SimulatedClock) -> AsyncIterator[WeChat]:
    async with FakeWeChat(now=clock) as server, wechat_at_work(program, server) as work:
        yield WeChat(work, server, Follower(server.account))


@asynccontextmanager
async def _wecom(program: Program, clock: SimulatedClock) -> AsyncIterator[WeCom]:
    async with FakeWeCom(now=clock) as server, wecom_at_work(program, server) as service:
        yield WeCom(service, server, Customer(server.corp))
