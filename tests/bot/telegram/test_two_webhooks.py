"""Two webhook processes on one PostgreSQL: one effect for each update, in order for each chat."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from bot.clock import real_clock
from bot.telegram.service import TelegramConfig, open_telegram
from bot.telegram.webhook import PATH
from bot.testing.telegram import FakeBot, FakeTelegram, Person
from dialogs.message import Identity
from storage.crypto import MasterKey
from storage.migrate import upgrade
from storage.ports import Stores
from storage.stores import StoreSettings, open_stores
from tests.bot.telegram.parrot import Stubborn
from tests.bot.telegram.running import TOKEN

PEOPLE, EACH, MOST_COPIES = 4, 4, 3
SECRET = "a-secret_of-this-test"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@asynccontextmanager
async def process(
    url: str, folder: Path, telegram: FakeTelegram
) -> AsyncIterator[tuple[httpx.AsyncClient, Stores]]:
    """A process of its own as far as the database can tell, and its endpoint."""
    stores = await open_stores(StoreSettings(url, folder), MasterKey(bytes(32)), real_clock)
    config = TelegramConfig(
        TOKEN, telegram.base_url, public_url="https://bot.test", webhook_secret=SECRET
    )
    parrot = Stubborn(stores.cases)
    try:
        async with open_telegram(
            config, parrot, stores.outbox, real_clock, paces=stores.paces
        ) as service:
            assert service.router is not None
            app = FastAPI()
            app.include_router(service.router)
            stop = asyncio.Event()
            delivering = asyncio.create_task(service.delivery.run(stop))
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://bot.test") as http:
                yield http, stores
            stop.set()
            await delivering
    finally:
        await stores.close()


async def test_each_update_has_one_effect_in_the_order_of_its_chat(
    empty_postgres_url: str, tmp_path: Path, telegram: FakeTelegram, bot: FakeBot
) -> None:
    await upgrade(empty_postgres_url)
    chance = random.Random()
    people = [Person(bot, number) for number in range(1, PEOPLE + 1)]
    async with (
        process(empty_postgres_url, tmp_path, telegram) as (here, stores),
        process(empty_postgres_url, tmp_path, telegram) as (there, _),
    ):

        async def posted(update: dict[str, Any]) -> None:
            """Let it come once or more, at either, until it is taken once; then once more."""
            at = [chance.choice((here, there)) for _ in range(chance.randint(1, MOST_COPIES))]
            answers = await asyncio.gather(
                *(one.post(PATH, json=update, headers=HEADERS) for one in at)
            )
            assert {one.status_code for one in answers} <= {200, 503}
            if all(one.status_code == 503 for one in answers):
                await posted(update)

        async def write(person: Person) -> None:
            for number in range(EACH):
                await person.say(f"{person.number}-{number}")
                [update] = [one for one in bot.updates.waiting if _is_of(one, person)]
                bot.updates.confirm(update)
                await posted(update)
                if chance.random() < 0.3:  # Telegram did not hear that it was taken
                    await posted(update)

        await asyncio.gather(*(write(one) for one in people))
        for person in people:
            wanted = [f"{person.number}-{number}" for number in range(EACH)]
            identity = Identity("telegram", str(person.number))
            entries = await stores.transcript.latest(identity, 100)
            assert [one.heard for one in entries if one.heard is not None] == wanted
            answers = [f"听到：{one}" for one in wanted]
            await person.wait_for_text(answers[-1], 30)
            assert [one.text for one in await person.messages()] == answers


def _is_of(update: dict[str, Any], person: Person) -> bool:
    return bool(update["message"]["from"]["id"] == person.number)
