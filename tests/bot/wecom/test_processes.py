"""Several processes on one database, some of which die: each message counts once, in its order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SimulatedClock
from bot.testing.wecom import Customer, FakeWeCom
from bot.wecom.core import LEASE
from bot.wecom.service import Stored, WeComService, open_wecom
from dialogs.message import Identity
from dialogs.ports import Entry
from storage.crypto import MasterKey
from storage.migrate import upgrade
from storage.ports import Stores
from storage.stores import StoreSettings, open_stores
from tests.bot.wecom.parrot import Stubborn
from tests.bot.wecom.running import START, config_for

PEOPLE, EACH = 8, 4


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'beian.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))


@asynccontextmanager
async def process(
    url: str, folder: Path, wecom: FakeWeCom, clock: SimulatedClock
) -> AsyncIterator[tuple[WeComService, Stores]]:
    """A process of its own as far as the database can tell; it dies with the context."""
    stores = await open_stores(StoreSettings(url, folder), MasterKey(bytes(32)), clock)
    stored = Stored(stores.outbox, stores.transcript, stores.wechat, stores.wecom)
    parrot = Stubborn(stores.cases, clock)
    try:
        async with open_wecom(config_for(wecom), parrot, stored, clock) as service:
            running = asyncio.create_task(service.run(asyncio.Event()))
            try:
                yield service, stores
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
    finally:
        await stores.close()


async def test_processes_that_die_lose_nothing_and_repeat_nothing(url: str, tmp_path: Path) -> None:
    await upgrade(url)
    clock = SimulatedClock(START)
    async with FakeWeCom(now=clock, patience=60) as wecom:
        wecom.corp.page = 10
        people = [Customer(wecom.corp, number) for number in range(PEOPLE)]
        told = wecom.corp.sync_tokens

        async def say(number: int) -> None:
            clock.advance(timedelta(seconds=3))
            for each in people:
                await each.say(f"第{number}条")

        async with process(url, tmp_path, wecom, clock) as (first, _):
            async with process(url, tmp_path, wecom, clock) as (second, _):
                for number in range(EACH - 2):
                    await say(number)
                    for service in (first, second, first):
                        service.puller.told(wecom.corp.accounts[0], list(told)[-1])
                await people[0].wait_for(lambda shown: len(shown) > 0, patience=30)
            await say(EACH - 2)  # the second died, with what it had in hand
            first.puller.told(wecom.corp.accounts[0], list(told)[-1])
        await say(EACH - 1)  # nobody listens
        clock.advance(LEASE * 3)
        async with process(url, tmp_path, wecom, clock) as (third, stores):
            third.puller.told(wecom.corp.accounts[0], list(told)[-1])
            for each in people:
                identity = Identity("wecom", each.external_id)
                async with asyncio.timeout(60):
                    while len(heard := await _heard(stores, identity)) < EACH:
                        await asyncio.sleep(0.05)
                assert heard == [f"第{number}条" for number in range(EACH)]
        assert wecom.corp.outside_the_rules() == []


async def test_what_a_process_died_over_is_sent_under_its_id_by_another_and_shown_once(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: object) -> None:
        raise asyncio.CancelledError  # after WeCom took it, before that is noted

    await upgrade(url)
    clock = SimulatedClock(START)
    async with FakeWeCom(now=clock, patience=60) as wecom:
        customer = Customer(wecom.corp)
        identity = Identity("wecom", customer.external_id)
        async with process(url, tmp_path, wecom, clock) as (first, stores):
            monkeypatch.setattr(stores.outbox, "delivered", killed)
            await customer.say("你好")
            first.puller.told(wecom.corp.accounts[0], list(wecom.corp.sync_tokens)[-1])
            await customer.wait_for_text("听到：你好", patience=30)
        clock.advance(LEASE * 3)
        async with process(url, tmp_path, wecom, clock) as (_, stores):
            async with asyncio.timeout(30):
                while (await _said(stores, identity))[-1].status != "sent":
                    await asyncio.sleep(0.05)
        assert len(await customer.messages()) == 1
        [repeat] = wecom.corp.repeats()
        assert repeat.params["msgid"] == (await customer.messages())[0].msgid
        assert customer.profile.left == 4


async def _said(stores: Stores, identity: Identity) -> list[Entry]:
    entries = await stores.transcript.latest(identity, 100)
    return [entry for entry in entries if entry.said is not None]


async def _heard(stores: Stores, identity: Identity) -> list[str]:
    entries = await stores.transcript.latest(identity, 100)
    return [entry.heard for entry in entries if entry.heard is not None]
