"""The dialogue inside a bot an operator already has, with either library."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.types import Message
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, CommandHandler

from bot.clock import real_clock
from bot.sending import UNPACED
from bot.telegram import aiogram_bot, ptb_bot
from bot.telegram.service import Library
from bot.telegram.translate import Said, translate
from bot.testing.telegram import FakeBot, FakeTelegram, Group, Person
from dialogs.message import Inbound
from storage.memory import memory_stores
from storage.ports import Stores
from tests.bot.telegram.parrot import Parrot
from tests.bot.telegram.running import TOKEN, until

Embedding: TypeAlias = Callable[[Parrot, Stores], Any]


@asynccontextmanager
async def in_aiogram(telegram: FakeTelegram, parrot: Parrot, stores: Stores) -> AsyncIterator[None]:
    """An aiogram bot with a command of its own and one handler that fails."""
    server = TelegramAPIServer.from_base(telegram.base_url)
    bot = Bot(TOKEN, session=AiohttpSession(api=server))
    dispatcher = Dispatcher()

    async def price(message: Message) -> None:
        await message.answer("一分钱")

    async def broken(message: Message) -> None:
        raise RuntimeError("an operator's own mistake")

    dispatcher.message.register(price, Command("price"))
    dispatcher.message.register(broken, Command("broken"))
    dispatcher.include_router(aiogram_bot.router(parrot, stores.outbox, pace=UNPACED))
    stop = asyncio.Event()
    task = asyncio.create_task(aiogram_bot.poll(dispatcher, bot, stop, long_poll=1))
    yield
    stop.set()
    await task


@asynccontextmanager
async def in_ptb(telegram: FakeTelegram, parrot: Parrot, stores: Stores) -> AsyncIterator[None]:
    """The same with python-telegram-bot."""
    application = (
        ApplicationBuilder()
        .token(TOKEN)
        .base_url(f"{telegram.base_url}/bot")
        .concurrent_updates(True)
        .build()
    )

    async def price(update: Update, _context: Any) -> None:
        assert update.message
        await update.message.reply_text("一分钱")

    async def broken(update: Update, _context: Any) -> None:
        raise RuntimeError("an operator's own mistake")

    application.add_handler(CommandHandler("price", price))
    application.add_handler(CommandHandler("broken", broken))
    application.add_handlers(ptb_bot.handlers(parrot, stores.outbox, pace=UNPACED))
    stop = asyncio.Event()
    task = asyncio.create_task(ptb_bot.poll(application, stop, long_poll=1))
    yield
    stop.set()
    await task


@pytest.fixture
def embedded(
    telegram: FakeTelegram, bot: FakeBot, library: Library
) -> Callable[[Parrot, Stores], Any]:
    """Starts the operator's bot with the dialogue in it."""
    start = in_aiogram if library == "aiogram" else in_ptb
    return lambda parrot, stores: start(telegram, parrot, stores)


async def test_the_operators_own_commands_and_the_dialogue_live_side_by_side(
    embedded: Embedding, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)
    parrot = Parrot(stores.cases)
    person = Person(bot)
    async with embedded(parrot, stores):
        await person.say("/price")
        await person.wait_for_text("一分钱")
        await person.say("/broken")
        await person.say("你好")
        asked = await person.wait_for_text("听到：你好")
        await person.press(asked, "好")
        await person.wait_for_text("听到：yes")
        await person.block()
        await bot.updates.emptied(30)
    assert [one.words for one in parrot.heard] == ["你好", "好"]


async def test_groups_and_foreign_keys_are_left_to_the_operator(
    embedded: Embedding, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)
    parrot = Parrot(stores.cases)
    person, group = Person(bot), Group(bot, -100200300)
    async with embedded(parrot, stores):
        await group.say(person, "大家好")
        await person.say("你好")
        asked = await person.wait_for_text("听到：你好")
        await person.press_data(asked, "operators own key")
        await bot.updates.emptied(30)
    assert [one.text for one in parrot.heard] == ["你好"]
    assert await group.messages() == ()
    assert bot.called("answerCallbackQuery") == []


async def test_embedded_too_an_update_is_confirmed_after_its_turn_only(
    embedded: Embedding, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)
    tries: list[str] = []

    async def think(inbound: Inbound) -> None:
        tries.append(inbound.text or "")
        if tries.count("二") == 1 and inbound.text == "二":
            raise OSError("the database is away")

    parrot, person = Parrot(stores.cases, think=think), Person(bot)
    for text in "一二三":
        await person.say(text)
    async with embedded(parrot, stores):
        await person.wait_for_text("听到：三")
        await bot.updates.emptied(30)
    assert tries == ["一", "二", "二", "三"]
    assert [one.text for one in await person.messages()] == ["听到：一", "听到：二", "听到：三"]


async def test_replies_of_the_process_before_are_delivered_at_the_start(
    embedded: Embedding, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)
    parrot, person = Parrot(stores.cases), Person(bot)
    await person.say("你好")
    [update] = bot.updates.waiting
    bot.updates.confirm(update)
    event = translate(update, real_clock())
    assert isinstance(event, Said)
    await parrot.handle(event.inbound)
    async with embedded(parrot, stores):
        await person.wait_for_text("听到：你好")


async def test_an_update_nobody_can_read_is_passed_over(embedded: Embedding, bot: FakeBot) -> None:
    stores = memory_stores(real_clock)
    parrot, person = Parrot(stores.cases), Person(bot)
    bot.updates.put({"update_id": 1, "message": "not a message"})
    bot.updates.put({"update_id": 2, "message": {"message_id": "x"}})
    bot.updates.jump(3)
    async with embedded(parrot, stores):
        await person.say("还在吗")
        await person.wait_for_text("听到：还在吗")
        await bot.updates.emptied(30)


async def test_with_the_librarys_own_polling_delivery_begins_with_the_first_update(
    telegram: FakeTelegram, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)
    parrot, person = Parrot(stores.cases), Person(bot)
    application = ApplicationBuilder().token(TOKEN).base_url(f"{telegram.base_url}/bot").build()
    [handler] = ptb_bot.handlers(parrot, stores.outbox, pace=UNPACED)
    application.add_handler(handler)
    async with application:
        await _run(application, person)
    assert isinstance(handler, ptb_bot.DialogueHandler)
    await handler.attached.end()
    assert not parrot.couriers


async def _run(application: Application[Any, Any, Any, Any, Any, Any], person: Person) -> None:
    assert application.updater
    await application.updater.start_polling(timeout=1)
    await application.start()
    await person.say("你好")
    await person.wait_for_text("听到：你好")
    await application.updater.stop()
    await application.stop()


async def test_with_aiograms_own_polling_it_starts_and_stops_with_the_dispatcher(
    telegram: FakeTelegram, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)
    parrot, person = Parrot(stores.cases), Person(bot)
    server = TelegramAPIServer.from_base(telegram.base_url)
    operators = Bot(TOKEN, session=AiohttpSession(api=server))
    dispatcher = Dispatcher()
    dispatcher.include_router(aiogram_bot.router(parrot, stores.outbox, pace=UNPACED))
    polling = asyncio.create_task(
        dispatcher.start_polling(
            operators, handle_as_tasks=False, handle_signals=False, polling_timeout=1
        )
    )
    await person.say("你好")
    await person.wait_for_text("听到：你好")
    await until(lambda: len(parrot.couriers) == 1)
    await dispatcher.stop_polling()
    await polling
    assert not parrot.couriers
