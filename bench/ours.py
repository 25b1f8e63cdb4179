"""The assistant with everything on: updates read, turns committed on disk, replies delivered."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from pydantic import SecretStr
from sqlalchemy import func, select

from bench.contestant import Bot
from bench.form import QUESTIONS
from bench.peers.aiogram_edge import local_bot
from bench.platform import TOKEN, Platform
from bot.memory import keep_what_is_loaded
from bot.pacing import Rate
from bot.sending import UNPACED, Delivery
from bot.settings import Settings
from bot.telegram.aiogram_client import AiogramClient
from bot.telegram.core import TelegramCore
from bot.telegram.sender import TelegramSender
from bot.telegram.translate import CHANNEL, Said, translate
from bot.wiring import new_assistant, open_stores
from bot.world import load_world
from dialogs.assistant import Assistant, Handled
from dialogs.case import Case
from dialogs.flow import Flow, Step
from dialogs.message import Identity, Inbound
from dialogs.world import World
from storage.opening import open_database
from storage.ports import Stores
from storage.tables import answer

_DAY = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""The day on which the conversations take place: the dates in them suit it."""

_UNLIMITED = Rate(1e9, 1e9)


WorldOf = Callable[[World], World]


@dataclass(slots=True)
class _Listening:
    """The assistant, and how many messages each chat is owed so far."""

    assistant: Assistant
    owed: Counter[int] = field(default_factory=Counter)

    async def handle(self, inbound: Inbound) -> Handled:
        handled = await self.assistant.handle(inbound)
        self.owed[int(inbound.identity.external_id)] += len(handled.outgoing)
        return handled

    async def connect(self, code: str, chat: str) -> bool:
        return await self.assistant.connect(code, chat)

    async def case(self, identity: Identity) -> Case:
        return await self.assistant.case(identity)


@dataclass(frozen=True, slots=True)
class _OnTelegram:
    core: TelegramCore
    listening: _Listening
    platform: Platform
    database: str
    delivery: Delivery
    is_alone: bool = True  # another process might deliver what this one says

    async def feed(self, raw: bytes) -> None:
        update = json.loads(raw)
        chat = update["message"]["chat"]["id"]
        await self.core.take(update)
        if self.is_alone:
            await self.platform.reached(chat, self.listening.owed[chat])

    async def settled(self) -> None:
        """Wait until nothing is left to deliver."""
        await self.delivery.settled()

    async def kept(self) -> int:
        return await answers_in(self.database)


@dataclass(frozen=True, slots=True)
class _TurnsOnly:
    assistant: Assistant
    database: str

    async def feed(self, raw: bytes) -> None:
        said = translate(json.loads(raw), self.assistant.clock())
        assert isinstance(said, Said)
        # The web channel reads replies from the transcript: nothing is delivered.
        identity = replace(said.inbound.identity, channel="web")
        await self.assistant.handle(replace(said.inbound, identity=identity))

    async def kept(self) -> int:
        return await answers_in(self.database)


@asynccontextmanager
async def assistant_form(platform: Platform, folder: Path) -> AsyncIterator[Bot]:
    """See ``Contestant``: the peers' form over Telegram, from update to delivered reply."""
    async with on_telegram(platform, _settings(folder), _asking_the_form) as bot:
        yield bot


@asynccontextmanager
async def form_on(url: str, platform: Platform, folder: Path) -> AsyncIterator[Bot]:
    """The same on any database; ``folder`` has the key."""
    async with on_telegram(platform, _settings(folder, url), _asking_the_form) as bot:
        yield bot


@asynccontextmanager
async def form_beside(url: str, platform: Platform, folder: Path) -> AsyncIterator[Bot]:
    """The same beside other processes: an update is handled when its turn is committed."""
    async with on_telegram(platform, _settings(folder, url), _asking_the_form) as bot:
        yield replace(bot, is_alone=False)


@asynccontextmanager
async def assistant_filing(platform: Platform, folder: Path) -> AsyncIterator[Bot]:
    """See ``Contestant``: a whole first filing, all its questions, checks and the review."""
    async with on_telegram(platform, _settings(folder), lambda world: world) as bot:
        yield bot


@asynccontextmanager
async def assistant_turns(platform: Platform, folder: Path) -> AsyncIterator[Bot]:
    """See ``Contestant``: the peers' form until each turn is committed, without delivery."""
    settings = _settings(folder)
    async with open_stores(settings, _clock) as stores:
        assistant = _assistant(settings, stores, _asking_the_form)
        keep_what_is_loaded()
        yield _TurnsOnly(assistant, settings.database)


@asynccontextmanager
async def on_telegram(
    platform: Platform, settings: Settings, world_of: WorldOf
) -> AsyncIterator[_OnTelegram]:
    """The assistant behind a platform, on the database of the settings."""
    async with open_stores(settings, _clock) as stores:
        listening = _Listening(_assistant(settings, stores, world_of))
        client = AiogramClient(local_bot(platform))
        core = TelegramCore(listening, stores.outbox, client, _clock, flood=_UNLIMITED)
        delivery = Delivery(stores.outbox, TelegramSender(client), _clock, UNPACED)
        listening.assistant.couriers[CHANNEL] = delivery.take_over
        stop = asyncio.Event()
        delivering = asyncio.create_task(delivery.run(stop))
        keep_what_is_loaded()
        yield _OnTelegram(core, listening, platform, settings.database, delivery)
        stop.set()
        await delivering


async def answers_in(url: str) -> int:
    """How many answers are on disk, seen from outside."""
    database = open_database(url)
    count = select(func.count()).select_from(answer)
    found = await database.read(lambda connection: connection.execute(count).scalar())
    await database.close()
    return found or 0


def _settings(folder: Path, url: str | None = None) -> Settings:
    return Settings(
        home=folder,
        database_url=url or f"sqlite+aiosqlite:///{folder / 'beian.db'}",
        telegram_token=SecretStr(TOKEN),
    )


def _assistant(settings: Settings, stores: Stores, world_of: WorldOf) -> Assistant:
    # Every word may be typed here: the peers know no other way.
    world = replace(world_of(load_world(settings)), cautious_channels=frozenset())
    return new_assistant(settings, world, _clock, stores)


def _asking_the_form(world: World) -> World:
    """The world with a flow of the form's questions alone, and the review at its end."""
    first = world.flows[world.first_flow]
    asked = (_alone(first[question.key]) for question in QUESTIONS)
    review = replace(_alone(first["confirm"]), closes=True)
    return replace(world, flows={first.name: Flow(first.name, first.version, (*asked, review))})


def _alone(step: Step) -> Step:
    """A question that rests on no other."""
    return replace(
        step, when=(), needs=(), required_when=(), derive=None, suggest=None, optional=False
    )


def _clock() -> datetime:
    return _DAY + timedelta(seconds=monotonic())
