"""Several processes on one database: each delivery counts once, whoever gets its copies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bot.wechat.service import Stored, WeChatConfig, open_wechat
from dialogs.message import Identity, Inbound
from dialogs.ports import StaleCase
from storage.crypto import MasterKey
from storage.migrate import upgrade
from storage.stores import StoreSettings, open_stores
from tests.bot.wechat.posting import AES_KEY, APP_ID, PERSON, TOKEN, Posting, said
from tests.bot.wechat.running import Parrot, Turn

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STAMP = int(NOW.timestamp())


class Stubborn(Parrot):
    """Takes a turn again that another process was quicker with, as the assistant does."""

    async def handle(self, inbound: Inbound) -> Turn:  # type: ignore[override]  # says more
        """See ``Parrot``."""
        for _ in range(8):
            with suppress(StaleCase):
                return await super().handle(inbound)
        raise StaleCase("another process is busy")


@asynccontextmanager
async def process(
    url: str, folder: Path, patience: float = 60
) -> AsyncIterator[tuple[Posting, Parrot]]:
    """A process of its own as far as the database can tell."""
    stores = await open_stores(StoreSettings(url, folder), MasterKey(bytes(32)), lambda: NOW)
    parrot = Stubborn(stores.cases, lambda: NOW)
    config = WeChatConfig(
        APP_ID, "secret", TOKEN, (AES_KEY,), "http://127.0.0.1:1", patience=patience
    )
    stored = Stored(stores.outbox, stores.transcript, stores.wechat)
    try:
        async with open_wechat(config, parrot, stored, lambda: NOW) as service:
            app = FastAPI()
            app.include_router(service.router)
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://bot.test") as http:
                yield Posting(http, NOW), parrot
            await service.core.finish()  # a turn that nobody waits for any more
            sending = [one for one in asyncio.all_tasks() if one.get_name() == "delivery"]
            await asyncio.gather(*sending)  # nobody is there to send to; they note it and end
    finally:
        await stores.close()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'beian.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))


async def test_copies_at_several_processes_have_one_effect_and_one_answer(
    url: str, tmp_path: Path
) -> None:
    await upgrade(url)
    async with AsyncExitStack() as stack:
        both = [await stack.enter_async_context(process(url, tmp_path)) for _ in range(2)]
        for number in range(5):
            document = said(f"第{number}条", str(number + 1), at=STAMP)
            copies = [wechat.reply(document) for wechat, _ in both for _ in range(3)]
            replies = await asyncio.gather(*copies)
            told = {reply["Content"] for reply in replies if reply is not None}
            assert told == {f"听到：第{number}条\n\n1. 好\n2. 不好\n（回复数字就能选）"}
            assert None not in replies
        heard = [inbound.text for _, parrot in both for inbound in parrot.heard]
        assert sorted(str(text) for text in heard) == [f"第{number}条" for number in range(5)]
    async with process(url, tmp_path) as (wechat, parrot):  # after a restart
        again = await wechat.reply(said("第0条", "1", at=STAMP))
        assert again is not None and str(again["Content"]).startswith("听到：第0条")
        assert parrot.heard == []
        case = await parrot.case(Identity("wechat", PERSON))
        assert case.version == 5


async def test_what_a_copy_was_acknowledged_without_is_said_by_message(
    url: str, tmp_path: Path
) -> None:
    await upgrade(url)
    document, go_on = said("你好", at=STAMP), asyncio.Event()

    async def think(inbound: Inbound) -> None:
        await go_on.wait()

    async with (
        process(url, tmp_path) as (patient, slow),
        process(url, tmp_path, patience=0.05) as (hasty, stuck),
    ):
        slow.think = stuck.think = think
        waiting = asyncio.create_task(patient.reply(document))
        assert await hasty.reply(document) is None
        go_on.set()
        assert await waiting is None  # WeChat would not show a reply any more
        assert len(slow.heard) + len(stuck.heard) == 1
        assert await patient.reply(document) is None
